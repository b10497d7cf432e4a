"""What can be wrong with a file or with a row of it, in words that tell where, what and how to put it right."""

from dataclasses import asdict, dataclass

from agencies.errors import BusinessError


@dataclass(frozen=True)
class Problem:
    """One error or warning. ``row`` is the row's number as Word or Excel counts it, from 1; None for the whole file.

    ``cell`` is the cell's address in its sheet or table, 'C14': the third column of row 14.
    """

    message: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    fix: str = ""
    cell: str = ""

    @property
    def where(self) -> str:
        """'Trang tính “Phụ lục”, ô C14 (cột Chủ trì)', 'Bảng 2, hàng 5, cột Chủ trì'; '' for the file as a whole."""
        if self.cell and self.sheet.startswith(SHEET):
            return f"{self.sheet}, ô {self.cell}" + (f" (cột {self.column})" if self.column else "")
        parts = [self.sheet, f"hàng {self.row}" if self.row else "", f"cột {self.column}" if self.column else ""]
        where = ", ".join(part for part in parts if part)
        return where[:1].upper() + where[1:]

    @property
    def advice(self) -> str:
        """What and how to put it right, without where."""
        return " ".join(part for part in (self.message, self.fix) if part)

    @property
    def sentence(self) -> str:
        """Where, what and how to put it right, in one line."""
        return f"{self.where}: {self.advice}" if self.where else self.advice

    def as_dict(self) -> dict:
        """For the browser and for JSON."""
        return asdict(self) | {"where": self.where}


SHEET = "Trang tính"  # how the name of a sheet of a workbook begins; a table of a document is "Bảng 2"


class CellError(ValueError):
    """A cell that cannot be understood. ``found`` is a list of (message, fix)."""

    def __init__(self, *found: tuple[str, str]):
        self.found = found
        super().__init__(" ".join(message for message, _fix in found))


class BadFile(BusinessError):
    """The file as a whole cannot be read as an annex. ``problems`` say where, when that is known."""

    status = 422

    def __init__(self, *messages: str, problems: tuple[Problem, ...] = ()):
        super().__init__(*messages)
        self.problems = problems or tuple(Problem(message) for message in messages)


class ImportRefused(BusinessError):
    """Some rows cannot be imported, so nothing was. ``problems`` lists all of them; ``preview`` is what was read."""

    status = 422

    def __init__(self, problems, preview=None):
        self.problems, self.preview = tuple(problems), preview
        super().__init__(
            f"Chưa nhập gì: tệp có {len(self.problems)} lỗi. Sửa trong tệp hoặc ngay trên trang rồi nhập lại.",
            *(problem.sentence for problem in self.problems),
        )

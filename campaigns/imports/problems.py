"""What can be wrong with a file or with a row of it, in words that tell where, what and how to put it right."""

from dataclasses import asdict, dataclass

from agencies.errors import BusinessError


@dataclass(frozen=True)
class Problem:
    """One error or warning. ``row`` is the row's number as Word or Excel counts it, from 1; None for the whole file."""

    message: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    fix: str = ""

    @property
    def where(self) -> str:
        """'Bảng 2, hàng 5, cột Chủ trì'; '' for the file as a whole."""
        parts = [self.sheet, f"hàng {self.row}" if self.row else "", f"cột {self.column}" if self.column else ""]
        where = ", ".join(part for part in parts if part)
        return where[:1].upper() + where[1:]

    @property
    def sentence(self) -> str:
        """Where, what and how to put it right, in one line."""
        body = " ".join(part for part in (self.message, self.fix) if part)
        return f"{self.where}: {body}" if self.where else body

    def as_dict(self) -> dict:
        """For the browser and for JSON."""
        return asdict(self) | {"where": self.where}


class CellError(ValueError):
    """A cell that cannot be understood. ``found`` is a list of (message, fix)."""

    def __init__(self, *found: tuple[str, str]):
        self.found = found
        super().__init__(" ".join(message for message, _fix in found))


class BadFile(BusinessError):
    """The file as a whole cannot be read as an annex."""

    status = 422


class ImportRefused(BusinessError):
    """Some rows cannot be imported, so nothing was. ``problems`` lists all of them; ``preview`` is what was read."""

    status = 422

    def __init__(self, problems, preview=None):
        self.problems, self.preview = tuple(problems), preview
        super().__init__(
            f"Chưa nhập gì: tệp có {len(self.problems)} lỗi. Sửa trong tệp rồi nhập lại.",
            *(problem.sentence for problem in self.problems),
        )

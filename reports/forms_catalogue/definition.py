"""What a statistical form is: plain values, no database, no file format."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Any

# What a form counts: forms of one subject follow each other in time.
SUBJECTS = {
    "pbgdpl": "Kết quả phổ biến, giáo dục pháp luật",
    "to-hoa-giai": "Tổ hòa giải, hòa giải viên",
    "vu-viec-hoa-giai": "Kết quả hòa giải ở cơ sở",
    "khac": "Nội dung khác",
}
CALENDARS = {"thong-ke": "Lịch thống kê", "hanh-chinh": "Lịch hành chính"}
# Whose figures a row holds.
HOLDS = {
    "total": "tổng các dòng",
    "all": "mọi cơ quan",
    "standing": "cơ quan thường trực",
    "others": "các cơ quan khác",
    "none": "cổng không thu số liệu",
}
SEVERITIES = {"error": "lỗi", "warning": "cảnh báo"}
LEVELS = 3  # of headers


@dataclass(frozen=True)
class Column:
    """One column: its code, its headers from the outermost in, its unit, and the indicators it adds up.

    Without an indicator the portal does not collect it: the cells stay empty, to be filled in by hand.
    """

    code: str  # "5", written "(5)"
    path: tuple[str, ...]
    unit: str = ""
    indicators: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """'(5) Tài liệu phát miễn phí – Tổng số'."""
        return f"({self.code}) {' – '.join(self.path)}"


@dataclass(frozen=True)
class Row:
    """One row of the form: whose figures it holds, and whether the agencies are listed under it."""

    code: str
    label: str
    holds: str  # a key of HOLDS
    listed: bool = False


@dataclass(frozen=True)
class Rule:
    """One piece of arithmetic between columns.

    sum: left = Σ right · at_most: left ≤ right · at_least: left ≥ factor × right · zero_if: left = 0 → right = 0.
    """

    kind: str
    left: str
    right: tuple[str, ...]
    severity: str = "error"  # a key of SEVERITIES
    source: str = ""
    factor: int = 1

    @property
    def text(self) -> str:
        """The rule as people write it: '(5) = (6) + (7) + (8)'."""
        parts = [f"({code})" for code in self.right]
        if self.kind == "sum":
            return f"({self.left}) = {' + '.join(parts)}"
        if self.kind == "zero_if":
            return f"({self.left}) = 0 → {parts[0]} = 0"
        if self.kind == "at_most":
            return f"({self.left}) ≤ {parts[0]}"
        return f"({self.left}) ≥ {f'{self.factor} × ' if self.factor != 1 else ''}{parts[0]}"


@dataclass(frozen=True)
class Form:
    """One version of one form, with the dates between which it applies and where all this was read."""

    code: str  # in addresses and commands: "09e"
    form_code: str  # as printed: "09e/BTP/PBGDPL"
    title: str
    circular: str
    subject: str  # a key of SUBJECTS
    calendar: str  # a key of CALENDARS
    effective_from: date | None  # None: the source does not tell
    effective_to: date | None  # last day; None: still in force
    source: str  # the circular, its article and annex, as users are told
    receiver: str = ""
    notes: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    columns: tuple[Column, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether the columns are known; a version without them can be named but not filled in."""
        return bool(self.columns)

    def covers(self, day: date) -> bool:
        """Whether the version applies on the day."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )

    @property
    def dates(self) -> str:
        """'từ 15/05/2019 đến 31/10/2025'."""
        end = f"đến {self.effective_to:%d/%m/%Y}" if self.effective_to else "đến nay"
        if self.effective_from is None:
            return f"{end} (chưa rõ từ ngày nào)"
        return f"từ {self.effective_from:%d/%m/%Y} {end}"

    def column(self, code: str) -> Column:
        """A column by its code. Raises StopIteration for an unknown one."""
        return next(column for column in self.columns if column.code == code)

    def to_json(self) -> dict[str, Any]:
        """The definition as plain JSON; ``from_json`` reads it back unchanged."""
        plain = dataclasses.asdict(self)
        for name in ("effective_from", "effective_to"):
            plain[name] = plain[name].isoformat() if plain[name] else None
        return plain

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Form":
        """The definition that ``to_json`` wrote."""
        given = dict(data)
        for name in ("effective_from", "effective_to"):
            given[name] = date.fromisoformat(given[name]) if given[name] else None
        given["notes"] = tuple(given["notes"])
        given["rows"] = tuple(Row(**row) for row in given["rows"])
        given["columns"] = tuple(
            Column(**row | {"path": tuple(row["path"]), "indicators": tuple(row["indicators"])})
            for row in given["columns"]
        )
        given["rules"] = tuple(Rule(**row | {"right": tuple(row["right"])}) for row in given["rules"])
        return cls(**given)


@dataclass(frozen=True)
class HeaderCell:
    """A cell of the form's header: where it stands and how far it reaches."""

    text: str
    level: int
    column: int
    colspan: int
    rowspan: int


def header_levels(columns: tuple[Column, ...]) -> int:
    """How many rows the header has."""
    return max((len(column.path) for column in columns), default=1)


def header_cells(columns: tuple[Column, ...]) -> list[HeaderCell]:
    """The merged header, row by row: neighbours under the same parents share a cell; a short path reaches down."""
    levels, cells = header_levels(columns), []
    for level in range(levels):
        at = 0
        while at < len(columns):
            path = columns[at].path
            if level >= len(path):
                at += 1
                continue
            last_level = level == len(path) - 1
            upto = at + 1
            if not last_level:
                while upto < len(columns) and columns[upto].path[: level + 1] == path[: level + 1]:
                    upto += 1
            cells.append(HeaderCell(path[level], level, at, upto - at, levels - level if last_level else 1))
            at = upto
    return cells

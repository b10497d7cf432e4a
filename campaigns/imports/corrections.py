"""What a person corrects in the preview before confirming: columns, names, rows, the plan's own facts and its parties.

Pure values that go through JSON, so that they stay beside the uploaded file and are part of what is confirmed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

TASK, SECTION, SKIP = "task", "section", "skip"  # what a row is
AS_NOTE, IGNORED = "note", "ignored"  # what a column is, besides the portal's own columns
NOBODY = ""  # a name that means no agency in particular


@dataclass(frozen=True)
class RowFix:
    """What a person says of one row; None and '' leave what was read.

    ``lead`` and ``supporting`` are read in place of the cells. The timing keeps its wording and gets these dates and
    this recurrence when ``timed``.
    """

    kind: str = ""
    lead: str | None = None
    supporting: str | None = None
    timed: bool = False
    starts_on: date | None = None
    due_date: date | None = None
    recurrence: str = ""


@dataclass(frozen=True)
class HeaderFix:
    """The plan's own facts as a person wrote them in the preview; they win over the file."""

    number: str = ""
    title: str = ""
    kind: str = "plan"
    starts_on: date | None = None
    ends_on: date | None = None
    signed_on: date | None = None


@dataclass(frozen=True)
class Corrections:
    """All corrections of one upload.

    ``columns``: {table: {column: name of a Column, AS_NOTE or IGNORED}}, both counted from 0.
    ``names``: {folded name: an agency's code, or NOBODY}. ``rows``: {"table:row": RowFix}.
    ``parties``: {an agency's code: its role in the plan, '' for none}.
    """

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, RowFix] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)
    header: HeaderFix | None = None

    def row(self, key: str) -> RowFix:
        """What was said of a row; nothing at all for most."""
        return self.rows.get(key, RowFix())

    def as_json(self) -> dict:
        """Plain values for ``json.dumps``; days as ISO text."""
        return {
            "columns": {table: dict(columns) for table, columns in self.columns.items()},
            "names": dict(self.names),
            "rows": {key: _plain(asdict(fix)) for key, fix in self.rows.items()},
            "parties": dict(self.parties),
            "header": _plain(asdict(self.header)) if self.header else None,
        }

    @classmethod
    def from_json(cls, data: dict) -> "Corrections":
        """The inverse of ``as_json``."""
        return cls(
            columns=data.get("columns", {}),
            names=data.get("names", {}),
            rows={key: RowFix(**_dated(fix)) for key, fix in data.get("rows", {}).items()},
            parties=data.get("parties", {}),
            header=HeaderFix(**_dated(data["header"])) if data.get("header") else None,
        )


NONE = Corrections()


def _plain(values: dict) -> dict:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _dated(values: dict) -> dict:
    days = ("starts_on", "ends_on", "due_date", "signed_on")
    return {
        name: date.fromisoformat(value) if name in days and isinstance(value, str) else value
        for name, value in values.items()
    }

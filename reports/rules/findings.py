"""What a rule has to say about a report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing a rule found: what, how bad, and where it is put right.

    ``anchor`` names the place on the report's page: "dong-12" (a task's line), "so-lieu-PB05" (a figure),
    "danh-gia-causes" (a text) or "hoat-dong". ``field`` is the field of that line; ``note`` what the agency said to it.
    """

    rule: str
    severity: str  # "error" blocks handing in, "warning" asks for a look or a note
    said: str
    anchor: str
    field: str = ""
    note: str = ""
    subject: str = ""  # what it is said of, left out where it stands beside it

    @property
    def message(self) -> str:
        """The finding by itself: '“1. Tuyên truyền…”: hoàn thành thì cần ghi kết quả.'"""
        return f"{self.subject}: {self.said}" if self.subject else self.said

    @property
    def beside(self) -> str:
        """The finding beside its field."""
        return self.said[:1].upper() + self.said[1:]

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    @property
    def is_answered(self) -> bool:
        """A warning to which the agency has given its note."""
        return not self.is_error and bool(self.note)


def error(rule: str, said: str, anchor: str, field: str = "", subject: object = "") -> Finding:
    """A finding that blocks handing in."""
    return Finding(rule, "error", said, anchor, field, "", str(subject))


def warning(rule: str, said: str, anchor: str, field: str = "", note: str = "", subject: object = "") -> Finding:
    """A finding that asks for a look, or is answered by its note."""
    return Finding(rule, "warning", said, anchor, field, note, str(subject))


def figure_anchor(code: str) -> str:
    """Where the figure of an indicator stands."""
    return f"so-lieu-{code}"


def line_anchor(line) -> str:
    """Where a task's line stands."""
    return f"dong-{line.pk}"


def quoted(line) -> str:
    """The task of a line as a subject."""
    return f"“{line.task.place} {line.task.title}”"

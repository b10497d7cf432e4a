"""What the offline workbook asks: its cells, how each is named and compared. Writing and reading share this list."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

from agencies.vietnamese import clean, fold_words, nfc, show_number
from campaigns.models import Task
from reports.models import ProgressReport
from reports.wording import printable

TASKS, FIGURES, WORDS, GUIDE = "Nhiệm vụ", "Số liệu", "Lời văn", "Hướng dẫn"
# The longest text that a cell of Excel holds is 32,767 UTF-16 units; a longer one is edited on the portal only.
LONGEST_CELL = 32_000
LONGEST_LINE = 300  # columns of type Line: the reasons
YES, NO = "Có", "Không"


@dataclass(frozen=True)
class Field:
    """One kind of editable cell: the model's field, the heading of its column, how its content is read."""

    name: str
    head: str
    kind: str  # status, percent, day, prose, line, figure, flag
    lead_only: bool = False


LINE_FIELDS = (
    Field("status", "Tình trạng", "status", True),
    Field("percent", "%", "percent", True),
    Field("completed_on", "Ngày hoàn thành", "day", True),
    Field("result", "Kết quả trong kỳ", "prose"),
    Field("difficulty", "Khó khăn, vướng mắc và nguyên nhân", "prose"),
    Field("proposal", "Đề xuất, kiến nghị", "prose"),
    Field("new_expected_on", "Dự kiến hoàn thành", "day", True),
    Field("no_evidence_reason", "Lý do không có minh chứng", "line", True),
)
# These three are settled together (rule V22), so they are compared and chosen together.
PROGRESS = ("status", "percent", "completed_on")
FIGURE_FIELDS = (
    Field("value", "Số liệu kỳ này", "figure"),
    Field("reason", "Lý do khác với hoạt động đã ghi", "line"),
)
NOTHING = "nothing_to_report"
NOTHING_HEAD = "Không phát sinh hoạt động nào trong kỳ"
TEXT_HEAD = "Nội dung"


def word_fields() -> tuple[Field, ...]:
    """The headings of the agency's own words, then 'Không phát sinh'."""
    texts = tuple(Field(name, label, "prose") for name, label in ProgressReport.NARRATIVE.items())
    return (*texts, Field(NOTHING, NOTHING_HEAD, "flag"))


# --- the key of a row -------------------------------------------------------------------------------------------------

LINE, FIGURE, WORD = "dong", "so-lieu", "loi-van"
_KEY = re.compile(rf"#({LINE}|{FIGURE}|{WORD}):([A-Za-z0-9_]{{1,40}})")


def row_key(kind: str, name: object) -> str:
    """The hidden key of a row: '#dong:12', '#so-lieu:PB01', '#loi-van:causes'."""
    return f"#{kind}:{name}"


def read_key(value: object) -> tuple[str, str] | None:
    """(kind, name) of a row's key; None for any other cell."""
    match = _KEY.fullmatch(value.strip()) if isinstance(value, str) else None
    return (match[1], match[2]) if match else None


def head_of(text: object) -> str:
    """A heading for comparison: no case, no accents, no punctuation, but '%' counts."""
    return "%" if str(text).strip() == "%" else fold_words(str(text))


# --- comparing cells --------------------------------------------------------------------------------------------------

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_EVEN)


def same_number(value: Decimal) -> Decimal:
    """The number as Excel keeps it: fifteen significant digits."""
    return _FIFTEEN.create_decimal(value)


def tidy(kind: str, text: str) -> str:
    """A typed text as it will be stored: NFC, line ends as \\n, no outer white space; a Line stays on one line."""
    told = nfc(printable(text))
    return clean(told) if kind == "line" else told.strip()


def canonical(kind: str, value: object) -> str:
    """One spelling per meaning, so that what a program re-saves differently still counts as unchanged."""
    if value is None or value == "":
        return ""
    if kind in ("prose", "line"):
        # Some programs write "_x0041_" for what is, or reads back as, a letter.
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), tidy(kind, str(value))).strip()
    if kind == "flag":
        return YES if value else NO
    if kind == "day":
        return value.isoformat()
    if kind in ("figure", "percent"):
        return f"{same_number(Decimal(value)).normalize():f}"
    return str(value)


def digest(kind: str, value: object) -> str:
    """A short fingerprint of a cell's content, kept in the workbook to know what its owner changed."""
    return hashlib.sha256(f"{kind}\n{canonical(kind, value)}".encode("utf-8", "surrogatepass")).hexdigest()[:12]


def fits(text: str) -> bool:
    """Whether a cell of Excel can hold the text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST_CELL


def too_long_text(text: str) -> str:
    """What stands in the (locked) cell of a text that no cell can hold."""
    return f"{text[:1000]}\n[…]\n(Dài {show_number(len(text))} ký tự, quá mức một ô Excel: sửa trên cổng.)"


def shown(kind: str, value: object) -> str:
    """A value as people read it in the preview; '' when empty."""
    if value is None or value == "":
        return ""
    if kind == "status":
        return str(Task.Status(value).label)
    if kind == "flag":
        return YES if value else NO
    if kind == "percent":
        return f"{value}%"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return show_number(value) if isinstance(value, Decimal | int) else str(value)

"""What a rule found, in words for the person who must mend the file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from reports.exports.nd30.anatomy import Anatomy
from reports.exports.nd30.reading import Paragraph


class Severity(StrEnum):
    """An error makes the document wrong in form; a warning asks for a look."""

    ERROR = "error"
    WARNING = "warning"

    @property
    def label(self) -> str:
        return "Lỗi" if self is Severity.ERROR else "Nhắc"


@dataclass(frozen=True)
class Fault:
    """What one function saw: found, required, where."""

    found: str
    required: str
    where: str = ""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True)
class Finding:
    """A fault with the rule that it breaks."""

    rule: str
    title: str
    source: str
    severity: Severity
    found: str
    required: str
    where: str

    def __str__(self):
        place = f" Tại: {self.where}." if self.where else ""
        return f"{self.rule} {self.severity.label}: {self.title}. Thấy {self.found}; cần {self.required}.{place}"


Check = Callable[[Anatomy], Iterable[Fault]]


@dataclass(frozen=True)
class Rule:
    """One row of the table of rules: id, title, the component of Phụ lục I that asks for it, the function."""

    id: str
    title: str
    component: str
    check: Check

    @property
    def source(self) -> str:
        return f"NĐ 30/2020/NĐ-CP, Phụ lục I: {self.component}"


def at(paragraph: Paragraph) -> str:
    """The place of a paragraph, by its first words."""
    return f"đoạn “{paragraph.snippet}”"


def number(value: float) -> str:
    """A length or size as people write it: one decimal at most, with a comma."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def sizes_of(paragraph: Paragraph) -> str:
    """The font sizes of a paragraph."""
    return " và ".join(number(size) for size in sorted(paragraph.sizes()))


def wrong_size(paragraph: Paragraph, least: float, most: float, what: str) -> Iterable[Fault]:
    """Letters smaller or larger than allowed."""
    if any(not least <= size <= most for size in paragraph.sizes()):
        asked = f"cỡ {number(least)}" if least == most else f"cỡ {number(least)} đến {number(most)}"
        yield Fault(f"{what} cỡ {sizes_of(paragraph)}", asked, at(paragraph))


def wrong_look(
    paragraph: Paragraph, what: str, *, bold: bool | None = None, italic: bool | None = None, upper: bool | None = None
) -> Iterable[Fault]:
    """Letters that are (not) bold, italic or capital where they should (not) be; None does not ask."""
    looks = [run.look for run in paragraph.visible]
    if bold is not None and any(look.bold != bold for look in looks):
        asked = "kiểu chữ đậm" if bold else "kiểu chữ không đậm"
        yield Fault(f"{what} {'không đậm' if bold else 'đậm'}", asked, at(paragraph))
    if italic is not None and any(look.italic != italic for look in looks):
        asked = "kiểu chữ nghiêng" if italic else "kiểu chữ đứng"
        yield Fault(f"{what} {'đứng' if italic else 'nghiêng'}", asked, at(paragraph))
    if upper and not paragraph.upper:
        yield Fault(f"{what} chữ thường", "chữ in hoa", at(paragraph))


def not_centred(paragraph: Paragraph, what: str) -> Iterable[Fault]:
    """A paragraph that should stand in the middle and does not."""
    if paragraph.layout.align != "center":
        yield Fault(f"{what} không ở giữa", "đặt canh giữa", at(paragraph))

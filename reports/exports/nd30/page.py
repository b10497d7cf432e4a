"""Rules of the page: paper, margins, letters, page numbers (NĐ 30/2020, Phụ lục I, quy định chung)."""

import unicodedata
from collections.abc import Iterable

from reports.exports.nd30.anatomy import Anatomy
from reports.exports.nd30.finding import Fault, at, number
from reports.exports.nd30.formatting import SLOTS
from reports.exports.nd30.reading import Paragraph, Section

FONT = "Times New Roman"
MARGINS = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}
_SIDES = {"top": "trên", "bottom": "dưới", "left": "trái", "right": "phải"}
_BLACK = {"auto", "000000", "theme:text1", "theme:dark1", "theme:tx1"}
_SLACK = 0.6  # mm: Word rounds lengths given in centimetres and inches


def _where(section: Section) -> str:
    return f"phần (section) {section.index + 1}"


def paper(found: Anatomy) -> Iterable[Fault]:
    """A4, 210 × 297 mm, lying or standing."""
    for section in found.file.sections:
        short, long = sorted((section.width, section.height))
        if abs(short - 210) > 1 or abs(long - 297) > 1:
            seen = f"khổ {number(section.width)} × {number(section.height)} mm"
            yield Fault(seen, "khổ A4 (210 × 297 mm)", _where(section))


def orientation(found: Anatomy) -> Iterable[Fault]:
    """The text stands upright; only annexes with wide tables may lie."""
    for section in found.file.sections:
        if section.landscape and section.index < found.annex_section:
            yield Fault("trang ngang trong phần văn bản", "trang dọc; chỉ phụ lục được để ngang", _where(section))


def margins(found: Anatomy) -> Iterable[Fault]:
    """20–25 mm above and below, 30–35 left, 15–20 right."""
    for section in found.file.sections:
        for side, (least, most) in MARGINS.items():
            length = section.margins[side]
            if not least - _SLACK <= length <= most + _SLACK:
                yield Fault(
                    f"lề {_SIDES[side]} {number(length)} mm", f"lề {_SIDES[side]} {least}–{most} mm", _where(section)
                )


def _everywhere(found: Anatomy) -> Iterable[Paragraph]:
    yield from found.file.paragraphs
    seen = set()
    for section in found.file.sections:
        for header in (*section.headers.values(), *section.footers.values()):
            if id(header) not in seen:
                seen.add(id(header))
                yield from header.paragraphs


def fonts(found: Anatomy) -> Iterable[Fault]:
    """Times New Roman in all four alphabets that Word tells apart, and in charts."""
    theme = found.file.theme_fonts
    for paragraph in _everywhere(found):
        names = {
            theme.get(name.removeprefix("theme:"), name) if name.startswith("theme:") else name
            for run in paragraph.visible
            for slot in SLOTS
            if (name := run.look.fonts.get(slot, FONT))
        }
        if wrong := sorted(names - {FONT, ""}):
            yield Fault(f"phông chữ {', '.join(wrong)}", f"phông chữ {FONT}", at(paragraph))
    if wrong := sorted(found.file.chart_fonts - {FONT}):
        yield Fault(f"phông chữ {', '.join(wrong)}", f"phông chữ {FONT}", "biểu đồ")


def black(found: Anatomy) -> Iterable[Fault]:
    """Letters are black."""
    for paragraph in _everywhere(found):
        colors = {run.look.color for run in paragraph.visible} - _BLACK
        if colors:
            yield Fault(f"chữ màu {', '.join(sorted(colors))}", "chữ màu đen", at(paragraph))


def unicode_text(found: Anatomy) -> Iterable[Fault]:
    """Vietnamese Unicode (TCVN 6909:2001) in composed letters."""
    for paragraph in found.file.paragraphs:
        if not unicodedata.is_normalized("NFC", paragraph.text):
            yield Fault("chữ có dấu tổ hợp rời (NFD)", "Unicode dựng sẵn theo TCVN 6909:2001", at(paragraph))


def _numbered(section: Section) -> Iterable[tuple[str, Paragraph]]:
    for kind, header in section.headers.items():
        for paragraph in header.page_numbers:
            yield kind, paragraph


def page_number_shown(found: Anatomy) -> Iterable[Fault]:
    """In the middle of the top margin of every page after the first."""
    for section in found.file.sections:
        shown = [paragraph for kind, paragraph in _numbered(section) if kind == "default"]
        if not shown:
            below = any(header.page_numbers for header in section.footers.values())
            seen = "số trang ở lề dưới" if below else "không có số trang"
            yield Fault(seen, "số trang ở giữa, trong phần lề trên", _where(section))
        for paragraph in shown:
            if paragraph.layout.align != "center":
                yield Fault("số trang không ở giữa", "số trang canh giữa", _where(section))


def page_number_not_first(found: Anatomy) -> Iterable[Fault]:
    """Not on the first page."""
    for section in found.file.sections[:1]:
        first = section.headers.get("first")
        if not section.title_page or (first is not None and first.page_numbers):
            yield Fault("số trang hiện ở trang đầu", "không hiện số trang thứ nhất", _where(section))


def page_number_look(found: Anatomy) -> Iterable[Fault]:
    """Arabic figures, size 13–14, upright."""
    for section in found.file.sections:
        if section.number_format not in ("decimal", ""):
            yield Fault(f"số trang kiểu {section.number_format}", "chữ số Ả Rập", _where(section))
        for _kind, paragraph in _numbered(section):
            looks = [run.look for run in paragraph.runs]
            sizes = {run.look.size for run in paragraph.visible} or {look.size for look in looks}
            if any(not 13 <= size <= 14 for size in sizes):
                shown = ", ".join(number(size) for size in sorted(sizes))
                yield Fault(f"số trang cỡ {shown}", "cỡ 13 đến 14", _where(section))
            if any(look.italic for look in looks):
                yield Fault("số trang kiểu nghiêng", "kiểu chữ đứng", _where(section))

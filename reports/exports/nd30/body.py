"""Rules of the text: legal bases, headings, paragraphs."""

import re
from collections.abc import Iterable

from agencies.vietnamese import int_to_roman
from reports.exports.nd30.anatomy import Anatomy, numbering
from reports.exports.nd30.finding import Fault, Severity, at, number, wrong_look, wrong_size

# Letters that number points, in Vietnamese order (NĐ 30/2020: "bằng các chữ cái tiếng Việt").
LETTERS = "abcdđeghiklmnopqrstuvxy"
_SLACK = 0.3  # mm
# Words that Phụ lục II (viết hoa) writes with a capital, found in small letters inside a sentence.
_CAPITALS = (
    # "ngân sách nhà nước", "quản lý nhà nước" and the like are written so.
    (re.compile(r"(?<!sách )(?<!lý )(?<!quan )(?<!bạc )(?<!nghiệp )(?<!mật )(?<!vốn )\bnhà nước\b"), "Nhà nước"),
    (re.compile(r"\bsở tư pháp\b"), "Sở Tư pháp"),
    (re.compile(r"\b[uủ][ỷy] ban nhân dân\b"), "Ủy ban nhân dân"),
    (re.compile(r"\bhội đồng nhân dân\b"), "Hội đồng nhân dân"),
)


def bases(found: Anatomy) -> Iterable[Fault]:
    """Legal bases: italic, 13–14, each ends with ';', the last with '.'."""
    for given in found.bases:
        yield from wrong_size(given, 13, 14, "căn cứ")
        yield from wrong_look(given, "căn cứ", bold=False, italic=True)
        last = given is found.bases[-1]
        mark, told = (".", "dòng căn cứ cuối kết thúc bằng dấu chấm (.)") if last else (
            ";",
            "mỗi dòng căn cứ kết thúc bằng dấu chấm phẩy (;)",
        )  # fmt: skip
        if not given.words.endswith(mark):
            yield Fault(f"“…{given.words[-20:]}”", told, at(given))


def body_size(found: Anatomy) -> Iterable[Fault]:
    """Text of size 13–14, upright."""
    for given in found.body:
        yield from wrong_size(given, 13, 14, "nội dung")
        mostly = sum(len(run.text) for run in given.visible if run.look.italic)
        if mostly > len(given.text) / 2:
            yield Fault("nội dung kiểu nghiêng", "kiểu chữ đứng", at(given))


def body_align(found: Anatomy) -> Iterable[Fault]:
    """Justified."""
    for given in found.body:
        if given.layout.align != "both":
            yield Fault("đoạn không canh đều hai lề", "canh đều cả hai lề", at(given))


def body_indent(found: Anatomy) -> Iterable[Fault]:
    """The first line moves in by 1–1.27 cm."""
    for given in found.body:
        indent = given.layout.left + given.layout.first_line
        if not 10 - _SLACK <= indent <= 12.7 + _SLACK:
            yield Fault(f"dòng đầu lùi {number(indent / 10)} cm", "dòng đầu lùi vào 1 cm đến 1,27 cm", at(given))


def body_spacing(found: Anatomy) -> Iterable[Fault]:
    """At least 6 points between paragraphs."""
    for given in found.body:
        space = given.layout.before + given.layout.after
        if space < 6:
            yield Fault(f"khoảng cách đoạn {number(space)} pt", "khoảng cách giữa các đoạn tối thiểu 6 pt", at(given))


def body_lines(found: Anatomy) -> Iterable[Fault]:
    """Single to one and a half lines."""
    for given in found.body:
        layout, size = given.layout, max(given.sizes(), default=14.0)
        lines = layout.line if layout.line_rule == "auto" else layout.line / (size * 1.15)
        least = 0.99 if layout.line_rule == "auto" else 0.85
        if not least <= lines <= 1.51:
            yield Fault(f"giãn dòng {lines:.2f}".replace(".", ","), "giãn dòng đơn đến 1,5 dòng", at(given))


def heading_look(found: Anatomy) -> Iterable[Fault]:
    """Numbered titles: bold, upright, 13–14."""
    for given in found.headings:
        yield from wrong_size(given, 13, 14, "đề mục")
        yield from wrong_look(given, "đề mục", bold=True, italic=False)


def heading_numbers(found: Anatomy) -> Iterable[Fault]:
    """I., II. … then 1., 2. … (1.1., 1.2. …) then a), b) … without gaps, beginning anew below each higher one."""
    roman, figures, letter = 0, [0], -1
    for given in found.headings:
        told = numbering(given)
        if not told:
            if not given.layout.numbered:
                yield Fault("đề mục không đánh số", "I., 1., a) …", at(given))
            continue
        if told[0] in "IVXL":
            roman, figures, letter = roman + 1, [0], -1
            wanted = int_to_roman(roman)
        elif told[0].isdigit():
            depth = told.count(".") + 1
            figures = [*figures[:depth], *[0] * (depth - len(figures))]
            figures[-1] += 1
            letter = -1
            wanted = ".".join(str(figure) for figure in figures)
        else:
            letter += 1
            wanted = LETTERS[letter] if letter < len(LETTERS) else ""
        if told != wanted:
            yield Fault(f"đề mục số “{told}”", f"số “{wanted}” (liên tục, bắt đầu lại dưới mỗi mục lớn)", at(given))
            return  # the following ones would all be off


def capitals(found: Anatomy) -> Iterable[Fault]:
    """Words of Phụ lục II in small letters: a look is asked for, no error."""
    for given in found.body:
        for pattern, wanted in _CAPITALS:
            if match := pattern.search(given.text):
                yield Fault(f"“{match[0]}”", f"viết hoa “{wanted}”", at(given), Severity.WARNING)

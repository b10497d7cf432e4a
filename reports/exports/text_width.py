"""How wide a line of Times New Roman is, without a font file: the widths of its letters, in 1/1000 of the font size.

Vietnamese letters are as wide as the letter under their marks (ơ and ư a little wider, which is neglected).
"""

import unicodedata

_POINT = 25.4 / 72  # millimetres
_FIRST = 32
_REGULAR = (
    "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 500 500 278 278 "
    "564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722 722 944 "
    "722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 "
    "278 500 500 722 500 500 444 480 200 480 541"
)
_BOLD = (
    "250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 500 500 500 500 500 500 500 500 500 500 333 333 "
    "570 570 570 500 930 722 667 722 722 667 611 778 778 389 500 778 667 944 722 778 611 778 722 556 667 722 722 1000 "
    "722 722 667 333 278 333 581 500 333 500 556 444 556 444 333 500 556 278 333 556 278 833 556 500 556 556 444 389 "
    "333 556 500 722 500 500 444 394 220 394 520"
)
_WIDTHS = {
    False: [int(width) for width in _REGULAR.split()],
    True: [int(width) for width in _BOLD.split()],
}


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Millimetres that one line of the text takes at a font size in points."""
    widths, total = _WIDTHS[bold], 0
    for letter in unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D")):
        at = ord(letter) - _FIRST
        if not unicodedata.combining(letter):
            total += widths[at] if 0 <= at < len(widths) else 500
    return total * size / 1000 * _POINT


def lines_of(text: str, size: float, room: float, *, bold: bool = False) -> list[float]:
    """The widths in millimetres of the lines into which the text breaks in the given room."""
    lines: list[float] = []
    blank = text_width(" ", size, bold=bold)
    for given in text.split("\n"):
        at = 0.0
        for word in given.split():
            width = text_width(word, size, bold=bold)
            if at and at + blank + width > room:
                lines.append(at)
                at = 0.0
            at += (blank if at else 0) + width
        lines.append(at)
    return lines

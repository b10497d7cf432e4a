"""Vietnamese written in the old encodings TCVN3 and VNI: recognised, named, refused with the way to convert (V28)."""

import re
from dataclasses import dataclass

from agencies.tables.problems import SHEET, BadFile, Problem
from agencies.tables.source import Annex, column_letters
from agencies.vietnamese import clean

# Characters that Vietnamese in Unicode never uses and old text is full of. TCVN3 puts letters where Latin-1 has signs;
# VNI writes a tone as a second letter: "giaùo duïc phaùp luaät".
# The quotation marks « » and § are left out: Unicode text has them too.
_SIGNS = re.compile("[µ¸¶·¹¨¾¼½©®ª¬¦]")
_LETTERS = re.compile("[ØøÛûÏïÖöÄäÅåËëÜüÆæÑñÎî]")


@dataclass(frozen=True)
class Encoding:
    """An old encoding: its name, the fonts that show it, and what Unikey calls it."""

    name: str
    fonts: str
    unikey: str


TCVN3 = Encoding("TCVN3 (ABC)", "các phông .VnTime, .VnTimeH, .VnArial…", "TCVN3 (ABC)")
VNI = Encoding("VNI Windows", "các phông VNI-Times, VNI-Helve…", "VNI Windows")


def old_encoding(text: str, least: int = 3) -> Encoding | None:
    """The old encoding that a text is in, or None; ``least`` odd characters are needed to say so."""
    signs, letters = len(_SIGNS.findall(text)), len(_LETTERS.findall(text))
    if signs + letters < least:
        return None
    return TCVN3 if 4 * signs >= letters else VNI


def how_to_convert(encoding: Encoding) -> str:
    """What the person does with the file."""
    return (
        f"Mở tệp, chọn toàn bộ chữ, dùng Unikey (Ctrl+Shift+F6) chuyển từ {encoding.unikey} sang Unicode dựng sẵn, "
        "đổi sang phông Times New Roman, lưu rồi chọn lại tệp."
    )


def refuse_old_encoding(annex: Annex) -> None:
    """Raise BadFile when the file as a whole is in an old encoding, with every cell that is."""
    text = "".join(line.text for line in annex.lines)
    encoding = old_encoding(text, max(6, len(text) // 40))
    if encoding is None:
        return
    cells = [problem for table in annex.tables for problem in cell_problems(table.name, table.rows)]
    example = f" (ví dụ {_place(cells[0])}: “{cells[0].value}”)" if cells else ""
    message = (
        f"Chữ trong tệp ở bảng mã cũ {encoding.name}, {encoding.fonts}, nên không đọc được tiếng Việt{example}. "
        f"{how_to_convert(encoding)}"
    )
    raise BadFile(message, problems=tuple(cells) or (Problem(message),))


def _place(problem: Problem) -> str:
    return f"ô {problem.cell}" if problem.sheet.startswith(SHEET) else problem.where


def cell_problems(name: str, rows) -> list[Problem]:
    """An error for each cell of a table that is in an old encoding."""
    found = []
    for row in rows:
        for at, text in enumerate(row.cells):
            # "naïve café" is no Vietnamese either, but it is not mojibake.
            if text and (encoding := old_encoding(text, max(3, len(text) // 12))):
                found.append(
                    Problem(
                        f"Chữ trong ô ở bảng mã cũ {encoding.name} ({encoding.fonts}), không đọc được tiếng Việt.",
                        name,
                        row.number,
                        value=clean(text)[:60],
                        fix=how_to_convert(encoding),
                        cell=f"{column_letters(at)}{row.number}",
                    )
                )
    return found

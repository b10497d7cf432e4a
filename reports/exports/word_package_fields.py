"""Fields of a Word document: which ones are harmless. Word runs a field when it opens, prints or updates the file.

Only what counts pages or points inside the same document is let through: a list of bad names would miss the next one,
and a name may be put together from pieces (nested fields, tags of a template).
"""

import re
from dataclasses import dataclass, field

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HARMLESS = re.compile(
    r"\s*(?:(?:PAGE|NUMPAGES|SECTIONPAGES|TOC|PAGEREF|STYLEREF|SEQ|REF)\b[^{}]*"
    r'|HYPERLINK\s+\\l\s*(?:"[\w.\- ]+"|[\w.\-]+)(?:\s*\\[hn]|\s*\\o\s*"[^"{}]*")*)?\s*',
    re.IGNORECASE,
)
_ALLOWED = "chỉ được dùng trường số trang, mục lục và tham chiếu trong văn bản"
# Inside these a field must end where it begins: Word may leave the whole piece out.
_PIECES = {f"{_MC}Choice", f"{_MC}Fallback", f"{_W}txbxContent"}
_TEXT = {f"{_W}t", f"{_W}instrText", f"{_W}delText", f"{_W}delInstrText"}
_CODE = {f"{_W}instrText", f"{_W}delInstrText"}
_LOOKED_AT = (*_PIECES, *_TEXT, f"{_W}fldChar", f"{_W}fldSimple")


@dataclass
class _Open:
    """A field that has begun: its instruction so far, and whether its result has begun."""

    words: list[str] = field(default_factory=list)
    shown: bool = False


def reaching_fields(root) -> list[str]:
    """What is wrong with the fields of one part of the document, in words; nothing for harmless ones."""
    found = [
        _refusal(element.get(name, ""))
        for element in root.iter(f"{_W}fldSimple")
        for name in element.attrib
        if etree.QName(name).localname == "instr"
    ]
    opened: list[_Open] = []
    loose: list[str] = []  # instructions that stand in no field
    pieces: list[tuple[int, bool]] = []
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=_LOOKED_AT):
        if element.tag in _PIECES:
            state = (len(opened), bool(opened) and not opened[-1].shown)
            if event == "start":
                pieces.append(state)
            elif pieces.pop() != state:
                found.append(_CUT)
        elif event == "end":
            continue
        elif element.tag == f"{_W}fldChar":
            found += _mark(element.get(f"{_W}fldCharType"), opened)
        elif element.tag == f"{_W}fldSimple" and opened and not opened[-1].shown:
            found.append(_NESTED)
        elif element.tag in _TEXT:
            if opened and not opened[-1].shown:
                opened[-1].words.append("".join(element.itertext()))
            elif element.tag in _CODE:
                loose.append("".join(element.itertext()))
    found += [_refusal("".join(one.words)) for one in opened if not one.shown]
    found += [_refusal(text) for text in loose]
    return list(dict.fromkeys(problem for problem in found if problem))


_CUT = f"Tệp có trường (field) bị cắt dở. Hãy xóa trường đó; {_ALLOWED}."
_NESTED = f"Tệp có trường (field) lồng trong mã của một trường khác. Hãy xóa trường đó; {_ALLOWED}."


def _mark(kind: str | None, opened: list[_Open]) -> list[str]:
    """One of the three marks of a field: it begins, its result begins, it ends."""
    if kind == "begin":
        nested = bool(opened) and not opened[-1].shown
        opened.append(_Open())
        return [_NESTED] if nested else []
    if not opened:
        return []
    told = [] if opened[-1].shown else [_refusal("".join(opened[-1].words))]
    opened[-1].shown = True
    if kind == "end":
        opened.pop()
    return told


def _refusal(instruction: str) -> str:
    """Why a field with this instruction is not taken; empty for a harmless one."""
    if _HARMLESS.fullmatch(instruction):
        return ""
    words = " ".join(instruction.split())
    if "{" in words or "}" in words:
        return f"Tệp có thẻ đặt trong mã của một trường (field): “{words[:60]}”. Hãy viết thẻ ngoài trường."
    name = words.split(" ")[0][:30].upper()
    return f"Tệp có trường {name} (có thể lấy nội dung từ nơi khác hoặc tự chạy). Hãy xóa trường đó; {_ALLOWED}."

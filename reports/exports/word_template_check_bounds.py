"""How much a template may hold: counted before it is parsed or run, so that a small file cannot cost minutes.

A real template has under a thousand paragraphs, tags of some 60 letters and blocks three deep.
"""

import re
from collections import Counter

from jinja2 import nodes
from lxml import etree

from reports.exports.word import environment
from reports.exports.word_package import WordPackage

MAX_ELEMENTS = 3000  # of each kind: paragraphs, tables, rows, cells, …
MAX_SECTIONS = 50
MAX_ALL = 60_000  # elements of every kind in all parts; the built-in template has 23,000, styles included
MAX_PRINTED = 60_000  # paragraphs when every list has _LIST items; the built-in template comes to 25,000
PRINTED_TIMES = 3  # a trial document may hold so many times as much as a template
MAX_TAG_LETTERS = 300
MAX_TAG_WORDS = 60
MAX_BRACKETS = 10
MAX_DEPTH = 10
MAX_ELIF = 50
_LIST = 20
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ELEMENTS = {
    "p": ("đoạn", MAX_ELEMENTS),
    "tbl": ("bảng", MAX_ELEMENTS),
    "tr": ("dòng của bảng", MAX_ELEMENTS),
    "tc": ("ô của bảng", MAX_ELEMENTS),
    "r": ("cụm chữ (run)", 4 * MAX_ELEMENTS),
    "style": ("kiểu chữ (style)", MAX_ELEMENTS),
    "sectPr": ("phần (section)", MAX_SECTIONS),
}
_TAGGED = {f"{_W}{name}" for name in ("document", "hdr", "ftr", "footnotes", "endnotes", "comments")}
_MARK = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_PARAGRAPH = re.compile(r"<w:p[ />]")
TOO_DEEP = "Mẫu có thẻ quá dài hoặc lồng nhau quá sâu nên không đọc được. Hãy tách hoặc bỏ bớt thẻ."


def tagged_parts(package: WordPackage) -> dict[str, etree._Element]:
    """The parts of the document in which tags may stand, by what they are and not by their names."""
    roots = {name: package.xml(name) for name in sorted(package.names) if package.is_xml(name)}
    return {name: root for name, root in roots.items() if root.tag in _TAGGED}


def too_many(package: WordPackage, *, times: int = 1) -> list[str]:
    """Kinds of elements of which the whole file holds too many, in words; ``times`` the bounds of a template."""
    counted: Counter[str] = Counter()
    every = 0
    what = "Mẫu có" if times == 1 else "Mẫu in ra"
    for name in package.names:
        if package.is_xml(name):
            root = package.xml(name)
            every += sum(1 for _element in root.iter())
            counted.update(
                element.tag.removeprefix(_W) for element in root.iter(*(f"{_W}{known}" for known in _ELEMENTS))
            )
    found = [
        f"{what} {told(counted[name])} {words}, quá mức {told(most * times)}. Hãy bỏ phần thừa, kể cả đoạn trống."
        for name, (words, most) in _ELEMENTS.items()
        if counted[name] > most * times
    ]
    if not found and every > MAX_ALL * times:
        found = [f"{what} {told(every)} phần tử, quá mức {told(MAX_ALL * times)}. Hãy chép nội dung sang một tệp mới."]
    return found


def told(count: int) -> str:
    """A count as it is written in Vietnamese."""
    return f"{count:,}".replace(",", ".")


def stray_tags(root) -> list[str]:
    """Tags that stand elsewhere than in the letters of the document: in a field, an attribute, a comment."""
    for element in root.iter():
        if not isinstance(element.tag, str):  # comments, processing instructions
            texts, letters = [], [element.text or "", element.tail or ""]
        else:
            texts = list(element.attrib.values())
            letters = [element.tail or "", *([] if element.tag == f"{_W}t" else [element.text or ""])]
        for text in texts:
            if _MARK.search(text):
                return [_stray(text)]
        for text in letters:
            if "{" in text or "}" in text:
                return [_stray(text)]
    return []


def _stray(text: str) -> str:
    return (
        f"Thẻ chỉ được đặt trong chữ của văn bản, không đặt trong trường (field) hay thuộc tính: “{text.strip()[:60]}”."
    )


def heavy_tags(source: str) -> list[str]:
    """Tags too long or nested too deep to be parsed. Raises jinja2.TemplateSyntaxError for what is no tag at all.

    Jinja's lexer goes through the text once; its parser, which comes later, calls itself for every bracket.
    """
    letters = words = brackets = 0
    inside = named = False
    blocks: list[int] = []  # for every open block, its elif
    for _line, kind, value in environment().lex(source):
        if kind in ("variable_begin", "block_begin"):
            letters, words, brackets, inside, named = 0, 0, 0, True, kind == "variable_begin"
            continue
        if kind in ("variable_end", "block_end"):
            inside = False
        if not inside:
            continue
        letters += len(value)
        if kind == "whitespace":
            continue
        words += 1
        if kind == "operator":
            brackets += (value in "([{") - (value in ")]}")
        elif kind == "name" and not named:
            _block(value, blocks)
        named = True
        if letters > MAX_TAG_LETTERS or words > MAX_TAG_WORDS:
            return [f"Mẫu có thẻ quá dài (quá {MAX_TAG_LETTERS} chữ hoặc {MAX_TAG_WORDS} từ). Hãy viết thẻ ngắn lại."]
        if brackets > MAX_BRACKETS:
            return [f"Mẫu có thẻ lồng quá {MAX_BRACKETS} lớp ngoặc. Hãy bỏ bớt ngoặc."]
        if len(blocks) > MAX_DEPTH:
            return [f"Mẫu có thẻ if, for lồng nhau quá {MAX_DEPTH} lớp. Hãy bỏ bớt lớp."]
        if blocks and blocks[-1] > MAX_ELIF:
            return [f"Mẫu có thẻ if với quá {MAX_ELIF} thẻ elif. Hãy bỏ bớt."]
    return []


def _block(name: str, blocks: list[int]) -> None:
    if name == "elif" and blocks:
        blocks[-1] += 1
    elif name.startswith("end"):
        del blocks[-1:]
    elif name != "elif" and name != "else":
        blocks.append(0)


def printed(body: list[nodes.Node]) -> int:
    """How many paragraphs a part of the template prints when every list holds _LIST items."""
    count = 0
    for node in body:
        if isinstance(node, nodes.Output):
            count += sum(
                len(_PARAGRAPH.findall(part.data)) for part in node.nodes if isinstance(part, nodes.TemplateData)
            )
        elif isinstance(node, nodes.For):
            count += _LIST * printed(node.body) + printed(node.else_)
        elif isinstance(node, nodes.If):
            count += printed([*node.body, *node.elif_, *node.else_])
    return count

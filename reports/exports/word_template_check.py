"""Is this file a template from which the council's report can be made? Everything wrong is told at once, in Vietnamese.

First the file (really Word, nothing that acts by itself), then its tags (read, not run), then a trial on a made-up
report, and at last the layout of what came out (NĐ 30/2020), as warnings.
"""

import functools
import io
import re
import zlib
from dataclasses import dataclass
from typing import Any

from docx.opc.exceptions import OpcError
from jinja2 import TemplateError, TemplateSyntaxError, nodes
from lxml import etree

from reports.exports.nd30.finding import Finding
from reports.exports.nd30.rules import check
from reports.exports.word import Template, environment, word_report
from reports.exports.word_context import GUIDE, report_context
from reports.exports.word_dummy import dummy_consolidation, dummy_parts
from reports.exports.word_package import NotWord, WordPackage, active_content, open_word
from reports.exports.word_template_check_bounds import (
    MAX_PRINTED,
    PRINTED_TIMES,
    TOO_DEEP,
    heavy_tags,
    printed,
    stray_tags,
    tagged_parts,
    too_many,
)
from reports.exports.word_template_rules import Reader, shape

# A template of some pages is 50 KB; with a coat of arms in it, a few hundred.
MAX_BYTES = 2 * 1024 * 1024
MAX_PART_BYTES = 3 * 1024 * 1024
MAX_TAGS = 1500
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PAIRS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_TOKEN = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_ALONE = re.compile(r"^\s*\{%(p|tr|tc)\s[^%]*%\}\s*$")
_BLOCK = re.compile(r"\{[%{](p|tr|tc)\s")
_RICH = re.compile(r"\{[%{]r\s")  # docxtpl would put such text outside its run
_HOLDER = {"p": "p", "tr": "tr", "tc": "tc"}
_HOLDER_NAMES = {"p": "đoạn", "tr": "dòng của bảng", "tc": "ô của bảng"}


# What a template that nobody foresaw makes the libraries raise; all of it refuses the template, none of it is a crash.
_TOO_MUCH = (RecursionError, MemoryError, OverflowError, SyntaxError)
_FAILS = (
    *_TOO_MUCH,
    NotWord,
    TemplateError,
    etree.XMLSyntaxError,
    OpcError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
)


@dataclass(frozen=True)
class CheckedTemplate:
    """``problems`` refuse the template; ``notes`` and ``findings`` ask for a look; ``preview`` is the trial file."""

    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    preview: bytes = b""


@functools.cache
def _known() -> dict[str, Any]:
    return shape(report_context(dummy_consolidation(), **dummy_parts()))


def check_template(content: bytes) -> CheckedTemplate:
    """Everything that is wrong with a template, or its trial document."""
    if len(content) > MAX_BYTES:
        size = f"{len(content) / 1048576:.1f}".replace(".", ",")
        return CheckedTemplate((f"Tệp nặng {size} MB, quá mức {MAX_BYTES // 1048576} MB của một mẫu. Hãy bỏ ảnh.",))
    try:
        package = open_word(content)
        problems = too_many(package) or active_content(package) or _broken_tags(package)
        if problems:
            return CheckedTemplate(tuple(problems))
        sources = _sources(content)
    except NotWord as error:
        return CheckedTemplate(tuple(error.messages))
    reader = Reader(_known())
    problems = _read(sources, reader)
    problems += reader.problems
    if not problems:
        problems = [
            f"Mẫu thiếu biến {{{{ {name} }}}}: {words}. Thiếu biến này thì văn bản in ra không đủ thành phần."
            for name, (words, needed) in GUIDE.items()
            if needed and name not in reader.used
        ]
    if problems:
        return CheckedTemplate(tuple(problems))
    previews: list[bytes] = []
    findings: dict[Finding, None] = {}
    try:
        for draft in (True, False):
            made = preview(content, draft=draft)
            package = open_word(made)
            if problems := too_many(package, times=PRINTED_TIMES) or active_content(package):
                return CheckedTemplate(tuple(problems))
            previews.append(made)
            findings |= dict.fromkeys(check(made))
    except _FAILS as error:
        return CheckedTemplate((_trial(error),))
    unused = [name for name, (_words, needed) in GUIDE.items() if not needed and name not in reader.used]
    unused = [name for name in unused if name not in ("guide", "label", "previous_label", "last_year_label")]
    notes = (f"Mẫu không in: {', '.join(unused)}.",) if unused else ()
    return CheckedTemplate((), notes, tuple(findings), previews[0])


def preview(content: bytes | None, *, draft: bool = True) -> bytes:
    """The trial document of a checked template; of the built-in one for None."""
    return word_report(dummy_consolidation(), template=content, **dummy_parts(draft=draft))


def _read(sources: list[str], reader: Reader) -> list[str]:
    """What is wrong with the tags as a whole; ``reader`` keeps what is wrong with what they say."""
    problems: list[str] = []
    count = 0
    for source in sources:
        try:
            if heavy := heavy_tags(source):
                problems += heavy
                continue
            tree = environment().parse(source)
            reader.read(tree)
        except TemplateSyntaxError as error:
            problems.append(_syntax(error, source))
            continue
        except (*_TOO_MUCH, ValueError):
            problems.append(TOO_DEEP)
            continue
        count += printed(tree.body)
        if sum(1 for _loop in tree.find_all(nodes.For)) > MAX_TAGS // 10:
            problems.append("Mẫu có quá nhiều vòng lặp.")
    if count > MAX_PRINTED:
        problems.append("Mẫu in ra quá nhiều đoạn vì vòng lặp chứa quá nhiều nội dung. Hãy bỏ bớt đoạn trong vòng lặp.")
    return problems


def _broken_tags(package: WordPackage) -> list[str]:
    """Tags that do not close where they open, or that do not stand alone where they must; read before docxtpl is."""
    problems: list[str] = []
    tags = 0
    for name, root in tagged_parts(package).items():
        if len(package.bytes(name)) > MAX_PART_BYTES:
            return ["Nội dung mẫu quá dài. Hãy bỏ bớt nội dung cố định."]
        problems += stray_tags(root)
        for paragraph in root.iter(f"{_W}p"):
            text = "".join(node.text or "" for node in paragraph.iter(f"{_W}t"))
            if "{" not in text and "}" not in text:
                continue
            tags += len(_TOKEN.findall(text))
            problems += _unpaired(text)
            problems += _not_alone(paragraph, text)
    if tags > 2 * MAX_TAGS:
        return [f"Mẫu có quá {MAX_TAGS} thẻ."]
    return list(dict.fromkeys(problems))


def _unpaired(text: str) -> list[str]:
    opened = ""
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in _PAIRS:
            if opened:
                return [f"Thẻ “{opened}” chưa đóng bằng “{_PAIRS[opened]}” trong đoạn “{_cut(text)}”."]
            opened = token
        elif opened and token == _PAIRS[opened]:
            opened = ""
        else:
            return [f"Dấu “{token}” không có dấu mở tương ứng trong đoạn “{_cut(text)}”."]
    return [f"Thẻ “{opened}” chưa đóng bằng “{_PAIRS[opened]}” trong đoạn “{_cut(text)}”."] if opened else []


def _not_alone(paragraph, text: str) -> list[str]:
    """{%p %} takes its whole paragraph away, {%tr %} its row, {%tc %} its cell: nothing else may stand there."""
    if _RICH.search(text):
        return [f"Không dùng được thẻ {{{{r …}}}}, {{%r …%}}: hãy viết {{{{ … }}}} trong đoạn “{_cut(text)}”."]
    match = _BLOCK.search(text)
    if match is None:
        return []
    holder = paragraph
    while holder is not None and holder.tag != f"{_W}{_HOLDER[match[1]]}":
        holder = holder.getparent()
    if holder is None:
        return [f"Thẻ {{%{match[1]} … %}} phải nằm trong bảng: “{_cut(text)}”."]
    whole = "".join(node.text or "" for node in holder.iter(f"{_W}t"))
    if not _ALONE.match(whole):
        where = _HOLDER_NAMES[match[1]]
        return [f"Thẻ {{%{match[1]} … %}} phải đứng một mình trong {where}, mỗi {where} một thẻ: “{_cut(whole)}”."]
    return []


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 70 else words[:69] + "…"


def _sources(content: bytes) -> list[str]:
    """The text of every part as Jinja will see it."""
    try:
        template = Template(io.BytesIO(content))
        template.init_docx()
        found = [template.patch_xml(template.get_xml())]
        for uri in (template.HEADER_URI, template.FOOTER_URI):
            for _key, part in template.get_headers_footers(uri):
                found.append(template.patch_xml(template.get_part_xml(part)))
        for part in template.docx.part.package.iter_parts():
            if part.content_type.endswith("footnotes+xml"):
                found.append(template.patch_xml(part.blob.decode("utf-8")))
    except (*_FAILS, zlib.error, OSError) as error:
        raise NotWord("Tệp bị hỏng nên không đọc được. Hãy mở bằng Word, lưu lại rồi chọn lại.") from error
    return [re.sub(r"<w:p([ >])", r"\n<w:p\1", source) for source in found]


_CLOSING = re.compile(r"innermost block that needs to be closed is '(\w+)'")
_UNKNOWN = re.compile(r"unknown tag '(\w+)'")


def _syntax(error: TemplateSyntaxError, source: str) -> str:
    """A syntax error in words, with the line of the document where it stands."""
    lines = source.splitlines()
    line = lines[error.lineno - 1] if 0 < error.lineno <= len(lines) else ""
    near = _cut(re.sub(r"<[^>]+>", " ", line))
    told, place = error.message or "", f" Gần “{near}”." if near else ""
    if match := _UNKNOWN.search(told):
        if match[1].startswith("end") or match[1] in ("else", "elif"):
            return f"Thẻ {{% {match[1]} %}} không có thẻ mở tương ứng.{place}"
        return f"Không dùng được thẻ {{% {match[1]} %}}: chỉ có for, if, elif, else.{place}"
    if match := _CLOSING.search(told):
        return f"Thiếu thẻ đóng {{% end{match[1]} %}} của một thẻ {{% {match[1]} %}}."
    return f"Thẻ viết sai.{place}"


def _trial(error: Exception) -> str:
    """An error of the trial in words."""
    if isinstance(error, NotWord):
        return " ".join(error.messages)
    if isinstance(error, _TOO_MUCH):
        return TOO_DEEP
    if isinstance(error, TemplateError):
        return f"Chạy thử mẫu không được: {error.message or type(error).__name__}."
    return (
        "Chạy thử mẫu không ra được văn bản Word hợp lệ: có thẻ đặt sai chỗ "
        "(thẻ {%p …%} phải đứng một mình trong đoạn, {%tr …%} một mình trong dòng của bảng)."
    )

"""The council's report as a Word file by NĐ 30/2020/NĐ-CP, Phụ lục I (domain.md §4).

The template is code and is rendered in a sandbox; what people typed comes out letter by letter, Jinja or XML signs
included.
"""

import io
from datetime import date, datetime
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from reports.exports.word_chart import Drawing, attach_charts
from reports.exports.word_context import report_charts, report_context
from reports.exports.word_fit import fit_document
from reports.exports.word_template import council_report_template
from reports.values import Consolidation
from reports.wording import printable

# A template is tried before it is taken, but on a made-up report: on real words it may still fail, and says so.
TEMPLATE_FAILS = (TemplateError, etree.XMLSyntaxError)
TEMPLATE_FAILED = (
    "Mẫu Word của Hội đồng không dùng được cho báo cáo này; chưa xuất tệp nào. "
    "Hãy dùng lại mẫu có sẵn, hoặc sửa mẫu rồi tải lên lại."
)


def word_report(
    value: Consolidation,
    *,
    narrative: dict[str, str],
    signing: str,
    addressee: str,
    recipients: list[str],
    number: str = "",
    issued_on: date | None = None,
    draft: bool = True,
    signer: str = "",
    template: bytes | None = None,
) -> bytes:
    """The report as .docx bytes.

    ``narrative``: key of OUTLINE → paragraphs separated by line feeds. ``signing``: a key of word_issuer.SIGNERS,
    which also decides whether the council or the Sở Tư pháp issues. ``number``: as the clerk (văn thư) gave it, "15"
    or "15/BC-HĐPH"; without it, and without ``issued_on``, room is left to write them in. ``draft`` marks the file
    "DỰ THẢO". ``signer``: the name to print instead of the known one. ``template``: a checked template (see
    word_template_check) instead of the built-in one. Raises ValueError for another kind of signing, and what
    ``rendered`` raises.
    """
    context = report_context(
        value,
        narrative=narrative,
        signing=signing,
        signer=signer,
        addressee=addressee,
        recipients=recipients,
        number=number,
        issued_on=issued_on,
        draft=draft,
    )
    document = rendered(template or council_report_template(), context)
    attach_charts(document, report_charts(value))
    fit_document(document, value)
    properties = document.core_properties
    properties.title = printable(f"Báo cáo {context['subject']}")[:255]
    properties.author = properties.last_modified_by = printable(value.council.name)[:255]
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = datetime(value.as_of.year, value.as_of.month, value.as_of.day)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class Template(DocxTemplate):
    """docxtpl that never mends broken XML in silence and leaves the file's properties alone."""

    def build_xml(self, context: dict[str, Any], jinja_env=None):
        xml = super().build_xml(context, jinja_env)
        etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
        return xml

    def render_properties(self, context: dict[str, Any], jinja_env=None) -> None:
        """Title and author are set after rendering; nobody's tags there are run."""


def rendered(template: bytes, context: dict[str, Any]):
    """The filled document (python-docx). Raises jinja2.TemplateError, or lxml.etree.XMLSyntaxError for broken tags."""
    filled = Template(io.BytesIO(template))
    filled.render(context, environment())
    return filled.docx


def environment() -> ImmutableSandboxedEnvironment:
    """Where templates are run: sandboxed, escaped, a missing variable is an error, and nothing beside the context."""
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_literal)
    made.globals.clear()
    return made


def _literal(value: Any) -> Markup:
    """Text that reaches the page as it was typed: no control characters, XML signs escaped.

    Braces go as character references, because docxtpl turns "{_{" into "{{" after rendering.
    """
    if isinstance(value, Drawing):
        return value
    text = escape(printable(value))
    return Markup(str(text).replace("{", "&#123;").replace("}", "&#125;"))

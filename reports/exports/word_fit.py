"""What can be laid out only once the words are known: widths of tables whose columns come from the data, and the lines
under the issuing body, the motto and the subject, whose length follows the words above them.
"""

from collections.abc import Sequence

from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from reports.exports import word_template as layout
from reports.exports.text_width import lines_of
from reports.exports.word_parts import FULL_RULE, RULE, fit
from reports.values import Consolidation

_FIGURE_WIDTHS = [14, 80, 26, 26, 26, 27, 26, 27]
_PREVIOUS_COLUMNS = (4, 5)
# A line is one third to one half of the longest line of words above it; the motto's is as long as the motto.
_SHARES = {RULE: 0.42, FULL_RULE: 1.0}


def fit_document(document: DocumentObject, value: Consolidation) -> None:
    """Fit the tables and lines of a rendered report."""
    for table in document.tables:
        _fit(table, value)
        _hold_ends(table)
    named = {document.styles[name].style_id: share for name, share in _SHARES.items() if name in _names(document)}
    for given in document.element.body.iter(qn("w:p")):
        chosen = given.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if chosen is not None and chosen.get(qn("w:val")) in named:
            _fit_rule(Paragraph(given, document), named[chosen.get(qn("w:val"))], document)


def _names(document: DocumentObject) -> set[str]:
    return {style.name for style in document.styles}


def _fit_rule(rule: Paragraph, share: float, document: DocumentObject) -> None:
    above = rule._p.getprevious()
    while above is not None and above.tag == qn("w:p") and not Paragraph(above, document).text.strip():
        above = above.getprevious()
    if above is None or above.tag != qn("w:p"):
        return
    words = Paragraph(above, document)
    width = rule._p.getparent().find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
    first = document.sections[0]
    room = float(width.get(qn("w:w"))) / 56.6929 if width is not None else 0.0
    room = room or (first.page_width - first.left_margin - first.right_margin) / Mm(1)
    run = next((run for run in words.runs if run.text.strip()), None)
    size = run.font.size.pt if run is not None and run.font.size else 14.0
    bold = run.bold if run is not None and run.bold is not None else bool(words.style and words.style.font.bold)
    longest = max(lines_of(words.text, size, room, bold=bold), default=0.0)
    indent = Mm(max((room - share * longest) / 2, 0))
    rule.paragraph_format.left_indent = rule.paragraph_format.right_indent = indent


def _fit(table, value: Consolidation) -> None:
    """Widths of the tables whose columns come from the data; no column for a previous period equal to last year's.

    A table whose columns the secretariat has changed in its own template is left as it is.
    """
    described = table._tbl.tblPr.xpath("./w:tblDescription/@w:val")
    columns = len(table._tbl.tblGrid.gridCol_lst)
    if described == [layout.FIGURES_TABLE] and columns == len(_FIGURE_WIDTHS):
        widths = list(_FIGURE_WIDTHS)
        if value.period.previous_label == value.period.last_year_label:
            _drop_columns(table, _PREVIOUS_COLUMNS)
            widths = [width for at, width in enumerate(widths) if at not in _PREVIOUS_COLUMNS]
            widths[1] += layout.LANDSCAPE_WIDTH - sum(widths)
        fit(table, widths)
    elif described == [layout.MATRIX_TABLE] and columns > 3:
        agencies = columns - 3
        each = min(30, (layout.LANDSCAPE_WIDTH - 62 - 26 - 22) / agencies)
        fit(table, [layout.LANDSCAPE_WIDTH - 48 - each * agencies, 26, *[each] * agencies, 22])


def _hold_ends(table) -> None:
    """The head of a table does not stand at the foot of a page with one row below it, nor its last row alone."""
    rows = table._tbl.tr_lst
    if len(rows) < 4 or rows[0].trPr is None or rows[0].trPr.find(qn("w:tblHeader")) is None:
        return
    for row in (*rows[:3], rows[-2]):
        for given in row.iter(qn("w:p")):
            Paragraph(given, table).paragraph_format.keep_with_next = True


def _drop_columns(table, columns: Sequence[int]) -> None:
    width = len(_FIGURE_WIDTHS)
    grid = table._tbl.tblGrid
    for at in sorted(columns, reverse=True):
        grid.remove(grid.gridCol_lst[at])
        for row in table._tbl.tr_lst:
            if len(row.tc_lst) > 1:
                row.remove(row.tc_lst[at])
    for row in table._tbl.tr_lst:
        if row.tc_lst[0].grid_span == width:
            row.tc_lst[0].grid_span = width - len(columns)

"""An annex in Word handed back with every error as a comment on its cell; workbooks are marked by agencies/tables."""

import io

from agencies.tables.marking import AUTHOR
from agencies.tables.marking import with_comments as _with_comments
from agencies.tables.source import place_of
from campaigns.imports.word import cell_of, first_paragraph


def with_comments(content: bytes, filename: str, problems) -> tuple[bytes, str]:
    """The person's annex with its errors as comments, and its kind. Raises BadFile."""
    return _with_comments(content, filename, problems, mark_document=mark_document)


def mark_document(content: bytes, notes: dict[tuple[str, str], str]) -> bytes:
    """The .docx with a comment at each place: ('Bảng 2', 'C5') → text."""
    from docx import Document
    from docx.text.paragraph import Paragraph

    document = Document(io.BytesIO(content))
    body = document.element.body
    by_cell: dict[object, list[str]] = {}  # what is merged is one cell
    for (table, address), text in notes.items():
        cell = None
        if table.startswith("Bảng ") and address:
            row, column = place_of(address)
            cell = cell_of(body, int(table.removeprefix("Bảng ")), row, column)
        by_cell.setdefault(body if cell is None else cell, []).append(text)
    for parent, texts in by_cell.items():
        element, text = first_paragraph(parent), "\n\n".join(texts)
        paragraph = Paragraph(element, document._body) if element is not None else document.add_paragraph()
        runs = paragraph.runs or [paragraph.add_run("")]
        document.add_comment([runs[0], runs[-1]], text=text, author=AUTHOR, initials="PB")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()

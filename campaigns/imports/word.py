"""Reading a .docx: its tables cell by cell, merged cells resolved, and its lines of text in order.

The XML is walked directly: rows and cells may sit inside content controls, which python-docx passes over, and each
row is visited once however many cells are merged downwards.
"""

from agencies.tables.package import WORD, Package
from agencies.tables.problems import BadFile
from agencies.tables.source import Annex, SourceLine, SourceRow, SourceTable, clean_lines, lines_of
from campaigns.imports.word_numbering import Numbering

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS = {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}smartTag", f"{W}ins"}
MAX_COLUMNS = 60


def read_document(package: Package) -> Annex:
    """The tables and lines of a document. Raises BadFile when it has no table."""
    body = package.xml("word/document.xml").find(f"{W}body")
    numbering = Numbering(package.xml("word/numbering.xml") if "word/numbering.xml" in package.names else None)
    tables, lines = [], []
    for block in _inside(body, {"p", "tbl"}) if body is not None else ():
        if block.tag == f"{W}p":
            lines += [SourceLine(line) for line in _text([block], numbering).split("\n") if line]
            continue
        rows = tuple(_rows(block, numbering))
        name = f"Bảng {len(tables) + 1}"
        tables.append(SourceTable(name, rows))
        lines += lines_of(name, rows)
    if not tables:
        raise BadFile(
            "Văn bản không có bảng nào. Hãy chọn tệp có phụ lục phân công nhiệm vụ dạng bảng "
            "(STT, Nội dung, Cơ quan chủ trì, Cơ quan phối hợp, Thời gian, Sản phẩm, Ghi chú)."
        )
    return Annex(WORD, tuple(tables), tuple(lines))


def _inside(parent, tags: set[str]):
    """Children with these tags, seen through content controls and tracked insertions."""
    wanted = {W + tag for tag in tags}
    for child in parent:
        if child.tag in wanted:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, tags)


def _rows(table, numbering: Numbering):
    above: dict[int, str] = {}  # grid column → text of the cell that is being merged downwards
    for number, row in enumerate(_inside(table, {"tr"}), 1):
        properties = row.find(f"{W}trPr")
        if properties is not None and properties.find(f"{W}del") is not None:
            continue  # a row deleted under tracked changes
        cells: list[str] = [""] * _number(properties, "gridBefore", 0)
        for cell in _inside(row, {"tc"}):
            cell_properties = cell.find(f"{W}tcPr")
            span = max(1, _number(cell_properties, "gridSpan", 1))
            merge = cell_properties.find(f"{W}vMerge") if cell_properties is not None else None
            column, text = len(cells), _text(_inside(cell, {"p"}), numbering)
            if merge is not None and merge.get(f"{W}val", "continue") != "restart":
                text = above.get(column, "")
            above[column] = text
            cells += [text, *[""] * (span - 1)]
            if len(cells) > MAX_COLUMNS:
                raise BadFile(f"Một bảng có quá {MAX_COLUMNS} cột, không phải là phụ lục phân công nhiệm vụ.")
        yield SourceRow(number, tuple(cells))


def _text(paragraphs, numbering: Numbering) -> str:
    """The text of some paragraphs, one line each; a number that Word itself writes is put in front."""
    lines = []
    for paragraph in paragraphs:
        parts = []
        for node in paragraph.iter(f"{W}t", f"{W}br", f"{W}cr", f"{W}tab", f"{W}noBreakHyphen"):
            if node.tag == f"{W}t":
                parts.append(node.text or "")
            else:
                parts.append({f"{W}tab": " ", f"{W}noBreakHyphen": "-"}.get(node.tag, "\n"))
        lines.append(f"{numbering.label(paragraph)} {''.join(parts)}")
    return clean_lines("\n".join(lines))


def _number(properties, tag: str, default: int) -> int:
    node = properties.find(W + tag) if properties is not None else None
    value = node.get(f"{W}val", "") if node is not None else ""
    return min(int(value), MAX_COLUMNS + 1) if value.isdigit() else default


def cell_of(body, table_number: int, row_number: int, column: int):
    """The element of one cell of the n-th table, all counted as ``read_document`` counts them (the column from 0).

    A cell merged downwards is the one that it continues. None when there is no such cell.
    """
    tables = [block for block in _inside(body, {"p", "tbl"}) if block.tag == f"{W}tbl"]
    if not 0 < table_number <= len(tables):
        return None
    above: dict[int, object] = {}  # grid column → the cell that is being merged downwards
    for number, row in enumerate(_inside(tables[table_number - 1], {"tr"}), 1):
        at = _number(row.find(f"{W}trPr"), "gridBefore", 0)
        for cell in _inside(row, {"tc"}):
            properties = cell.find(f"{W}tcPr")
            span = max(1, _number(properties, "gridSpan", 1))
            merge = properties.find(f"{W}vMerge") if properties is not None else None
            if merge is None or merge.get(f"{W}val", "continue") == "restart" or at not in above:
                above[at] = cell
            if number == row_number and at <= column < at + span:
                return above[at]
            at += span
    return None


def first_paragraph(parent):
    """The first paragraph of a body or a cell, None when it has none."""
    return next(_inside(parent, {"p"}), None)

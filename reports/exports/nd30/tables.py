"""Rules of tables and of annexes that lie on their side."""

from collections.abc import Iterable

from reports.exports.nd30.anatomy import Anatomy
from reports.exports.nd30.finding import Fault, number
from reports.exports.nd30.formatting import W
from reports.exports.nd30.reading import Table


def _where(table: Table) -> str:
    first = next((paragraph.snippet for paragraph in table.paragraphs if paragraph.words), "trống")
    return f"bảng bắt đầu bằng “{first}”"


def _row_has(row, name: str) -> bool:
    found = row.find(f"{W}trPr/{W}{name}")
    return found is not None and found.get(f"{W}val") not in ("0", "false", "off")


def repeated_head(found: Anatomy) -> Iterable[Fault]:
    """The head row repeats on every page."""
    for table in found.data_tables:
        if len(table.rows) > 1 and not _row_has(table.rows[0], "tblHeader"):
            yield Fault("dòng tiêu đề bảng không lặp lại", "lặp dòng tiêu đề ở đầu mỗi trang", _where(table))


def whole_rows(found: Anatomy) -> Iterable[Fault]:
    """No row breaks over two pages; the signature stays in one piece."""
    tables = [*found.data_tables, *([found.signature] if found.signature is not None else [])]
    for table in tables:
        if broken := sum(not _row_has(row, "cantSplit") for row in table.rows):
            yield Fault(f"{broken} dòng có thể bị ngắt sang trang", "không ngắt dòng giữa hai trang", _where(table))


def table_width(found: Anatomy) -> Iterable[Fault]:
    """No table is wider than the text."""
    for table in found.data_tables:
        if table.width > table.room + 4:  # the lines of a table reach 2 mm into each margin, Word's own default
            seen = f"bảng rộng {number(table.width)} mm"
            yield Fault(seen, f"không rộng quá phần chữ ({number(table.room)} mm)", _where(table))


def lying_section_begins_with_words(found: Anatomy) -> Iterable[Fault]:
    """An annex on its side begins with its heading, not with a table."""
    for section in found.file.sections:
        if not section.landscape or section.index < found.annex_section:
            continue
        first = section.blocks[0] if section.blocks else None
        text = "".join(first.itertext()).strip() if first is not None and first.tag == f"{W}p" else ""
        if not text:
            yield Fault(
                "phần ngang không bắt đầu bằng tiêu đề", "đoạn tiêu đề phụ lục đứng đầu", f"phần {section.index + 1}"
            )

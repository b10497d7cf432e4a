"""The guide inside the downloaded template: a last page that says what each variable is. It is never printed."""

import functools

from docx.document import Document as DocumentObject
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from reports.exports.word_context import GUIDE
from reports.exports.word_parts import ALIGN_BOTH, ALIGN_CENTER, ALIGN_LEFT, table_of, tag, write, write_row
from reports.exports.word_template import LANDSCAPE_WIDTH, council_report_template

_HOW = (
    "Trang này chỉ để hướng dẫn, không in ra trong báo cáo. Sửa chữ, phông, lề, thứ tự các phần như văn bản thường; "
    "chỗ nào lấy từ số liệu thì giữ nguyên thẻ trong dấu ngoặc nhọn.",
    "Tên biến viết trong hai dấu ngoặc nhọn kép; danh sách đi giữa thẻ for và thẻ endfor, phần có thể vắng đi giữa thẻ "
    "if và endif. Thẻ có chữ p đứng một mình trong một đoạn, thẻ có chữ tr một mình trong một dòng của bảng, thẻ có "
    "chữ tc một mình trong một ô.",
    "Chỉ dùng được các biến dưới đây với for, if, elif, else và các bộ lọc upper, lower, trim, length, first, last, "
    "join. Không dùng macro, liên kết ngoài, ảnh lấy từ mạng. Tải lên tại trang Mẫu văn bản; cổng chạy thử rồi mới "
    "nhận.",
)


@functools.cache
def template_to_edit() -> bytes:
    """The built-in template with its guide, as the secretariat downloads it."""
    return council_report_template(_guide)


def _guide(document: DocumentObject) -> None:
    tag(document, "if guide")
    title = write(document, "HƯỚNG DẪN SỬA MẪU", bold=True, align=ALIGN_CENTER, keep=True, after=6)
    page_break = OxmlElement("w:pageBreakBefore")
    title._p.get_or_add_pPr().insert_element_before(page_break, "w:spacing", "w:jc")
    for text in _HOW:
        write(document, text, size=13, align=ALIGN_BOTH, after=4)
    table = table_of(document, len(GUIDE) + 1, [52, LANDSCAPE_WIDTH - 52 - 30, 30])
    write_row(table, 0, ("Biến", "Là gì", "Bắt buộc"), bold=True, header=True)
    for at, (name, (words, needed)) in enumerate(GUIDE.items(), 1):
        told = words.replace("{%p if draft %}", "thẻ if")
        write_row(table, at, (name, told, "có" if needed else ""), aligns=[ALIGN_LEFT, ALIGN_LEFT, ALIGN_CENTER])
    for paragraph in document.element.body.iter(qn("w:p")):
        _no_spelling(paragraph)
    tag(document, "endif")


def _no_spelling(paragraph) -> None:
    """Tags are not words: Word must not mark, or mend, them as misspelt."""
    for run in paragraph.iter(qn("w:r")):
        text = "".join(node.text or "" for node in run.iter(qn("w:t")))
        if "{" in text:
            properties = run.get_or_add_rPr()
            proof = OxmlElement("w:noProof")
            properties.insert_element_before(proof, "w:snapToGrid", "w:vanish", "w:color", "w:sz", "w:szCs", "w:u")

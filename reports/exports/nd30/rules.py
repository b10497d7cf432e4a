"""The table of rules, one row each, and the check of a file against all of them."""

from reports.exports.nd30 import body, ending, head, page, tables
from reports.exports.nd30.anatomy import anatomy
from reports.exports.nd30.finding import Finding, Rule, Severity
from reports.exports.nd30.reading import WordFile

# A rule broken in every paragraph is told this many times.
MOST = 5

RULES: tuple[Rule, ...] = (
    Rule("L01", "Khổ giấy A4", "khổ giấy", page.paper),
    Rule("L02", "Chiều trang", "kiểu trình bày", page.orientation),
    Rule("L03", "Lề trang", "định lề trang", page.margins),
    Rule("L04", "Phông chữ Times New Roman", "phông chữ", page.fonts),
    Rule("L05", "Chữ màu đen", "phông chữ", page.black),
    Rule("L06", "Số trang ở giữa lề trên", "số trang", page.page_number_shown),
    Rule("L07", "Trang đầu không có số", "số trang", page.page_number_not_first),
    Rule("L08", "Số trang chữ số Ả Rập, cỡ 13–14", "số trang", page.page_number_look),
    Rule("L09", "Quốc hiệu", "Quốc hiệu và Tiêu ngữ", head.nation),
    Rule("L10", "Tiêu ngữ", "Quốc hiệu và Tiêu ngữ", head.motto),
    Rule("L11", "Đường kẻ dưới Tiêu ngữ", "Quốc hiệu và Tiêu ngữ", head.motto_line),
    Rule("L12", "Cơ quan chủ quản", "tên cơ quan ban hành văn bản", head.parent),
    Rule("L13", "Cơ quan ban hành", "tên cơ quan ban hành văn bản", head.issuer),
    Rule("L14", "Đường kẻ dưới tên cơ quan", "tên cơ quan ban hành văn bản", head.issuer_line),
    Rule("L15", "Số, ký hiệu", "số, ký hiệu của văn bản", head.document_number),
    Rule("L16", "Địa danh và thời gian", "địa danh và thời gian ban hành", head.place_and_date),
    Rule("L17", "Tên loại", "tên loại và trích yếu nội dung", head.kind),
    Rule("L18", "Trích yếu", "tên loại và trích yếu nội dung", head.subject),
    Rule("L19", "Đường kẻ dưới trích yếu", "tên loại và trích yếu nội dung", head.subject_line),
    Rule("L20", "Kính gửi", "nội dung văn bản", head.addressee),
    Rule("L21", "Căn cứ", "nội dung văn bản", body.bases),
    Rule("L22", "Cỡ chữ nội dung", "nội dung văn bản", body.body_size),
    Rule("L23", "Canh đều hai lề", "nội dung văn bản", body.body_align),
    Rule("L24", "Lùi đầu dòng", "nội dung văn bản", body.body_indent),
    Rule("L25", "Khoảng cách đoạn", "nội dung văn bản", body.body_spacing),
    Rule("L26", "Giãn dòng", "nội dung văn bản", body.body_lines),
    Rule("L27", "Đánh số đề mục", "nội dung văn bản", body.heading_numbers),
    Rule("L28", "Trình bày đề mục", "nội dung văn bản", body.heading_look),
    Rule("L29", "Chức vụ người ký", "chức vụ, họ tên và chữ ký", ending.signature_look),
    Rule("L30", "Hình thức ký TM., KT., TL., TUQ., Q.", "chức vụ, họ tên và chữ ký", ending.signature_form),
    Rule("L31", "Họ tên người ký", "chức vụ, họ tên và chữ ký", ending.signer_name),
    Rule("L32", "Chỗ ký, đóng dấu", "chức vụ, họ tên và chữ ký", ending.seal_room),
    Rule("L33", "Nơi nhận", "nơi nhận", ending.recipients_title),
    Rule("L34", "Danh sách nơi nhận", "nơi nhận", ending.recipients_list),
    Rule("L35", "Số phụ lục", "phụ lục", ending.annex_number),
    Rule("L36", "Tiêu đề phụ lục", "phụ lục", ending.annex_title),
    Rule("L37", "Dòng “Kèm theo”", "phụ lục", ending.annex_attached),
    Rule("L38", "Lặp dòng tiêu đề bảng", "kiểu trình bày", tables.repeated_head),
    Rule("L39", "Dòng bảng, khối chữ ký không bị ngắt trang", "kiểu trình bày", tables.whole_rows),
    Rule("L40", "Bảng không tràn lề", "định lề trang", tables.table_width),
    Rule("L41", "Trang ngang bắt đầu bằng tiêu đề", "phụ lục", tables.lying_section_begins_with_words),
    Rule("L42", "Dấu chỉ độ mật, mức độ khẩn", "dấu chỉ độ mật, mức độ khẩn", head.urgency),
    Rule("L43", "Unicode tiếng Việt dựng sẵn", "phông chữ", page.unicode_text),
    Rule("L44", "Viết hoa", "viết hoa (Phụ lục II)", body.capitals),
)


def check(content: bytes) -> list[Finding]:
    """What is off in a .docx, in the order of the rules. Raises NotWord, in words, for what cannot be opened."""
    document = anatomy(WordFile(content))
    findings: list[Finding] = []
    for rule in RULES:
        faults = list(dict.fromkeys(rule.check(document)))
        for fault in faults[:MOST]:
            findings.append(
                Finding(rule.id, rule.title, rule.source, fault.severity, fault.found, fault.required, fault.where)
            )
        if more := len(faults) - MOST:
            if more > 0:
                last = faults[MOST]
                findings.append(
                    Finding(
                        rule.id, rule.title, rule.source, last.severity, f"lỗi này ở {more} chỗ nữa", last.required, ""
                    )
                )
    return [*_unreadable(document.file), *findings]


def _unreadable(file: WordFile) -> list[Finding]:
    """Sizes and lengths that are no numbers: Word may refuse the whole file, and the rules saw the default instead."""
    return [
        Finding(
            "L00",
            "Số đo đọc được",
            "Định dạng tệp .docx (Office Open XML)",
            Severity.ERROR,
            f"thuộc tính {told} không phải số",
            "số; hãy đặt lại cỡ chữ, lề hoặc khoảng cách ở chỗ này rồi lưu lại",
            "",
        )
        for told in list(file.styles.unreadable)[:MOST]
    ]


def errors(findings: list[Finding]) -> list[Finding]:
    """The findings that are errors, not warnings."""
    return [finding for finding in findings if finding.severity == Severity.ERROR]

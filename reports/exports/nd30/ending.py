"""Rules of the ending: signature, recipients, annexes."""

import re
from collections.abc import Iterable

from agencies.vietnamese import fold_words, int_to_roman
from reports.exports.nd30.anatomy import Anatomy
from reports.exports.nd30.finding import Fault, Severity, at, not_centred, number, wrong_look, wrong_size

# The signer's academic rank and degree are not written, Phụ lục I.
_ACADEMIC = re.compile(r"^(GS|PGS|TSKH|TS|ThS|CN|CKI+|Giáo sư|Phó Giáo sư|Tiến sĩ|Thạc sĩ|Cử nhân)\b[.,]?\s", re.I)
_DEPUTY = re.compile(r"^(PHÓ|QUYỀN PHÓ)\b")
_BY = re.compile(r"^(TM|KT|TL|TUQ|Q)\b(\.?)\s*(.*)$")
SEAL_ROOM = 60  # points between title and name


def signature_look(found: Anatomy) -> Iterable[Fault]:
    """Authority and title: on the right, capitals, bold, upright, 13–14, centred."""
    if not found.titles:
        yield Fault("không có quyền hạn, chức vụ của người ký", "khối chữ ký ở bên phải, dưới nội dung")
        return
    if found.titles[0].cell is not None and found.titles[0].cell[2] == 0:
        yield Fault("khối chữ ký ở bên trái", "khối chữ ký ở bên phải", at(found.titles[0]))
    for given in found.titles:
        yield from wrong_size(given, 13, 14, "chức vụ người ký")
        yield from wrong_look(given, "chức vụ người ký", bold=True, italic=False, upper=True)
        yield from not_centred(given, "chức vụ người ký")


def signature_form(found: Anatomy) -> Iterable[Fault]:
    """TM. for a collective body, KT. for a deputy, TL., TUQ., Q.; the form follows the issuing body (seal rule)."""
    lines = [line for given in found.titles for line in given.text.upper().split("\n") if line.strip()]
    lines = [" ".join(line.split()) for line in lines]
    if not lines:
        return
    where = at(found.titles[0])
    marks = {}
    for line in lines:
        if match := _BY.match(line):
            marks[match[1]] = match[3]
            if not match[2]:
                yield Fault(f"“{line}”", f"“{match[1]}.” có dấu chấm rồi đến chức vụ", where)
    council = any(fold_words(given.words).startswith("hoi dong") for given in found.issuer)
    if council and "TM" not in marks:
        yield Fault(f"“{lines[0]}”", "“TM. HỘI ĐỒNG”: hội đồng làm việc tập thể nên người ký thay mặt (TM.)", where)
    if found.issuer and not council and "TM" in marks and not _collective(found):
        yield Fault(
            f"“TM. {marks['TM']}”", "chức vụ người đứng đầu: cơ quan theo chế độ thủ trưởng không dùng TM.", where
        )
    if council and "TM" in marks and "HỘI ĐỒNG" not in marks["TM"]:
        yield Fault(f"“TM. {marks['TM']}”", "“TM. HỘI ĐỒNG”", where)
    if any(_DEPUTY.match(line) for line in lines) and not {"KT", "TL", "TUQ"} & set(marks):
        yield Fault(f"“{next(line for line in lines if _DEPUTY.match(line))}”", "cấp phó ký thay: thêm “KT. …”", where)
    if "KT" in marks and not any(_DEPUTY.match(line) for line in lines):
        yield Fault(f"“KT. {marks['KT']}”", "chức vụ của cấp phó ngay dưới dòng “KT.”", where)
    if marks and all(_BY.match(line) for line in lines if line) and set(marks) <= {"TM"}:
        yield Fault(f"“{lines[0]}”", "chức vụ người ký dưới dòng quyền hạn", where)


def _collective(found: Anatomy) -> bool:
    own = ("uy ban nhan dan", "ban thuong vu", "ban chap hanh", "uy ban", "ban chi dao", "doan", "ban")
    return any(fold_words(given.words).startswith(own) for given in found.issuer)


def signer_name(found: Anatomy) -> Iterable[Fault]:
    """The full name: bold, upright, 13–14, small letters, no academic rank or degree."""
    given = found.signer
    if given is None:
        if found.titles:
            yield Fault("chưa có họ tên người ký", "họ tên người ký dưới chỗ ký", "", Severity.WARNING)
        return
    yield from wrong_size(given, 13, 14, "họ tên người ký")
    yield from wrong_look(given, "họ tên người ký", bold=True, italic=False)
    if given.words == given.words.upper():
        yield Fault("họ tên người ký chữ in hoa", "chữ in thường, hoa chữ cái đầu", at(given))
    if _ACADEMIC.match(given.words):
        yield Fault(f"“{given.snippet}”", "không ghi học hàm, học vị trước họ tên người ký", at(given))


def seal_room(found: Anatomy) -> Iterable[Fault]:
    """Room for the signature and the seal."""
    if found.titles and found.gap < SEAL_ROOM:
        seen = f"khoảng {number(found.gap)} pt giữa chức vụ và họ tên"
        yield Fault(seen, f"chừa ít nhất {SEAL_ROOM} pt (khoảng 4 dòng) để ký, đóng dấu", at(found.titles[-1]))


def recipients_title(found: Anatomy) -> Iterable[Fault]:
    """'Nơi nhận:' on the left, 12, bold, italic."""
    given = found.recipients_title
    if given is None:
        yield Fault("không có mục “Nơi nhận:”", "“Nơi nhận:” ở góc dưới bên trái")
        return
    if given.words != "Nơi nhận:":
        yield Fault(f"“{given.snippet}”", "“Nơi nhận:”", at(given))
    if given.cell is not None and given.cell[2] != 0:
        yield Fault("“Nơi nhận:” ở bên phải", "ở góc dưới bên trái", at(given))
    yield from wrong_size(given, 12, 12, "“Nơi nhận:”")
    yield from wrong_look(given, "“Nơi nhận:”", bold=True, italic=True)


def recipients_list(found: Anatomy) -> Iterable[Fault]:
    """Lines of size 11, '- …;', the last '- Lưu: VT, … .'."""
    lines = found.recipients
    if not lines:
        yield Fault("không có nơi nhận nào", "“- …;” và dòng cuối “- Lưu: VT, ….”")
        return
    for given in lines:
        yield from wrong_size(given, 11, 11, "nơi nhận")
        yield from wrong_look(given, "nơi nhận", bold=False, italic=False)
        mark = "." if given is lines[-1] else ";"
        if not given.words.startswith("- ") or not given.words.endswith(mark):
            yield Fault(f"“{given.snippet}”", f"gạch đầu dòng (- ) và cuối dòng có dấu “{mark}”", at(given))
    if not re.match(r"^- Lưu: VT\b", lines[-1].words):
        yield Fault(f"dòng cuối “{lines[-1].snippet}”", "dòng cuối “- Lưu: VT, ….”", at(lines[-1]))


def annex_number(found: Anatomy) -> Iterable[Fault]:
    """'Phụ lục I': bold, upright, 14, centred, Roman and in order when there are several."""
    for place, annex in enumerate(found.annexes, 1):
        given = annex.number
        wanted = "Phụ lục" if len(found.annexes) == 1 else f"Phụ lục {int_to_roman(place)}"
        if given.words != wanted and not (len(found.annexes) == 1 and given.words == "Phụ lục I"):
            yield Fault(f"“{given.snippet}”", f"“{wanted}”", at(given))
        yield from wrong_size(given, 14, 14, "số phụ lục")
        yield from wrong_look(given, "số phụ lục", bold=True, italic=False)
        yield from not_centred(given, "số phụ lục")


def annex_title(found: Anatomy) -> Iterable[Fault]:
    """The title of an annex: capitals, bold, 13–14, centred."""
    for annex in found.annexes:
        if not annex.title:
            yield Fault("phụ lục không có tiêu đề", "tiêu đề chữ in hoa, đậm, canh giữa", at(annex.number))
        for given in annex.title:
            yield from wrong_size(given, 13, 14, "tiêu đề phụ lục")
            yield from wrong_look(given, "tiêu đề phụ lục", bold=True, italic=False, upper=True)
            yield from not_centred(given, "tiêu đề phụ lục")


def annex_attached(found: Anatomy) -> Iterable[Fault]:
    """'(Kèm theo Báo cáo số … ngày …)': italic, 13–14, centred, in brackets, the document's own number."""
    for annex in found.annexes:
        given = annex.attached
        if given is None:
            yield Fault("phụ lục không dẫn văn bản kèm theo", "“(Kèm theo Báo cáo số … ngày … )”", at(annex.number))
            continue
        yield from wrong_size(given, 13, 14, "dòng “Kèm theo”")
        yield from wrong_look(given, "dòng “Kèm theo”", bold=False, italic=True)
        yield from not_centred(given, "dòng “Kèm theo”")
        if not re.match(r"^\(Kèm theo .*\)$", given.words):
            yield Fault(f"“{given.snippet}”", "đặt trong ngoặc đơn: “(Kèm theo …)”", at(given))
        if found.number is not None:
            own = "".join(found.number.words.removeprefix("Số:").split())
            if own not in "".join(given.words.split()):
                yield Fault(f"“{given.snippet}”", f"dẫn đúng số của văn bản: {own}", at(given))

"""Rules of the head: nation and motto, issuing body, number, place and date, kind, subject, addressee."""

import re
from collections.abc import Iterable
from datetime import date

from agencies.vietnamese import fold_words
from reports.exports.nd30.anatomy import Anatomy, has_line
from reports.exports.nd30.finding import Fault, at, not_centred, wrong_look, wrong_size
from reports.exports.nd30.reading import Paragraph
from reports.exports.text_width import lines_of

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
# Abbreviations of the kinds of document in the number (NĐ 30/2020, Phụ lục III), folded kind → code.
CODES = {
    "bao cao": "BC", "ke hoach": "KH", "chuong trinh": "CTr", "to trinh": "TTr", "thong bao": "TB",
    "quyet dinh": "QĐ", "huong dan": "HD", "nghi quyet": "NQ", "chi thi": "CT", "de an": "ĐA", "du an": "DA",
    "phuong an": "PA", "bien ban": "BB", "hop dong": "HĐ", "giay moi": "GM", "quy che": "QC", "quy dinh": "QyĐ",
}  # fmt: skip
_NUMBER = re.compile(r"^Số:\s*([0-9]{0,9})\s*/\s*(\S+)$")
_DATE = re.compile(r"^(.*?)(,?)\s*ngày\s*([0-9]{0,4})\s*tháng\s*([0-9]{0,4})\s*năm\s*([0-9]{0,9})$")
_SHARE = (0.30, 0.55)  # of the text's length: one third to one half, measured without the font itself


def nation(found: Anatomy) -> Iterable[Fault]:
    """The nation's name: capitals, 12–13, bold, upright, on the right."""
    given = found.nation
    if given is None:
        yield Fault("không có Quốc hiệu", f"“{NATION}”")
        return
    if " ".join(given.words.upper().split()) != NATION:
        yield Fault(f"“{given.snippet}”", f"“{NATION}”", at(given))
    yield from wrong_size(given, 12, 13, "Quốc hiệu")
    yield from wrong_look(given, "Quốc hiệu", bold=True, italic=False, upper=True)


def motto(found: Anatomy) -> Iterable[Fault]:
    """The motto: 13–14, bold, upright, first letters capital, words parted by ' - '."""
    given = found.motto
    if given is None:
        yield Fault("không có Tiêu ngữ", f"“{MOTTO}”")
        return
    if given.words != MOTTO:
        yield Fault(f"“{given.snippet}”", f"“{MOTTO}”, giữa các cụm từ có gạch nối và cách chữ", at(given))
    yield from wrong_size(given, 13, 14, "Tiêu ngữ")
    yield from wrong_look(given, "Tiêu ngữ", bold=True, italic=False)


def motto_line(found: Anatomy) -> Iterable[Fault]:
    """A line below the motto, as long as the motto."""
    if found.motto is not None:
        yield from _line(found, [found.motto], (0.85, 1.25), "Tiêu ngữ", "bằng độ dài của Tiêu ngữ")


def parent(found: Anatomy) -> Iterable[Fault]:
    """The superior body: capitals, 12–13, upright, not bold."""
    for given in found.parent:
        yield from wrong_size(given, 12, 13, "tên cơ quan chủ quản")
        yield from wrong_look(given, "tên cơ quan chủ quản", bold=False, italic=False, upper=True)


def issuer(found: Anatomy) -> Iterable[Fault]:
    """The issuing body: capitals, 12–13, bold, upright."""
    if not found.issuer:
        yield Fault("không có tên cơ quan ban hành văn bản", "tên cơ quan ở ô bên trái, chữ in hoa, đậm")
    for given in found.issuer:
        yield from wrong_size(given, 12, 13, "tên cơ quan ban hành")
        yield from wrong_look(given, "tên cơ quan ban hành", bold=True, italic=False, upper=True)
        yield from not_centred(given, "tên cơ quan ban hành")


def issuer_line(found: Anatomy) -> Iterable[Fault]:
    """A line below the issuing body, one third to one half of its length."""
    if found.issuer:
        yield from _line(found, found.issuer, _SHARE, "tên cơ quan ban hành", "bằng 1/3 đến 1/2 độ dài dòng chữ")


def document_number(found: Anatomy) -> Iterable[Fault]:
    """'Số: 05/BC-STP': 13, upright, 0 before 1–9, the right abbreviation; no number yet only in a draft."""
    given = found.number
    if given is None:
        yield Fault("không có số, ký hiệu", "“Số: …/BC-…” dưới tên cơ quan ban hành")
        return
    yield from wrong_size(given, 13, 13, "số, ký hiệu")
    yield from wrong_look(given, "số, ký hiệu", bold=False, italic=False)
    match = _NUMBER.match(given.words)
    if match is None:
        yield Fault(
            f"“{given.snippet}”", "“Số: ” rồi số, gạch chéo, ký hiệu liền nhau, ví dụ “Số: 05/BC-STP”", at(given)
        )
        return
    figures, code = match.groups()
    if not figures and not found.draft:
        yield Fault("chưa có số", "số do văn thư cấp (chỉ bản dự thảo được để trống)", at(given))
    elif figures and (int(figures) == 0 or len(figures) != max(2, len(str(int(figures))))):
        yield Fault(f"số “{figures}”", "số nhỏ hơn 10 có số 0 phía trước (05), từ 10 trở lên thì không", at(given))
    wanted = CODES.get(fold_words(found.kind.words)) if found.kind is not None else None
    if wanted and not code.startswith(f"{wanted}-"):
        yield Fault(f"ký hiệu “{code}”", f"ký hiệu bắt đầu bằng “{wanted}-” (chữ viết tắt tên loại)", at(given))


def place_and_date(found: Anatomy) -> Iterable[Fault]:
    """'Cần Thơ, ngày 05 tháng 02 năm 2025': italic, 13–14, a comma, 0 before days 1–9 and months 1, 2."""
    given = found.place
    if given is None:
        yield Fault("không có địa danh và thời gian ban hành", "“Cần Thơ, ngày … tháng … năm …”")
        return
    yield from wrong_size(given, 13, 14, "địa danh và thời gian")
    yield from wrong_look(given, "địa danh và thời gian", bold=False, italic=True)
    match = _DATE.match(given.words)
    if match is None:
        yield Fault(f"“{given.snippet}”", "“Địa danh, ngày … tháng … năm …”", at(given))
        return
    place, comma, day, month, year = match.groups()
    if not place or not place[0].isupper() or not comma:
        yield Fault(f"“{given.snippet}”", "địa danh viết hoa, có dấu phẩy sau địa danh", at(given))
    if not (day and month):
        if not found.draft:
            yield Fault("chưa có ngày, tháng", "ngày, tháng ban hành (chỉ bản dự thảo được để trống)", at(given))
        return
    if len(day) < 2 or (int(month) < 3 and len(month) < 2):
        yield Fault(f"“ngày {day} tháng {month}”", "thêm số 0 trước ngày nhỏ hơn 10 và tháng 1, 2", at(given))
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        yield Fault(f"“ngày {day} tháng {month} năm {year}”", "ngày có thật", at(given))


def kind(found: Anatomy) -> Iterable[Fault]:
    """The kind of document: capitals, bold, upright, 13–14, centred."""
    given = found.kind
    if given is None:
        yield Fault("không có tên loại văn bản", "tên loại, ví dụ “BÁO CÁO”, canh giữa dưới phần đầu")
        return
    yield from wrong_size(given, 13, 14, "tên loại")
    yield from wrong_look(given, "tên loại", bold=True, italic=False, upper=True)
    yield from not_centred(given, "tên loại")


def subject(found: Anatomy) -> Iterable[Fault]:
    """The subject below the kind: bold, upright, 13–14, centred."""
    if not found.subject:
        yield Fault("không có trích yếu nội dung", "trích yếu ngay dưới tên loại")
    for given in found.subject:
        yield from wrong_size(given, 13, 14, "trích yếu")
        yield from wrong_look(given, "trích yếu", bold=True, italic=False)
        yield from not_centred(given, "trích yếu")


def subject_line(found: Anatomy) -> Iterable[Fault]:
    """A line below the subject, one third to one half of its length."""
    if found.subject:
        yield from _line(found, found.subject, _SHARE, "trích yếu", "bằng 1/3 đến 1/2 độ dài dòng chữ")


def addressee(found: Anatomy) -> Iterable[Fault]:
    """'Kính gửi: …': 13–14, upright, not bold, a colon and a name."""
    given = found.addressee
    if given is None:
        return
    yield from wrong_size(given, 13, 14, "Kính gửi")
    yield from wrong_look(given, "Kính gửi", bold=False, italic=False)
    if not re.match(r"^Kính gửi:(\s\S.*)?$", given.words):
        yield Fault(f"“{given.snippet}”", "“Kính gửi: ” rồi tên cơ quan nhận", at(given))


def urgency(found: Anatomy) -> Iterable[Fault]:
    """Marks of secrecy and urgency, where there are any: capitals, bold, 13–14."""
    for given in found.urgency:
        yield from wrong_size(given, 13, 14, "dấu chỉ độ mật, mức độ khẩn")
        yield from wrong_look(given, "dấu chỉ độ mật, mức độ khẩn", bold=True, upper=True)


def _line(found: Anatomy, above: list[Paragraph], share: tuple[float, float], what: str, asked: str) -> Iterable[Fault]:
    """The line below some text: there must be one, of a length between two shares of the longest line of text."""
    length = _length_below(found, above[-1])
    if length is None:
        yield Fault(f"không có đường kẻ dưới {what}", f"đường kẻ nét liền {asked}", at(above[-1]))
        return
    text = 0.0
    for given in above:
        size, bold = max(given.sizes(), default=14.0), any(run.look.bold for run in given.visible)
        words = given.text.upper() if any(run.look.caps for run in given.visible) else given.text
        text = max(text, *lines_of(words, size, given.room - given.layout.left - given.layout.right, bold=bold))
    if text and not share[0] <= length / text <= share[1]:
        seen = f"đường kẻ dưới {what} dài {length / text:.0%} dòng chữ"
        yield Fault(seen, f"đường kẻ {asked}", at(above[-1]))


def _length_below(found: Anatomy, given: Paragraph) -> float | None:
    """The length in mm of the line in a paragraph or in the empty ones below it."""
    if given.lines_drawn:
        return given.lines_drawn[0]
    if "bottom" in given.layout.borders:
        return _border(given)
    following = found.file.after(given)
    while following is not None and not following.words and following.cell == given.cell:
        if has_line(following):
            return following.lines_drawn[0] if following.lines_drawn else _border(following)
        following = found.file.after(following)
    return None


def _border(given: Paragraph) -> float:
    return given.room - given.layout.left - given.layout.right

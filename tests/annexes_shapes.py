"""Ten annexes of different shapes, as provincial offices write them, each with what must be read from it.

Built cell by cell: LEFT merges a cell with the one to its left, UP with the one above.
"""

import io
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import xlsxwriter
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from agencies.models import Council
from tests.world import make_agency, make_council

LEFT, UP = "\0<", "\0^"
BODIES = [
    ("stp", "Sở Tư pháp thành phố Cần Thơ", "Sở Tư pháp", "STP"),
    ("mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam thành phố Cần Thơ", "UB MTTQVN", "UBMTTQVN"),
    ("gddt", "Sở Giáo dục và Đào tạo thành phố Cần Thơ", "Sở GD&ĐT", "SGDĐT"),
    ("noi-vu", "Sở Nội vụ thành phố Cần Thơ", "Sở Nội vụ", "SNV"),
    ("cong-an", "Công an thành phố Cần Thơ", "Công an thành phố", "CATP"),
    ("phu-nu", "Hội Liên hiệp Phụ nữ thành phố Cần Thơ", "Hội LHPN", "HLHPN"),
    ("dan-toc", "Ban Dân tộc thành phố Cần Thơ", "Ban Dân tộc", "BDT"),
    ("thanh-doan", "Thành đoàn Cần Thơ", "Thành đoàn", "TĐ"),
    ("atgt", "Ban An toàn giao thông thành phố Cần Thơ", "Ban ATGT", "BATGT"),
    ("luat-gia", "Hội Luật gia thành phố Cần Thơ", "Hội Luật gia", "HLG"),
]


def council_of_cantho() -> Council:
    """The council with its ten agencies."""
    council = make_council("can-tho", "thành phố Cần Thơ")
    for order, (code, name, short_name, abbreviation) in enumerate(BODIES):
        make_agency(council, code, name, short_name, order, abbreviation=abbreviation)
    return council


@dataclass(frozen=True)
class Expected:
    """One task as it must be read. ``due`` and ``starts`` are ISO days or ''; ``lead`` and ``supporting`` are codes."""

    number: str
    section: str
    title: str
    lead: str
    supporting: tuple[str, ...] = ()
    due: str = ""
    recurrence: str = ""
    starts: str = ""
    note: str = ""

    @property
    def due_date(self) -> date | None:
        return date.fromisoformat(self.due) if self.due else None

    @property
    def starts_on(self) -> date | None:
        return date.fromisoformat(self.starts) if self.starts else None


@dataclass(frozen=True)
class Shape:
    """An annex and what it holds."""

    filename: str
    build: Callable[[], bytes]
    tasks: tuple[Expected, ...]
    number: str = ""
    span: tuple[str, str] = ("2024-01-01", "2025-12-31")
    signatories: frozenset[str] = frozenset()


# --- building ----------------------------------------------------------------------------------------------------------


def word_table(document, rows) -> None:
    """A table of a document, cells merged where the rows say so."""
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            if text not in {LEFT, UP}:
                table.cell(y, x).text = text
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            if text == LEFT and (x + 1 == len(row) or row[x + 1] != LEFT):
                first = max(at for at in range(x) if row[at] != LEFT)
                table.cell(y, first).merge(table.cell(y, x))
            if text == UP and (y + 1 == len(rows) or rows[y + 1][x] != UP):
                first = max(at for at in range(y) if rows[at][x] != UP)
                table.cell(first, x).merge(table.cell(y, x))


def word(*parts) -> bytes:
    """A document of paragraphs (text) and tables (rows)."""
    document = Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
        else:
            word_table(document, part)
    return saved(document)


def saved(document) -> bytes:
    """The bytes of a document."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def excel_grid(page, rows, *, top=0, left=0) -> None:
    """Rows of a sheet from a cell on, merged where they say so."""
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            if text in {LEFT, UP, ""}:
                continue
            right = x
            while right + 1 < len(row) and row[right + 1] == LEFT:
                right += 1
            bottom = y
            while bottom + 1 < len(rows) and rows[bottom + 1][x] == UP:
                bottom += 1
            if (bottom, right) != (y, x):
                page.merge_range(top + y, left + x, top + bottom, left + right, text)
            else:
                page.write(top + y, left + x, text)


def excel(fill) -> bytes:
    """A workbook filled by a function of the book."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    fill(book)
    book.close()
    return out.getvalue()


def wide(text: str, columns: int) -> list[str]:
    """One cell over the whole row."""
    return [text, *[LEFT] * (columns - 1)]


# --- the ten -----------------------------------------------------------------------------------------------------------

HEADING = ["STT", "Nội dung công việc", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian thực hiện", "Sản phẩm"]
LETTERHEAD = (
    "Số: 02/KHPH-STP-UBMTTQVN-CATP",
    "Cần Thơ, ngày 29 tháng 02 năm 2024",
    "KẾ HOẠCH",
    "Phối hợp thực hiện công tác phổ biến, giáo dục pháp luật, hòa giải ở cơ sở giai đoạn 2024 - 2025",
)
SIGNED = [["GIÁM ĐỐC SỞ TƯ PHÁP", "TM. BAN THƯỜNG TRỰC"], ["Lê Văn Minh", "Trần Thị Hoa"]]
PREPARE, SPREAD = "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", "II. CÔNG TÁC PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT"


def two_row_heading() -> bytes:
    """Word: "Cơ quan" over "Chủ trì | Phối hợp", "Thời gian" over "Bắt đầu | Hoàn thành"; numbered columns."""
    rows = [
        ["STT", "Nội dung nhiệm vụ", "Cơ quan", LEFT, "Thời gian", LEFT, "Sản phẩm"],
        [UP, UP, "Chủ trì", "Phối hợp", "Bắt đầu", "Hoàn thành", UP],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
        wide(PREPARE, 7),
        ["1", "Ban hành kế hoạch thực hiện năm 2024", "STP", "UB MTTQ", "01/3/2024", "31/3/2024", "Kế hoạch"],
        [
            "2",
            "Khảo sát nhu cầu tìm hiểu pháp luật",
            "Sở Tư pháp",
            "Hội LHPN",
            "Quý II/2024",
            "Quý III/2024",
            "Báo cáo",
        ],
        wide(SPREAD, 7),
        ["1", "Đăng tải tin, bài trên cổng thông tin", "CATP", "", "Thường xuyên", "", "Tin, bài"],
        ["2", "Kiểm tra thực hiện kế hoạch phối hợp", "Sở Tư pháp", "CATP", "", "15/11/2024", "Biên bản"],
    ]
    return word(*LETTERHEAD, rows, SIGNED)


def merged_leads() -> bytes:
    """Excel, from column B: one lead for three rows, a blank column, titles above, blank rows, signatures below."""
    rows = [
        ["TT", "Nhiệm vụ", "", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn", "Kết quả"],
        wide("I. HÒA GIẢI Ở CƠ SỞ", 7),
        [1, "Hướng dẫn bầu, kiện toàn tổ hòa giải", "", "Ủy ban MTTQVN thành phố", "STP", "Quý II/2024", "Tổ hòa giải"],
        [2, "Giám sát việc thực hiện pháp luật về hòa giải ở cơ sở", "", UP, UP, "Hằng năm", "Báo cáo giám sát"],
        [3, "Lồng ghép PBGDPL trong Ngày hội Đại đoàn kết", "", UP, "", "Tháng 11/2024", "Cuộc"],
        ["", "", "", "", "", "", ""],
        wide("II. TẬP HUẤN", 7),
        [1, "Tập huấn kỹ năng cho hòa giải viên theo Đề án 315", "", "STP", "UB MTTQ; Hội Luật gia", "2025", "Lớp"],
    ]

    def fill(book):
        page = book.add_worksheet("Phụ lục")
        page.write("B1", "PHỤ LỤC PHÂN CÔNG NHIỆM VỤ")
        page.write("B2", "(Kèm theo Kế hoạch phối hợp số 05/KHPH-STP-UBMTTQVN ngày 29/02/2024)")
        excel_grid(page, rows, top=3, left=1)
        page.write("B14", "Nơi nhận:")
        page.write("F14", "KT. GIÁM ĐỐC")
        page.write("B15", "- Như trên;")

    return excel(fill)


def ditto() -> bytes:
    """Word: "nt", "-nt-", "như trên" and quotation marks in lead, supporting and timing."""
    rows = [
        HEADING,
        ["1", "Phiên tòa giả định trong trường học", "Thành đoàn", "Sở GD&ĐT, Sở Tư pháp", "Hằng quý", "Phiên"],
        ["2", "Hội thi “Tuổi trẻ với pháp luật”", "nt", "-nt-", "Tháng 3/2024", "Cuộc thi"],
        ["3", "Diễn đàn đối thoại với thanh niên", "Như trên", "", '"', "Cuộc"],
        ["4", "Tư vấn, trợ giúp pháp lý cho thanh thiếu niên", "STP", "Thành đoàn", "Thường xuyên", "Vụ"],
        ["5", "Ra quân chiến dịch hè tình nguyện", "Thành đoàn", "-nt-", "Trước ngày 30/6/2024", "Cuộc"],
        ["6", "Video ngắn, infographic pháp luật", "“", "n/t", "(như trên)", "Sản phẩm"],
    ]
    return word(*LETTERHEAD, rows)


def broken_over_pages() -> bytes:
    """Word: the list goes on in a second table with the heading repeated, and in a third one without."""
    first = [
        HEADING,
        wide(PREPARE, 6),
        ["1", "Rà soát, củng cố đội ngũ báo cáo viên pháp luật", "Sở Nội vụ", "STP", "Thường xuyên", "Danh sách"],
        wide(SPREAD, 6),
        ["1", "Phổ biến Luật Căn cước", "Công an", "STP", "Quý II–III/2024", "Cuộc"],
    ]
    second = [
        HEADING,
        ["2", "Phòng, chống lừa đảo trên không gian mạng", "Công an", "Thành đoàn", "Thường xuyên", "Cuộc"],
        ["3", "Giáo dục pháp luật cho phạm nhân sắp mãn hạn", "Công an", "", "Hằng quý", "Cuộc"],
    ]
    third = [
        ["4", "Bồi dưỡng báo cáo viên trong Công an", "Công an", "STP", "Hằng năm", "Lớp"],
        wide("III. SƠ KẾT, TỔNG KẾT", 6),
        ["1", "Tổng kết giai đoạn, khen thưởng", "STP", "Các bên ký kết", "Trước ngày 15/11/2025", "Báo cáo"],
    ]
    return word(*LETTERHEAD, first, "", second, "", third, "", SIGNED)


def several_sheets() -> bytes:
    """Excel: an annex on each of two sheets, columns the portal does not know, a sheet without tasks, a hidden one."""
    heading = ["STT", "Nội dung", "Địa điểm", "Chủ trì", "Phối hợp", "Thời gian", "Kinh phí (triệu đồng)", "Ghi chú"]

    def fill(book):
        police = book.add_worksheet("Công an")
        police.write("A1", "KẾ HOẠCH phối hợp phổ biến, giáo dục pháp luật về an ninh, trật tự năm 2024")
        excel_grid(police, [
            heading,
            [1, "Tuyên truyền tác hại ma túy cho học sinh", "Quận Ninh Kiều", "CATP", "Sở GDĐT", "Tháng 9", 25.5, ""],
            [2, "Luân chuyển sách pháp luật tới trại giam", "", "CATP", "STP", "Hằng năm", "", "2.200 bản"],
        ], top=2)  # fmt: skip
        traffic = book.add_worksheet("Ban ATGT")
        excel_grid(traffic, [
            heading,
            [1, "Trật tự an toàn giao thông cho học sinh", "Các trường", "Ban ATGT", "Công an", "Quý III", 40, ""],
            [2, "Tuần lễ an toàn giao thông", "", "Ban ATGT", "Thành đoàn", "Tháng 11", "", ""],
        ])  # fmt: skip
        book.add_worksheet("Hướng dẫn").write("A1", "Điền đủ các cột rồi gửi về Sở Tư pháp")
        hidden = book.add_worksheet("Nháp")
        excel_grid(hidden, [heading, [1, "Việc nháp", "", "STP", "", "Hằng quý", "", ""]])
        hidden.hide()

    return excel(fill)


def numbers_in_the_title() -> bytes:
    """Word without a number column, decomposed Unicode: "II.2.1", "a)" and "-" stand before the words."""
    rows = [
        ["Nội dung", "Chủ trì", "Phối hợp", "Thời gian"],
        ["II. NỘI DUNG PHỐI HỢP", LEFT, LEFT, LEFT],
        ["II.2. Phổ biến pháp luật cho phụ nữ", LEFT, LEFT, LEFT],
        ["II.2.1 Hội nghị tuyên truyền hộ tịch, nuôi con nuôi", "Hội LHPN", "Sở Tư pháp", "Quý II/2024"],
        ["II.2.2 Phòng, chống xâm hại tình dục trẻ em", "Hội Phụ nữ", "Công an TP", "Hằng quý"],
        ["II.3. Mô hình", LEFT, LEFT, LEFT],
        ["a) Câu lạc bộ “Phụ nữ với pháp luật”", "Hội LHPN", "", "Giai đoạn 2024 - 2025"],
        ["- Sổ tay câu chuyện pháp luật", "Hội LHPN", "STP", "Theo từng văn bản"],
    ]
    spelled = [[unicodedata.normalize("NFD", text) for text in row] for row in rows]
    return word(*(unicodedata.normalize("NFD", line) for line in LETTERHEAD), spelled)


def hidden_parts() -> bytes:
    """Excel: a hidden column with last year's lead, a hidden row, real dates, a month typed as a month."""

    def fill(book):
        page = book.add_worksheet("PL1")
        day, month = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "mm/yyyy"})
        excel_grid(page, [
            ["STT", "Nội dung", "Chủ trì (năm trước)", "Cơ quan chủ trì", "Phối hợp", "Thời gian", "Sản phẩm"],
            wide("I. DÂN TỘC", 7),
            [1, "Chuyên mục pháp luật tiếng Khmer trên đài", "Sở Nội vụ", "Ban Dân tộc", "STP", "", "Chương trình"],
            [2, "Tủ sách pháp luật tại chùa Khmer", "Sở Nội vụ", "Ban Dân tộc", "", "", "Tủ sách"],
            [3, "Tuyên truyền tại lễ hội Ok Om Bok", "Sở Nội vụ", "Ban Dân tộc", "MTTQ", "Khi phát sinh", "Cuộc"],
        ])  # fmt: skip
        page.write_datetime("F3", date(2024, 6, 30), day)
        page.write_datetime("F4", date(2024, 11, 1), month)
        page.set_column("C:C", None, None, {"hidden": True})
        page.set_row(4, None, None, {"hidden": True})

    return excel(fill)


def times_in_words() -> bytes:
    """Word, a plan of one year: every way in which a timing is written in words."""
    rows = [
        HEADING[:5],
        ["1", "Ban hành kế hoạch", "STP", "", "Quý III"],
        ["2", "Hưởng ứng Ngày Pháp luật", "Sở Nội vụ", "STP", "Tháng 10–11"],
        ["3", "Sơ kết", "STP", "", "6 tháng đầu năm"],
        ["4", "Phổ biến luật mới", "Sở Nội vụ", "", "Theo từng văn bản"],
        ["5", "Báo cáo", "Sở Nội vụ", "STP", "Trước ngày 15/11/2024"],
        ["6", "Đăng tin, bài", "Sở Nội vụ", "", "Thường xuyên"],
        ["7", "Giao ban", "STP", "Sở Nội vụ", "Hằng quý"],
        ["8", "Cuối kỳ", "STP", "", "Cuối năm"],
    ]
    title = "KẾ HOẠCH phối hợp tuyên truyền pháp luật cho cán bộ, công chức năm 2024"
    return word("Số: 07/KHPH-STP-SNV", title, "Căn cứ Luật Phổ biến, giáo dục pháp luật số 14/2012/QH13;", rows)


def odd_order() -> bytes:
    """Excel: columns in another order under other names, the heading repeated on each page, totals, bold titles above."""
    heading = ["Tiến độ", "Cơ quan, đơn vị phối hợp", "Đơn vị thực hiện chính", "Kết quả đầu ra", "Hoạt động", "Số TT"]
    rows = [
        heading,
        ["Hằng tháng", "", "Hội Luật gia", "Lượt người", "Tư vấn pháp luật miễn phí", 1],
        ["Năm 2024", "Sở Tư pháp và Hội LHPN", "Hội Luật gia", "Vụ", "Tham gia trợ giúp pháp lý", 2],
        heading,
        ["Từ 10/10 đến 09/11/2024", "STP", "Hội LG", "Cuộc", "Hưởng ứng Ngày Pháp luật Việt Nam", 10],
        ["", "", "", "3 hoạt động", "Tổng cộng", ""],
    ]

    def fill(book):
        page = book.add_worksheet("Sheet1")
        page.write("A1", "SỞ TƯ PHÁP – HỘI LUẬT GIA")
        page.write("A3", "CHƯƠNG TRÌNH PHỐI HỢP phổ biến, giáo dục pháp luật giai đoạn 2024 - 2025")
        excel_grid(page, rows, top=4)

    return excel(fill)


def automatic_numbers() -> bytes:
    """Word: numbers that Word writes itself, agencies on lines of their own, signatures inside the table."""
    document = Document()
    for line in ("Số: 09/KHPH-STP-SGDĐT", "KẾ HOẠCH", "Phối hợp giáo dục pháp luật trong nhà trường năm học 2024-2025"):
        document.add_paragraph(line)
    all_schools = "- Sở Tư pháp;\n- Thành đoàn;\n- Các trường học, các đơn vị có liên quan."
    word_table(document, [
        HEADING,
        ["", "Kế hoạch PBGDPL liên ngành trong nhà trường", "Sở GD&ĐT", "STP", "Tháng 9/2024", "Kế hoạch"],
        ["", "Thi tìm hiểu pháp luật cho người học", "Sở GD&ĐT", all_schools, "Năm học 2024-2025", "Cuộc thi"],
        ["", "Tập huấn đổi mới phương pháp dạy giáo dục công dân", "Sở GDĐT", "STP", "Tháng 3/2025", "Lớp"],
        ["TM. SỞ TƯ PHÁP", LEFT, LEFT, "GIÁM ĐỐC SỞ GIÁO DỤC", LEFT, LEFT],
    ])  # fmt: skip
    for row in (1, 2, 3):
        paragraph = document.tables[0].cell(row, 0).paragraphs[0]
        numbering = OxmlElement("w:numPr")
        for tag, value in (("w:ilvl", "0"), ("w:numId", "5")):
            node = OxmlElement(tag)
            node.set(qn("w:val"), value)
            numbering.append(node)
        paragraph._p.get_or_add_pPr().append(numbering)
    # List 5 of python-docx's own template becomes "1.", "2.", "3.".
    root = document.part.numbering_part._element
    num = next(node for node in root.findall(qn("w:num")) if node.get(qn("w:numId")) == "5")
    wanted = num.find(qn("w:abstractNumId")).get(qn("w:val"))
    source = next(n for n in root.findall(qn("w:abstractNum")) if n.get(qn("w:abstractNumId")) == wanted)
    level = source.find(qn("w:lvl"))
    level.find(qn("w:numFmt")).set(qn("w:val"), "decimal")
    level.find(qn("w:lvlText")).set(qn("w:val"), "%1.")
    return saved(document)


YEAR_2024, NUMBER = ("2024-01-01", "2024-12-31"), "02/KHPH-STP-UBMTTQVN-CATP"
THREE = frozenset({"stp", "mttq", "cong-an"})
E = Expected
SHAPES: dict[str, Shape] = {
    "two-row heading": Shape("phu-luc-1.docx", two_row_heading, (
        E("1", PREPARE, "Ban hành kế hoạch thực hiện năm 2024", "stp", ("mttq",), "2024-03-31", starts="2024-03-01"),
        E("2", PREPARE, "Khảo sát nhu cầu tìm hiểu pháp luật", "stp", ("phu-nu",), "2024-09-30", starts="2024-04-01"),
        E("1", SPREAD, "Đăng tải tin, bài trên cổng thông tin", "cong-an", recurrence="ongoing"),
        E("2", SPREAD, "Kiểm tra thực hiện kế hoạch phối hợp", "stp", ("cong-an",), "2024-11-15"),
    ), NUMBER, signatories=THREE),
    "merged leads": Shape("phu-luc-2.xlsx", merged_leads, (
        E("1", "I. HÒA GIẢI Ở CƠ SỞ", "Hướng dẫn bầu, kiện toàn tổ hòa giải", "mttq", ("stp",), "2024-06-30",
          starts="2024-04-01"),
        E("2", "I. HÒA GIẢI Ở CƠ SỞ", "Giám sát việc thực hiện pháp luật về hòa giải ở cơ sở", "mttq", ("stp",),
          recurrence="yearly"),
        E("3", "I. HÒA GIẢI Ở CƠ SỞ", "Lồng ghép PBGDPL trong Ngày hội Đại đoàn kết", "mttq", (), "2024-11-30",
          starts="2024-11-01"),
        E("1", "II. TẬP HUẤN", "Tập huấn kỹ năng cho hòa giải viên theo Đề án 315", "stp", ("mttq", "luat-gia"),
          "2025-12-31", starts="2025-01-01"),
    ), "05/KHPH-STP-UBMTTQVN", signatories=frozenset({"stp", "mttq"})),
    "ditto": Shape("phu-luc-3.docx", ditto, (
        E("1", "", "Phiên tòa giả định trong trường học", "thanh-doan", ("gddt", "stp"), recurrence="quarterly"),
        E("2", "", "Hội thi “Tuổi trẻ với pháp luật”", "thanh-doan", ("gddt", "stp"), "2024-03-31",
          starts="2024-03-01"),
        E("3", "", "Diễn đàn đối thoại với thanh niên", "thanh-doan", (), "2024-03-31", starts="2024-03-01"),
        E("4", "", "Tư vấn, trợ giúp pháp lý cho thanh thiếu niên", "stp", ("thanh-doan",), recurrence="ongoing"),
        E("5", "", "Ra quân chiến dịch hè tình nguyện", "thanh-doan", (), "2024-06-30"),
        E("6", "", "Video ngắn, infographic pháp luật", "thanh-doan", (), "2024-06-30"),
    ), NUMBER, signatories=THREE | {"thanh-doan"}),
    "broken over pages": Shape("phu-luc-4.docx", broken_over_pages, (
        E("1", PREPARE, "Rà soát, củng cố đội ngũ báo cáo viên pháp luật", "noi-vu", ("stp",), recurrence="ongoing"),
        E("1", SPREAD, "Phổ biến Luật Căn cước", "cong-an", ("stp",), "2024-09-30", starts="2024-04-01"),
        E("2", SPREAD, "Phòng, chống lừa đảo trên không gian mạng", "cong-an", ("thanh-doan",), recurrence="ongoing"),
        E("3", SPREAD, "Giáo dục pháp luật cho phạm nhân sắp mãn hạn", "cong-an", recurrence="quarterly"),
        E("4", SPREAD, "Bồi dưỡng báo cáo viên trong Công an", "cong-an", ("stp",), recurrence="yearly"),
        E("1", "III. SƠ KẾT, TỔNG KẾT", "Tổng kết giai đoạn, khen thưởng", "stp", (), "2025-11-15"),
    ), NUMBER, signatories=THREE | {"noi-vu"}),
    "several sheets": Shape("phu-luc-5.xlsx", several_sheets, (
        E("1", "", "Tuyên truyền tác hại ma túy cho học sinh", "cong-an", ("gddt",), "2024-09-30",
          starts="2024-09-01", note="Địa điểm: Quận Ninh Kiều\nKinh phí (triệu đồng): 25.5"),
        E("2", "", "Luân chuyển sách pháp luật tới trại giam", "cong-an", ("stp",), recurrence="yearly",
          note="2.200 bản"),
        E("1", "", "Trật tự an toàn giao thông cho học sinh", "atgt", ("cong-an",), "2024-09-30", starts="2024-07-01",
          note="Địa điểm: Các trường\nKinh phí (triệu đồng): 40"),
        E("2", "", "Tuần lễ an toàn giao thông", "atgt", ("thanh-doan",), "2024-11-30", starts="2024-11-01"),
    ), span=YEAR_2024, signatories=frozenset({"cong-an", "atgt"})),
    "numbers in the title": Shape("phu-luc-6.docx", numbers_in_the_title, (
        E("II.2.1", "II. NỘI DUNG PHỐI HỢP > II.2. Phổ biến pháp luật cho phụ nữ",
          "Hội nghị tuyên truyền hộ tịch, nuôi con nuôi", "phu-nu", ("stp",), "2024-06-30", starts="2024-04-01"),
        E("II.2.2", "II. NỘI DUNG PHỐI HỢP > II.2. Phổ biến pháp luật cho phụ nữ",
          "Phòng, chống xâm hại tình dục trẻ em", "phu-nu", ("cong-an",), recurrence="quarterly"),
        E("a)", "II. NỘI DUNG PHỐI HỢP > II.3. Mô hình", "Câu lạc bộ “Phụ nữ với pháp luật”", "phu-nu", (),
          "2025-12-31", starts="2024-01-01"),
        E("-", "II. NỘI DUNG PHỐI HỢP > II.3. Mô hình", "Sổ tay câu chuyện pháp luật", "phu-nu", ("stp",),
          recurrence="on_demand"),
    ), NUMBER, signatories=THREE | {"phu-nu"}),
    "hidden parts": Shape("phu-luc-7.xlsx", hidden_parts, (
        E("1", "I. DÂN TỘC", "Chuyên mục pháp luật tiếng Khmer trên đài", "dan-toc", ("stp",), "2024-06-30"),
        E("2", "I. DÂN TỘC", "Tủ sách pháp luật tại chùa Khmer", "dan-toc", (), "2024-11-30", starts="2024-11-01"),
        E("3", "I. DÂN TỘC", "Tuyên truyền tại lễ hội Ok Om Bok", "dan-toc", ("mttq",), recurrence="on_demand"),
    ), span=YEAR_2024, signatories=frozenset({"dan-toc", "stp", "mttq"})),
    "times in words": Shape("phu-luc-8.docx", times_in_words, (
        E("1", "", "Ban hành kế hoạch", "stp", (), "2024-09-30", starts="2024-07-01"),
        E("2", "", "Hưởng ứng Ngày Pháp luật", "noi-vu", ("stp",), "2024-11-30", starts="2024-10-01"),
        E("3", "", "Sơ kết", "stp", (), "2024-06-30", starts="2024-01-01"),
        E("4", "", "Phổ biến luật mới", "noi-vu", recurrence="on_demand"),
        E("5", "", "Báo cáo", "noi-vu", ("stp",), "2024-11-15"),
        E("6", "", "Đăng tin, bài", "noi-vu", recurrence="ongoing"),
        E("7", "", "Giao ban", "stp", ("noi-vu",), recurrence="quarterly"),
        E("8", "", "Cuối kỳ", "stp", (), "2024-12-31"),
    ), "07/KHPH-STP-SNV", YEAR_2024, frozenset({"stp", "noi-vu"})),
    "odd order": Shape("phu-luc-9.xlsx", odd_order, (
        E("1", "", "Tư vấn pháp luật miễn phí", "luat-gia", recurrence="monthly"),
        E("2", "", "Tham gia trợ giúp pháp lý", "luat-gia", ("stp", "phu-nu"), "2024-12-31", starts="2024-01-01"),
        E("10", "", "Hưởng ứng Ngày Pháp luật Việt Nam", "luat-gia", ("stp",), "2024-11-09", starts="2024-10-10"),
    ), signatories=frozenset({"luat-gia", "stp", "phu-nu"})),
    "automatic numbers": Shape("phu-luc-10.docx", automatic_numbers, (
        E("1.", "", "Kế hoạch PBGDPL liên ngành trong nhà trường", "gddt", ("stp",), "2024-09-30",
          starts="2024-09-01"),
        E("2.", "", "Thi tìm hiểu pháp luật cho người học", "gddt", ("stp", "thanh-doan"), "2025-05-31",
          starts="2024-09-01"),
        E("3.", "", "Tập huấn đổi mới phương pháp dạy giáo dục công dân", "gddt", ("stp",), "2025-03-31",
          starts="2025-03-01"),
    ), "09/KHPH-STP-SGDĐT", ("2024-09-01", "2025-05-31"), frozenset({"stp", "gddt"})),
}  # fmt: skip

"""The outline (đề cương) of the council's report, domain.md §2.6.

No official outline was found; this one joins the reports seen with common practice, and the portal says so.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """One heading: its key in the stored narrative, how it is printed, and whether text stands under it."""

    key: str
    number: str
    title: str
    level: int
    has_text: bool = True


OUTLINE: tuple[Heading, ...] = (
    Heading("direction", "I.", "CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI", 1),
    Heading("results", "II.", "KẾT QUẢ THỰC HIỆN", 1, has_text=False),
    Heading("education", "1.", "Công tác phổ biến, giáo dục pháp luật", 2),
    Heading("contests", "2.", "Cuộc thi tìm hiểu pháp luật, hưởng ứng Ngày Pháp luật", 2),
    Heading("materials", "3.", "Tài liệu, tin, bài, phát sóng; ứng dụng công nghệ thông tin", 2),
    Heading("people", "4.", "Đội ngũ báo cáo viên, tuyên truyền viên pháp luật; tập huấn, bồi dưỡng", 2),
    Heading("mediation", "5.", "Công tác hòa giải ở cơ sở", 2),
    Heading("standards", "6.", "Chuẩn tiếp cận pháp luật", 2),
    Heading("plans", "7.", "Kết quả thực hiện kế hoạch phối hợp theo từng đơn vị", 2),
    Heading("budget", "8.", "Kinh phí", 2),
    Heading("assessment", "III.", "ĐÁNH GIÁ CHUNG", 1, has_text=False),
    Heading("strengths", "1.", "Ưu điểm", 2),
    Heading("difficulties", "2.", "Hạn chế, khó khăn", 2),
    Heading("causes", "3.", "Nguyên nhân", 2),
    Heading("next_steps", "IV.", "PHƯƠNG HƯỚNG, NHIỆM VỤ TRỌNG TÂM", 1),
    Heading("proposals", "V.", "KIẾN NGHỊ, ĐỀ XUẤT", 1),
)

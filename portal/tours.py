"""The first-login tours: at most five steps a role, each about a thing on the person's own pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from agencies.models import Role

MOST_STEPS = 5
# The pages where each kind of person's work begins (portal.views.HOMES): there a tour offers itself.
TOUR_PAGES = frozenset({"my-work", "board-home", "board", "summary-period", "summary", "task-list", "agency-list"})


@dataclass(frozen=True)
class Step:
    """One step. ``place`` is the address name of the navigation entry it speaks of; '' for none."""

    title: str
    text: str
    place: str = ""


@dataclass(frozen=True)
class Tour:
    """The steps of one role."""

    role: Role
    steps: tuple[Step, ...]


# In the order in which they offer themselves to somebody of several roles (that of portal.views.HOMES).
TOURS: tuple[Tour, ...] = (
    Tour(
        Role.SECRETARY,
        (
            Step(
                "Điều phối",
                "Ai đã nộp, ai chậm, báo cáo nào chờ tiếp nhận: mọi việc của kỳ bắt đầu ở đây.",
                "board-home",
            ),
            Step(
                "Kế hoạch",
                "Nhập kế hoạch đã ký từ phụ lục Word hoặc Excel; xem trước từng dòng rồi mới ghi.",
                "plan-list",
            ),
            Step(
                "Rà soát",
                "Mở một báo cáo để đọc bên cạnh kỳ trước, rồi tiếp nhận hoặc trả lại kèm lý do.",
                "report-home",
            ),
            Step("Tổng hợp", "Từ trang Điều phối vào Tổng hợp: số liệu cộng sẵn, lời văn soạn sẵn, xuất Word, Excel."),
            Step("Vì sao làm được, vì sao không", "Cuối mỗi trang có mục “Ai làm được gì, vì sao”."),
        ),
    ),
    Tour(
        Role.LEADER,
        (
            Step("Tổng quan", "Một câu tóm tắt, bốn con số, nơi nào chậm và lý do đơn vị nêu.", "summary"),
            Step("Bấm vào số", "Số nào cũng mở ra danh sách phía sau; số ở đây bằng số trong báo cáo Word, Excel."),
            Step("Bản in", "Nút Bản in ở đầu trang in gọn trên khổ A4; dùng được trên điện thoại."),
        ),
    ),
    Tour(
        Role.LIAISON,
        (
            Step(
                "Việc của tôi", "Chỉ những gì đang chờ bạn, việc gấp ở trên. Mỗi ngày chỉ cần mở trang này.", "my-work"
            ),
            Step(
                "Cập nhật nhiệm vụ",
                "Bấm Cập nhật ở từng nhiệm vụ: tình trạng, kết quả, khó khăn. Lời kỳ trước ở ngay cạnh.",
            ),
            Step(
                "Ghi nhận hoạt động",
                "Ghi ngay sau mỗi cuộc tuyên truyền; số liệu của báo cáo được cộng từ đây.",
                "activity-list",
            ),
            Step(
                "Nộp báo cáo",
                "Nút Nộp nói còn thiếu gì và dẫn đến chỗ thiếu. Chưa được tiếp nhận thì còn rút lại được.",
            ),
            Step("Vì sao làm được, vì sao không", "Cuối mỗi trang có mục “Ai làm được gì, vì sao”."),
        ),
    ),
    Tour(
        Role.APPROVER,
        (
            Step("Việc của tôi", "Báo cáo chờ bạn duyệt nằm ở đây.", "my-work"),
            Step("Duyệt hoặc trả lại", "Mở báo cáo, đọc bên cạnh kỳ trước, rồi Duyệt và gửi, hoặc trả lại kèm lý do."),
            Step("Ai nhập không tự duyệt", "Người đã nhập hoặc trình báo cáo không duyệt được báo cáo đó."),
        ),
    ),
    Tour(
        Role.VIEWER,
        (
            Step("Nhiệm vụ", "Nhiệm vụ mà cơ quan bạn chủ trì hoặc phối hợp, cùng kết quả qua các kỳ.", "task-list"),
            Step("Chỉ xem", "Vai trò của bạn đọc được, không sửa được; cuối mỗi trang nói ai sửa được và vì sao."),
        ),
    ),
    Tour(
        Role.ADMINISTRATOR,
        (
            Step("Cơ quan", "Mở trang một cơ quan để giao vai trò, tạo tài khoản, kết thúc vai trò.", "agency-list"),
            Step("Cả danh sách", "Người dùng: nhập cả danh sách từ Excel; mật khẩu ban đầu chỉ hiện một lần."),
            Step("Không thấy nghiệp vụ", "Quản trị không thấy nhiệm vụ, báo cáo, và không tự giao vai trò cho mình."),
        ),
    ),
)


def tour_for(roles: Iterable[str]) -> Tour | None:
    """The tour of the first of these roles; None when there is none."""
    held = set(roles)
    return next((tour for tour in TOURS if tour.role.value in held), None)

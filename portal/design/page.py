"""The page /thiet-ke/: every token and every piece in every state, to be looked at by whoever changes one."""

from django import forms
from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.template import engines
from django.views.decorators.http import require_safe

from agencies.permissions import access
from portal.design.pieces import pieces
from portal.design.tokens import DARK, LIGHT, PAIRS, colours, measured, tokens
from portal.templatetags.portal import STATES

# A word for each state, as the room that owns it says it.
WORDS = {
    "draft": "Đang lập", "awaiting": "Chờ duyệt", "submitted": "Đã nộp", "returned": "Bị trả lại",
    "accepted": "Đã tiếp nhận", "locked": "Đã khóa", "open": "Đang mở", "done": "Hoàn thành",
    "on_track": "Đúng tiến độ", "due_soon": "Sắp đến hạn", "overdue": "Quá hạn", "suspended": "Tạm dừng",
    "not_started": "Chưa thực hiện", "in_progress": "Đang thực hiện", "on_hold": "Tạm hoãn", "cancelled": "Đã hủy",
    "active": "Đang hiệu lực", "completed": "Đã kết thúc", "superseded": "Đã thay thế", "issued": "Đã phát hành",
    "none": "Chưa có", "met": "Đạt", "running": "Đang chạy", "missed": "Không đạt",
}  # fmt: skip


class Sample(forms.Form):
    """One field of each kind."""

    ten = forms.CharField(label="Tên hoạt động", help_text="Như trong kế hoạch đã ký.")
    ngay = forms.CharField(label="Ngày thực hiện", required=False, help_text="Ví dụ 03/06/2024.")
    luot = forms.IntegerField(label="Lượt người", min_value=0)
    hinh_thuc = forms.ChoiceField(label="Hình thức", choices=[("", "—"), ("1", "Hội nghị"), ("2", "Phát tài liệu")])
    ket_qua = forms.CharField(label="Kết quả", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    tep = forms.FileField(label="Tệp minh chứng", required=False)
    nguoi_ky = forms.ChoiceField(
        label="Người ký", widget=forms.RadioSelect, choices=[("1", "Chủ tịch"), ("2", "Phó Chủ tịch Thường trực")]
    )
    khong = forms.BooleanField(label="Không phát sinh trong kỳ", required=False)
    khoa = forms.CharField(label="Số, ký hiệu (không sửa được)", disabled=True, initial="03/KHPH-STP-CATP")


@require_safe
@access(signed_in="bảng mẫu giao diện, không có dữ liệu của ai; chỉ mở khi phát triển")
def design(request):
    """All pieces in all states; 404 unless PORTAL_DESIGN is on, which it is while developing."""
    if not settings.PORTAL_DESIGN:
        raise Http404
    form, wrong = Sample(auto_id="mau_%s", label_suffix=""), Sample({"luot": "-1"}, auto_id="loi_%s", label_suffix="")
    context = {"form": form, "wrong": wrong, "states": [(key, WORDS.get(key, key)) for key in STATES]}
    draw = engines["django"].from_string
    drawn = [
        (piece, [(state, draw(source).render(context, request)) for state, source in piece.shown]) for piece in pieces()
    ]
    light, dark = tokens()[LIGHT], tokens()[DARK]
    page = {
        "pieces": drawn,
        "colours": [(name, light[name], dark[name]) for name in colours()],
        "measures": [(name, value) for name, value in light.items() if name not in colours()],
        "pairs": [(pair, [(theme, *_drawn(pair, theme)) for theme in (LIGHT, DARK)], pair.least) for pair in PAIRS],
    }
    return render(request, "portal/design.html", page)


def _drawn(pair, theme: str) -> tuple[str, str, float]:
    values = tokens()[theme]
    return values[pair.front], values[pair.ground], measured(pair, theme)

"""The register of accounts and the review of roles."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from agencies import clock, reviews
from agencies.membership import people_of
from agencies.models import Council, Membership, User
from agencies.pages import answer, posted
from agencies.permissions import Perm, access, grants_of
from agencies.tables.listing import Column, list_file
from agencies.vietnamese import fold

PAGE = 100
_REVIEWERS = (Perm.APPROVE_REPORT, Perm.MANAGE_AGENCIES, Perm.VIEW_SUMMARY)

_YES = {True: "có", False: "chưa"}
COLUMNS = [
    Column("Tên đăng nhập", lambda row: row.user.username, 18),
    Column("Họ và tên", lambda row: row.user.full_name, 28),
    Column("Chức vụ", lambda row: row.user.position, 24),
    Column("Loại tài khoản", lambda row: row.kind, 18),
    Column("Vai trò", lambda row: row.role_words, 50),
    Column("Tình trạng", lambda row: row.state[1], 20),
    Column("Ngày mở", lambda row: clock.local_day(row.user.date_joined), 14),
    Column("Ngày đóng", lambda row: row.ended_on, 14),
    Column("Đăng nhập gần nhất", lambda row: row.user.last_login, 20),
    Column("Lớp xác thực thứ hai", lambda row: _YES[row.second_factor], 20),
    Column("Rà soát gần nhất", lambda row: row.last_review.reviewed_at if row.last_review else None, 20),
    Column("Người rà soát", lambda row: row.last_review.reviewed_by if row.last_review else "", 28),
    Column("Quá hạn rà soát", lambda row: "quá hạn" if row.overdue else "", 16),
]


class AccountFilter(forms.Form):
    """What the register can be narrowed to."""

    STATES = [("", "Tất cả"), ("dang-dung", "Đang dùng"), ("da-dong", "Đã đóng"), ("chua-dang-nhap", "Chưa đăng nhập"),
              ("chua-co-vai-tro", "Chưa có vai trò")]  # fmt: skip
    q = forms.CharField(label="Tìm theo tên, tên đăng nhập", required=False, max_length=100)
    tinh_trang = forms.ChoiceField(label="Tình trạng", required=False, choices=STATES)


@require_safe
@access(Perm.MANAGE_ACCOUNTS, Perm.MANAGE_AGENCIES)
def register(request):
    """Every account that the reader's councils know, open or closed: who, since when, with which roles."""
    narrow = AccountFilter(request.GET)
    narrow.is_valid()
    people = _known_to(request.user)
    asked = narrow.cleaned_data.get("q", "")
    if asked:
        wanted = [pk for pk, *names in people.values_list("pk", "username", "full_name") if _holds(asked, names)]
        people = people.filter(pk__in=wanted)
    match narrow.cleaned_data.get("tinh_trang", ""):
        case "dang-dung":
            people = people.filter(is_active=True, last_login__isnull=False)
        case "da-dong":
            people = people.filter(is_active=False)
        case "chua-dang-nhap":
            people = people.filter(is_active=True, last_login__isnull=True)
        case "chua-co-vai-tro":
            people = people.exclude(memberships__in=Membership.objects.filter(left_on__isnull=True))
    people = people.order_by("username")
    today = clock.today()
    if request.GET.get("xuat"):
        rows = reviews.accounts(people, reader=request.user, today=today)
        if file := list_file(request, name="tai-khoan", title="Danh sách tài khoản", columns=COLUMNS, rows=rows):
            return file
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    context = {
        "narrow": narrow,
        "narrowed": any(narrow.cleaned_data.values()),
        "page_obj": page,
        "rows": reviews.accounts(page.object_list, reader=request.user, today=today),
        "manages": grants_of(request.user).holds(Perm.MANAGE_ACCOUNTS),
    }
    return render(request, "agencies/accounts.html", context)


def _known_to(user):
    grants = grants_of(user)
    found = Q(pk__in=[])
    for council in Council.objects.filter(
        pk__in=grants.councils(Perm.MANAGE_ACCOUNTS) | grants.councils(Perm.MANAGE_AGENCIES)
    ):
        found |= Q(pk__in=people_of(council).values("pk"))
    return User.objects.filter(found)


def _holds(asked: str, names: list[str]) -> bool:
    text = " ".join(fold(name) for name in names)
    return all(word in text for word in fold(asked).split())


@dataclass(frozen=True)
class ReviewRow:
    """One role on the page of the review."""

    member: Membership
    overdue: bool
    due: object
    mine: bool  # for the reader to confirm or end


@require_safe
@access(*_REVIEWERS, Perm.MANAGE_ACCOUNTS)
def review(request):
    """The roles that the reader answers for, those overdue first; an administrator sees how far the review is."""
    today = clock.today()
    rows = [
        ReviewRow(
            member,
            reviews.is_overdue(member, today),
            reviews.review_due(member),
            reviews.may_review(request.user, member),
        )
        for member in reviews.roles_answered_for(request.user)
    ]
    context = {
        "rows": rows,
        "overdue": sum(row.overdue for row in rows),
        "mine": any(row.mine for row in rows),
        "register": grants_of(request.user).holds(Perm.MANAGE_ACCOUNTS)
        or grants_of(request.user).holds(Perm.MANAGE_AGENCIES),
    }
    return render(request, "agencies/account_review.html", context)


@require_POST
@access(*_REVIEWERS)
def review_confirm(request):
    """Confirm the roles that were ticked."""
    asked = {int(pk) for pk in request.POST.getlist("vai-tro") if pk.isascii() and pk.isdecimal() and len(pk) < 19}
    members = [member for member in reviews.roles_answered_for(request.user) if member.pk in asked]
    if not members:
        messages.warning(
            request, "Chưa chọn vai trò nào; chưa có gì thay đổi. Đánh dấu ít nhất một người rồi xác nhận."
        )
        return redirect("account-review")
    done = reviews.confirm_roles(members=members, by=request.user, now=clock.now())
    messages.success(request, f"Đã xác nhận {len(done)} vai trò còn dùng.")
    return redirect("account-review")


class EndForm(forms.Form):
    """Why the role is not needed any more."""

    reason = forms.CharField(label="Lý do", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
                        help_text="Ví dụ: chuyển công tác từ ngày 01/6/2024.",
                        error_messages={"required": "Ghi lý do kết thúc vai trò."})  # fmt: skip


@access(*_REVIEWERS)
def review_end(request, pk: int):
    """End a role in the review, with the reason; the administrator need not be asked."""
    member = reviews.roles_answered_for(request.user).filter(pk=pk).first()
    if member is None or not reviews.may_review(request.user, member):
        raise Http404
    form = EndForm(posted(request))

    def act(form):
        reviews.end_reviewed_role(member=member, by=request.user, now=clock.now(), reason=form.cleaned_data["reason"])
        messages.success(request, f"Đã kết thúc vai trò {member.get_role_display()} của {member.user}.")
        return reverse("account-review")

    return answer(
        request,
        form,
        act,
        heading="Kết thúc vai trò khi rà soát",
        intro=(
            f"{member.user} thôi giữ vai trò {member.get_role_display()} tại {member.scope} từ hôm nay. Những việc "
            "đã làm vẫn được giữ và vẫn mang tên người đó; quản trị hệ thống được báo."
        ),
        crumbs=[("Cơ quan", reverse("agency-list")), ("Rà soát tài khoản", reverse("account-review"))],
        submit="Kết thúc vai trò",
        danger=True,
        back=reverse("account-review"),
    )

"""Pages on which an administrator opens and closes accounts, gives roles and ends them."""

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404

from agencies import clock, membership
from agencies.errors import WrongState
from agencies.forms import AccountForm, LeaveForm, MembershipForm
from agencies.models import Agency, Council, Membership, Role, User
from agencies.once import once
from agencies.pages import address, answer, crumbs, posted
from agencies.permissions import Perm, access, get_for, grants_of


def _scope(request, pk: int | None, code: str | None) -> Agency | Council:
    """The agency or council in which the person manages accounts: 404 when foreign, 403 when only visible."""
    if code is not None:
        return get_for(request.user, Council.objects, Perm.MANAGE_ACCOUNTS, code=code)
    return get_for(request.user, Agency.objects.select_related("council"), Perm.MANAGE_ACCOUNTS, pk=pk)


@access(Perm.MANAGE_ACCOUNTS)
@once
def account_create(request, pk: int | None = None, code: str | None = None):
    """Open an account with its first role, in an agency or (by ``code``) in the council itself."""
    scope = _scope(request, pk, code)
    form = AccountForm(posted(request), scope=scope, today=clock.today())

    def act(form):
        data = form.cleaned_data
        person = membership.open_account(
            scope=scope,
            role=Role(data["role"]),
            on=data["joined_on"],
            password=data["password"],
            by=request.user,
            now=clock.now(),
            **form.details(),
        )
        messages.success(request, f"Đã tạo tài khoản “{person.username}” cho {person}.")
        return address(scope)

    return answer(
        request,
        form,
        act,
        heading=f"Tạo tài khoản: {scope}",
        crumbs=crumbs(scope),
        submit="Tạo tài khoản",
        back=address(scope),
    )


@access(Perm.MANAGE_ACCOUNTS)
@once
def membership_create(request, pk: int | None = None, code: str | None = None):
    """Give a role to somebody who has an account in the council."""
    scope = _scope(request, pk, code)
    form = MembershipForm(posted(request), scope=scope, user=request.user, today=clock.today())

    def act(form):
        data = form.cleaned_data
        member = membership.join(
            user=data["user"],
            scope=scope,
            role=Role(data["role"]),
            on=data["joined_on"],
            by=request.user,
            now=clock.now(),
        )
        messages.success(request, f"{data['user']} giữ vai trò {member.get_role_display()} tại {scope}.")
        return address(scope)

    return answer(
        request,
        form,
        act,
        heading=f"Giao vai trò: {scope}",
        crumbs=crumbs(scope),
        submit="Giao vai trò",
        back=address(scope),
    )


@access(Perm.MANAGE_ACCOUNTS)
def membership_end(request, pk: int):
    """End a role, after a question."""
    member = Membership.objects.select_related("user", "agency__council", "council").filter(pk=pk).first()
    if member is None:
        raise Http404
    scope = get_for(request.user, type(member.scope).objects, Perm.MANAGE_ACCOUNTS, pk=member.scope.pk)
    if member.left_on is not None and request.method != "POST":
        raise WrongState(f"Vai trò này đã kết thúc từ {member.left_on:%d/%m/%Y}. Không có gì phải làm thêm.")
    form = LeaveForm(posted(request), member=member, today=clock.today())

    def act(form):
        membership.leave(member=member, by=request.user, now=clock.now(), on=form.cleaned_data["left_on"])
        messages.success(request, f"Đã kết thúc vai trò {member.get_role_display()} của {member.user}.")
        return address(scope)

    return answer(
        request,
        form,
        act,
        heading="Kết thúc vai trò",
        intro=(
            f"{member.user} thôi giữ vai trò {member.get_role_display()} tại {scope}, từ "
            f"{member.joined_on:%d/%m/%Y}. Những việc đã làm vẫn được giữ và vẫn mang tên người đó."
        ),
        crumbs=crumbs(scope),
        submit="Kết thúc vai trò",
        danger=True,
        back=address(scope),
    )


@access(Perm.MANAGE_ACCOUNTS)
def account_close(request, pk: int):
    """Close a person's account and end all roles, after a question."""
    person = User.objects.filter(pk=pk).first()
    managed = grants_of(request.user).councils(Perm.MANAGE_ACCOUNTS)
    within = sorted(membership.councils_of(person) & managed) if person else []
    if not within:
        raise Http404
    council = Council.objects.get(pk=within[0])
    roles = person.memberships.filter(Q(agency__council=council) | Q(council=council))
    last = roles.select_related("agency", "council").order_by("-left_on", "-pk").first()  # NULL, the present, is first
    scope = last.scope if last else council
    if not person.is_active and request.method != "POST":
        raise WrongState(f"Tài khoản {person} đã đóng. Không có gì phải làm thêm.")

    def act(_form):
        membership.close_account(user=person, by=request.user, now=clock.now(), council=council)
        messages.success(request, f"Đã đóng tài khoản của {person}.")
        return address(scope)

    return answer(
        request,
        forms.Form(posted(request)),
        act,
        heading="Đóng tài khoản",
        intro=(
            f"{person} ({person.username}) sẽ không đăng nhập được nữa và mọi vai trò kết thúc hôm nay. "
            "Tài khoản không bị xóa: những việc đã làm vẫn được giữ và vẫn mang tên người đó."
        ),
        crumbs=crumbs(scope),
        submit="Đóng tài khoản",
        danger=True,
        back=address(scope),
    )

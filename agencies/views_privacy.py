"""A person's own data: looking at what is held, taking it along, and having the name erased."""

from django import forms
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from agencies import clock, downloads, erasure
from agencies.accounts import may_manage
from agencies.errors import NotAllowed
from agencies.history import place_of
from agencies.membership import councils_of
from agencies.models import User
from agencies.pages import address, answer, crumbs, posted
from agencies.permissions import Perm, access, grants_of

_OWN = "ai cũng xem và tải được dữ liệu cá nhân của chính mình; của người khác thì chỉ quản trị của hội đồng"


class EraseForm(forms.Form):
    """Why the name goes: the request, as it will stand on the record."""

    reason = forms.CharField(
        label="Căn cứ", max_length=500, help_text="Ví dụ: theo đơn đề nghị ngày 12/10/2026, số đến 345."
    )


def _person(request, pk: int, *, own: bool) -> User:
    """Oneself (when ``own``), or somebody whose account one manages; 404 for anybody whom none of one's councils knows.

    Raises NotAllowed for somebody whom another council knows too: that is not one administrator's to look at whole.
    """
    person = User.objects.filter(pk=pk).first()
    if person is None:
        raise Http404
    if own and person == request.user:
        return person
    if not councils_of(person) & grants_of(request.user).councils(Perm.MANAGE_ACCOUNTS):
        raise Http404
    if not may_manage(request.user, person):
        raise NotAllowed(
            f"{person} thuộc cả hội đồng khác, nên dữ liệu cá nhân không mở cho quản trị của một hội đồng. Người đó tự "
            "xem và tải được; việc khác do quản trị của mọi hội đồng đó cùng làm."
        )
    return person


@access(signed_in=_OWN)
@require_safe
def person_data(request, pk: int):
    """What the portal holds about a person, in short, with the ways to have it and to have it erased."""
    person = _person(request, pk, own=True)
    managed = person != request.user
    roles = person.memberships.select_related("agency", "council")
    context = {
        "person": person,
        "own": not managed,
        "erased": person.is_erased,
        "roles": roles,
        "crumbs": crumbs() if managed else [],
        "erase": reverse("person-erase", args=[pk]) if managed and not person.is_erased else "",
    }
    return render(request, "agencies/person_data.html", context)


@access(signed_in=_OWN)
@require_POST
def person_data_file(request, pk: int):
    """All of it as a file; handing it over is on the record."""
    person = _person(request, pk, own=True)
    data = erasure.personal_data(person=person, by=request.user, now=clock.now())
    downloads.told_by_its_verb(request)
    response = JsonResponse(data, encoder=DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="du-lieu-ca-nhan-{person.pk}.json"'
    return response


@access(Perm.MANAGE_ACCOUNTS)
def person_erase(request, pk: int):
    """Replace the name by a number, after a question and with the grounds."""
    person = _person(request, pk, own=False)
    back = reverse("person-data", args=[pk])

    def act(form):
        erasure.erase_person(person=person, by=request.user, now=clock.now(), reason=form.cleaned_data["reason"])
        messages.success(request, f"Đã xóa tên và cách liên hệ; tài khoản nay là “{erasure.ERASED.format(pk=pk)}”.")
        place = place_of(person)
        return address(place) if place else reverse("agency-list")

    return answer(
        request,
        EraseForm(posted(request)),
        act,
        heading=f"Xóa tên, cách liên hệ: {person}",
        intro=(
            f"Tài khoản của {person} được đóng, mọi vai trò kết thúc hôm nay; họ tên, tên đăng nhập, chức vụ, điện "
            f"thoại, thư điện tử và thông báo riêng bị xóa, thay bằng “{erasure.ERASED.format(pk=pk)}”. Việc đã làm ở "
            "lại trong nhật ký và báo cáo dưới số đó. Không hoàn tác được."
        ),
        crumbs=[*crumbs(), ("Dữ liệu cá nhân", back)],
        submit="Xóa tên và cách liên hệ",
        danger=True,
        back=back,
    )

"""Saying something about a report or a task, in place or on a page of its own; settling and taking back."""

from collections.abc import Collection

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from agencies import clock, comments
from agencies.errors import BusinessError, NotAllowed
from agencies.models import Comment, Discussed
from agencies.permissions import Perm, access, get_for
from agencies.talk import talks_about

_MOVES = {
    "xong": (comments.resolve, "Đã đánh dấu ý kiến là đã sửa."),
    "rut": (comments.withdraw, "Đã rút ý kiến; nội dung không còn hiện với ai."),
}


def talk_view(request, obj: Discussed, *, anchor: str, title: str, agencies: Collection[int] | None = None):
    """The talk at one place of an object that the person sees: with the box to write in, or what sending it led to.

    htmx gets the talk alone; without JavaScript it is a page, and sending comes back to the object's page. What was
    typed and refused stays in the box. ``title`` names the place in words.
    """
    parent = _parent(request, obj)
    if not comments.may_comment(request.user, obj, agencies):
        raise NotAllowed("Bạn xem được nhưng không ghi ý kiến ở đây được. Cần thì liên hệ Thư ký Hội đồng.")
    if request.method == "POST":
        text = request.POST.get("noi-dung", "")
        try:
            written = comments.comment(
                obj=obj, by=request.user, now=clock.now(), text=text, anchor=anchor, parent=parent
            )
        except BusinessError as error:
            writing = {"parent": parent, "text": text, "errors": error.messages}
            return _shown(request, obj, anchor, title, writing, agencies, status=error.status)
        if request.htmx:
            return _shown(request, obj, anchor, title, None, agencies)
        messages.success(request, "Đã ghi ý kiến.")
        return redirect(comments.path_of(written, obj))
    writing = None if request.htmx and "dong" in request.GET else {"parent": parent, "text": ""}
    return _shown(request, obj, anchor, title, writing, agencies)


def _parent(request, obj: Discussed) -> Comment | None:
    """The remark to answer. Raises Http404 for what is none of this object."""
    number = request.POST.get("tra-loi") or request.GET.get("tra-loi")
    if not number:
        return None
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    found = Comment.objects.about(obj).select_related("author").filter(pk=int(number)).first()
    if found is None:
        raise Http404
    return found


def _shown(request, obj: Discussed, anchor: str, title: str, writing, agencies=None, status: int = 200):
    talk = talks_about(obj, request.user, anchor=anchor, agencies=agencies).at(anchor)
    people = comments.people_of(obj, request.user, agencies) if writing else []
    context = {"talk": talk, "writing": writing, "people": people, "object": obj, "title": title}
    return render(request, "agencies/_talk.html" if request.htmx else "agencies/talk.html", context, status=status)


@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK)
@require_POST
def comment_move(request, pk: int, verb: str):
    """Mark a remark as settled, or take one's own back."""
    row = get_for(request.user, Comment.objects, pk=pk)
    if verb not in _MOVES:
        raise Http404
    move, done = _MOVES[verb]
    row = move(comment=row, by=request.user, now=clock.now())
    obj = comments.object_of(row)
    if request.htmx:
        return _shown(request, obj, row.anchor, "", None)
    messages.success(request, done)
    return redirect(comments.path_of(row, obj))

"""Signing in, out and failing to, on the record: whichever door the shell uses, Django tells of it here.

These are Django's own events about sessions (django.contrib.auth.signals), not signals of models: there is no verb to
call, the doors are other people's code.
"""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from agencies import wall
from agencies.clock import now
from agencies.fields import stored
from agencies.history import Placed, place_of, record
from agencies.models import RecordEntry, User


def listen() -> None:
    """Write the lines from now on; listening twice is listening once."""
    user_logged_in.connect(signed_in, dispatch_uid="agencies.signed_in")
    user_logged_out.connect(signed_out, dispatch_uid="agencies.signed_out")
    user_login_failed.connect(sign_in_failed, dispatch_uid="agencies.sign_in_failed")


def signed_in(sender, request, user, **_kwargs) -> None:
    """A session began. One begun from within (a shell, no request) has no address and is no visit."""
    if _from_outside(request):
        _write("sign_in", user, f"{user} đăng nhập", by=user)


def signed_out(sender, request, user, **_kwargs) -> None:
    """A session was ended by its owner; of a session that had run out nothing is known."""
    if user is not None and _from_outside(request):
        _write("sign_out", user, f"{user} đăng xuất", by=user)


def sign_in_failed(sender, credentials, request=None, **_kwargs) -> None:
    """A wrong name or password. What was typed as a name is kept only when an account has it: it may be a password."""
    if not _from_outside(request):
        return
    typed = stored(str(credentials.get("username") or credentials.get("login") or ""))[:150]
    user = User.objects.filter(username__iexact=typed).first() if typed else None
    if user is None:
        _write("sign_in_failed", None, "Đăng nhập không thành công: tên đăng nhập không có trong hệ thống")
    else:
        closed = "" if user.is_active else " (tài khoản đã đóng)"
        _write("sign_in_failed", user, f"Đăng nhập không thành công vào tài khoản {user}{closed}")


def own_password_wrong(request, user) -> None:
    """Somebody signed in was asked for their password once more and gave a wrong one: a stranger at an open screen?"""
    if _from_outside(request):
        _write("own_password_wrong", user, f"{user} nhập sai mật khẩu khi được hỏi lại", by=user)


def directory_refused(request, user: User | None, why: str) -> None:
    """Single sign-on opened nothing: ``why`` says what was wrong; ``user`` is whose account it was, where known."""
    if _from_outside(request):
        whose = f" vào tài khoản {user}" if user else ""
        _write("sign_in_failed", user, f"Đăng nhập bằng tài khoản dùng chung không thành công{whose}: {why}")


def _from_outside(request) -> bool:
    return request is not None and "REMOTE_ADDR" in request.META


def _write(verb: str, user: User | None, summary: str, by: User | None = None) -> None:
    # A name that nobody has costs the same questions as one that somebody has. Whose record it is does not depend on
    # what the account may see today: one that is closed or holds no role any more still has its council.
    with wall.everywhere():
        scope = place_of(user or User(pk=0))
        place = Placed(user, scope) if user else None
        record(by=by, now=now(), verb=verb, obj=place, summary=summary, kind=RecordEntry.Kind.ACCESS)

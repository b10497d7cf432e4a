"""Who a session belongs to, read together with the session: one query less on every page.

``SessionStore`` reads a session's person in the same statement; Django asks the backend named in the session for that
person right after, checks that the account may sign in and that its password is still the one signed in with. All of
that stays Django's; only the second statement is saved.
"""

from contextvars import ContextVar

from django.contrib.auth.backends import ModelBackend

from agencies.models import User

# The person of the session read last in this thread; None where nobody is signed in, or when already handed over.
_owner: ContextVar[User | None] = ContextVar("session_owner", default=None)


def session_read(person: User | None) -> None:
    """A session was read just now, and this is whose it is."""
    _owner.set(person)


class SessionOwnerBackend(ModelBackend):
    """Django's own sign-in, which takes over a person that was read with their session. Each is handed over once."""

    def get_user(self, user_id):
        person = _owner.get()
        _owner.set(None)
        if person is None or person.pk != user_id:
            return super().get_user(user_id)
        return person if self.user_can_authenticate(person) else None

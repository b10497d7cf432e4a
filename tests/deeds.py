"""Holding the explanations to the verbs: a yes is carried out, a no is refused (or, at most, changes nothing)."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from agencies.errors import BusinessError
from agencies.explain import Deed, explain
from agencies.models import RecordEntry, User
from agencies.permissions import forget_grants

REASON = "Lý do đủ dài để ghi vào nhật ký"


def happens(act: Callable[[], object]) -> bool:
    """Whether the act does something: it is not refused and the record has a new line. Its effects are taken back."""
    with transaction.atomic():
        before = RecordEntry.objects.count()
        try:
            with transaction.atomic():
                act()
        except (BusinessError, PermissionDenied):
            return False
        finally:
            after = RecordEntry.objects.count()
            transaction.set_rollback(True)
    return after > before


def disagreements(
    people: dict[str, User], deeds: Callable[[], list[Deed]], acts: dict[str, Callable[[User], object]]
) -> list[str]:
    """Every (person, deed) whose answer is not what the verb does. ``acts``: name → what the person tries.

    An act that returns a bool (may it be seen?) answers for itself.
    """
    wrong = []
    for who, person in people.items():
        forget_grants(person)
        for answer in explain(person, deeds()):
            assert answer.name in acts, f"no verb for {answer.name}"
            assert answer.allowed or answer.reasons, f"{answer.name}: a no without a why"
            seen = acts[answer.name]
            found = seen(person) if answer.name.startswith("view") else happens(lambda seen=seen, p=person: seen(p))
            if bool(found) != answer.allowed:
                wrong.append(f"{who} · {answer.name}: told {answer.allowed} {answer.reasons}, the verb says {found}")
    return wrong

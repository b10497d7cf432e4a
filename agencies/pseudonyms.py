"""What stands in the place of an erased person's name, wherever old words are shown (agencies/erasure.py).

The one rule. Where it is known who is meant (the doer of a line, the writer of a reminder), the person decides, not the
name. In running words only whole names of two words or more are replaced, and none that is an office's name, a role or
a position: "Văn thư" is a word. A name that somebody else bears stays theirs.
"""

import re
from functools import cached_property, reduce
from operator import or_

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Replace

from agencies.models import ERASED_USERNAME, Agency, Council, RecordEntry, Role, User

ERASED = "Người dùng số {pk} (đã xóa tên)"
NAMELESS = "(người đã xóa tên)"  # two erased persons had that name
_MARK = ERASED_USERNAME.format(pk="")


def pseudonyms_of(request) -> "Pseudonyms":
    """Those of a request: read once, however many words are shown."""
    if not hasattr(request, "_pseudonyms"):
        request._pseudonyms = Pseudonyms()
    return request._pseudonyms


def name_shown(by: str, name: str) -> Case:
    """The rule as the database is asked it: the stored ``name``, or the number where the person ``by`` was erased."""
    return Case(When(**{f"{by}__username__startswith": _MARK}, then=F(f"{by}__full_name")), default=F(name))


class Pseudonyms:
    """The names of erased persons, from the versions of their accounts; read when the first text is asked about."""

    def name(self, pk: int | None, name: str) -> str:
        """The name of somebody whose id is known: as it was written, or the number."""
        return ERASED.format(pk=pk) if pk in self._people else name

    def actor(self, entry: RecordEntry) -> str:
        """Who did it."""
        return self.name(entry.actor_id, entry.actor_name)

    def instead(self, text: str, *about: int | None) -> str:
        """The text with a number in place of every erased person's name.

        ``about``: whom the text is known to speak of; their names are replaced also where somebody else bears them.
        """
        if not text or not self._people:
            return text
        instead = self._instead
        if known := [pk for pk in dict.fromkeys(about) if pk in self._people]:
            instead = instead | _by_name((name, pk) for pk in known for name in self._people[pk] & self._spoken)
        if not instead:
            return text
        words = "|".join(re.escape(name) for name in sorted(instead, key=len, reverse=True))
        return re.sub(rf"(?<!\w)(?:{words})(?!\w)", lambda found: instead[found[0]], text)

    def in_line(self, entry: RecordEntry, text: str) -> str:
        """A text of a line of the record, which speaks of its doer and of the account it is about."""
        return self.instead(text, entry.actor_id, _account_of(entry))

    def value(self, entry: RecordEntry, field: str, text: str) -> str:
        """A value in the "before and after" of a line."""
        if field in {"username", "full_name"} and (pk := _account_of(entry)) in self._people:
            return ERASED.format(pk=pk)
        if field == "username":
            return self._usernames.get(text, text)
        return self.in_line(entry, text)

    def found(self, entries: QuerySet, words: str) -> QuerySet:
        """Lines of the record in which these words are shown: an erased name finds nothing, its number does."""
        text = {"output_field": TextField()}
        summary, reason = F("summary"), F("reason")
        for name, number in self._steps():
            summary, reason = (Replace(each, Value(name), Value(number), **text) for each in (summary, reason))
        erased = [When(actor=pk, then=Value(ERASED.format(pk=pk))) for pk in self._people]
        actor = Case(*erased, default=F("actor_name"), **text)
        entries = entries.alias(shown_summary=summary, shown_reason=reason, shown_actor=actor)
        return entries.filter(
            Q(shown_summary__icontains=words) | Q(shown_reason__icontains=words) | Q(shown_actor__icontains=words)
        )

    def _steps(self) -> list[tuple[str, str]]:
        """``_instead`` one after the other, for who cannot look at all at once: longer names that stay step aside."""
        longest = sorted(self._instead.items(), key=lambda each: -len(each[0]))
        staying = [(name, f"\x01{place}\x01") for place, (name, number) in enumerate(longest) if name == number]
        going = [(name, number) for name, number in longest if name != number]
        return [*staying, *going, *((mark, name) for name, mark in staying)]

    @cached_property
    def _rows(self) -> list[tuple[int, str, str]]:
        erased = User.objects.filter(username__startswith=_MARK).values("pk")
        versions = User.pgh_event_model.objects.filter(pgh_obj_id__in=erased)
        return list(versions.order_by().values_list("pgh_obj_id", "full_name", "username").distinct())

    @cached_property
    def _people(self) -> dict[int, set[str]]:
        """Erased person → the full names they had."""
        people = {pk: set() for pk, _name, username in self._rows if username == ERASED_USERNAME.format(pk=pk)}
        for pk, name, _username in self._rows:
            if pk in people and name and name != ERASED.format(pk=pk):
                people[pk].add(name)
        return people

    @cached_property
    def _usernames(self) -> dict[str, str]:
        return {name: ERASED.format(pk=pk) for pk, _name, name in self._rows if pk in self._people}

    @cached_property
    def _others(self) -> tuple[set[str], set[str]]:
        """What else is called so: names of other people that hold one of ours within, and words of office."""
        names = sorted(name for names in self._people.values() for name in names if " " in name)
        if not names:
            return set(), set()
        within = reduce(or_, (Q(full_name__contains=name) for name in names))
        people = User.objects.exclude(pk__in=self._people).filter(within)
        offices = [
            model.objects.order_by().filter(**{f"{field}__in": names}).values_list(field, flat=True)
            for model, field in _OFFICES
        ]
        words = set(offices[0].union(*offices[1:])) | {str(label) for label in Role.labels}
        return set(people.values_list("full_name", flat=True)), words

    @cached_property
    def _spoken(self) -> set[str]:
        """The names that may be replaced in running words."""
        return {name for names in self._people.values() for name in names if " " in name} - self._others[1]

    @cached_property
    def _instead(self) -> dict[str, str]:
        """Name → what stands in its place; a longer name of somebody else for itself, so that it stays whole."""
        instead = _by_name((name, pk) for pk, names in self._people.items() for name in names & self._spoken)
        return instead | {name: name for name in self._others[0]}


_OFFICES = [
    (User, "position"),
    (Agency, "name"),
    (Agency, "short_name"),
    (Council, "name"),
    (Council, "short_name"),
]


def _by_name(names) -> dict[str, str]:
    found: dict[str, set[int]] = {}
    for name, pk in names:
        found.setdefault(name, set()).add(pk)
    return {name: ERASED.format(pk=min(pks)) if len(pks) == 1 else NAMELESS for name, pks in found.items()}


def _account_of(entry: RecordEntry) -> int | None:
    return entry.object_id if entry.object_type == User._meta.label_lower else None

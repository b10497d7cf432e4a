"""Whether two agencies recorded one event, and with whom it is counted (rule V26). Pure: no database, no clock.

A lead and its supporting agencies often record the same talk. Two records of one day are taken for one event only
when the words of one say nothing that the other's do not: "phường An Khánh" and "phường An Bình" are two events,
however long the title around them. A double that is missed stays visible as two rows; one taken wrongly would lose
people who really came, so whatever is unsure is two.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from agencies.vietnamese import fold_words

# Words that join, or that say who helped; the same event is told with and without them.
_JOINING = frozenset("tai o cho ve va cua cac nhung voi cung trong tren den do theo phoi hop tham gia to chuc".split())
ALIKE = 0.6  # of the words of both titles, how many are common: below, one is only a fragment of the other
FEW_WORDS = 4  # titles with fewer words of their own must be equal


@dataclass(frozen=True)
class Event:
    """One record of something that was done on the day in question."""

    id: int
    agency: int
    title: str
    place: str
    recorded_at: datetime

    @cached_property
    def title_words(self) -> frozenset[str]:
        return words(self.title)

    @cached_property
    def place_words(self) -> frozenset[str]:
        return words(self.place)

    @cached_property
    def all_words(self) -> frozenset[str]:
        return self.title_words | self.place_words

    @property
    def order(self) -> tuple[datetime, int]:
        """Who came first."""
        return (self.recorded_at, self.id)


def words(text: str) -> frozenset[str]:
    """The words that say something: folded, without those that only join. All of them when nothing else is left."""
    everything = frozenset(fold_words(text).split())
    return everything - _JOINING or everything


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the words of both is common, 0 to 1; 0 as soon as each says something that the other does not."""
    if not one or not other or (one - other and other - one):
        return 0.0
    return len(one & other) / len(one | other)


def same_event(one: Event, other: Event) -> bool:
    """Whether two records of one day look like one event recorded by two agencies."""
    return one.agency != other.agency and look_alike(one, other)


def look_alike(one: Event, other: Event) -> bool:
    """Whether the words of two records of one day tell of one event, whoever recorded them."""
    places = one.place_words | other.place_words
    # What the title says besides the place: one agency writes the place in the title, the other in its own field.
    said, said_too = one.title_words - places or one.title_words, other.title_words - places or other.title_words
    close = similarity(said, said_too)
    if close < ALIKE or (close < 1 and min(len(said), len(said_too)) < FEW_WORDS):
        return False
    return _places_agree(one, other)


def _places_agree(one: Event, other: Event) -> bool:
    whole, whole_too = one.title_words | one.place_words, other.title_words | other.place_words
    if one.place_words and other.place_words:
        return one.place_words <= whole_too or other.place_words <= whole
    return whole <= whole_too or whole_too <= whole


def events_around(events: Sequence[Event], seeds: Collection[int]) -> tuple[list[Event], list[tuple[Event, Event]]]:
    """The events that look like the seeds, or like one that does, seeds included; and the pairs that look alike.

    A day of a province may hold hundreds of records; a save looks only at those around what was saved. Pairs come
    with the lower id first.
    """
    left, near = {event.id: event for event in events}, _Near(events)
    queue = [left[one] for one in sorted(seeds) if one in left]
    known = {event.id for event in queue}
    members, alike = [], []
    while queue:
        one = queue.pop()
        del left[one.id]
        members.append(one)
        for other in near.to(one):
            if other.id in left and same_event(one, other):
                alike.append((one, other) if one.id < other.id else (other, one))
                if other.id not in known:
                    known.add(other.id)
                    queue.append(other)
    return members, alike


class _Near:
    """Which of many events can be alike at all, without comparing each with each.

    Of two alike, one's place (or its whole text, where it names no place) lies wholly in the other's words. So the
    rarest word of that part stands in the other: looking events up by it misses none.
    """

    def __init__(self, events: Sequence[Event]):
        self._order = {event.id: at for at, event in enumerate(events)}
        self._having: dict[str, list[Event]] = {}
        for event in events:
            for word in event.all_words:
                self._having.setdefault(word, []).append(event)
        self._rarest: dict[int, str] = {}
        self._by_rarest: dict[str, list[Event]] = {}
        for event in events:
            part = event.place_words or event.all_words
            if part:
                word = min(part, key=lambda word: (len(self._having[word]), word))
                self._rarest[event.id] = word
                self._by_rarest.setdefault(word, []).append(event)

    def to(self, one: Event) -> list[Event]:
        """The events that may be alike, in the order in which they were given."""
        found = {event.id: event for event in self._having.get(self._rarest.get(one.id, ""), ())}
        for word in one.all_words:
            found |= {event.id: event for event in self._by_rarest.get(word, ())}
        return sorted(found.values(), key=lambda event: self._order[event.id])


def counted_with(events: Sequence[Event], pairs: Mapping[tuple[int, int], int | None]) -> dict[int, int | None]:
    """With which event each is counted: None for those that count themselves.

    ``pairs``: (id, id) of records of one event → the id of the lead's record, or None when neither agency leads; then
    the first recorded counts. Whoever is counted with another never has others counted with it.
    """
    partners: dict[int, dict[int, int | None]] = {event.id: {} for event in events}
    for (one, other), lead in pairs.items():
        partners[one][other] = partners[other][one] = lead
    order = {event.id: event.order for event in events}
    left = sorted(order, key=order.__getitem__)
    found: dict[int, int | None] = {}

    def stands_first(one: int) -> bool:
        return not any(
            other in left and (lead == other or (lead is None and order[other] < order[one]))
            for other, lead in partners[one].items()
        )

    while left:
        # Leads could stand in a circle (each leads another's task); then the first recorded counts.
        head = next((event for event in left if stands_first(event)), left[0])
        found[head] = None
        followers = [event for event in left if event in partners[head]]
        found |= dict.fromkeys(followers, head)
        left = [event for event in left if event not in found]
    return found

"""Search everything one may see. Text is compared folded: no case, no diacritics, one spelling.

Each kind costs one query (two for tasks), whatever the number of results. What a person may not see is filtered first.
"""

from dataclasses import dataclass, field

from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, Value, When, Window
from django.db.models.functions import Length, StrIndex
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from agencies.models import Agency
from agencies.vietnamese import fold, nfc
from campaigns.models import Activity, Assignment, Plan, Task

MAX_QUERY = 200  # characters
MAX_WORDS = 12
PER_KIND = 20
EXCERPT = 160  # characters around the first hit in a long text


@dataclass(frozen=True)
class Hit:
    """One result: where it leads, its title with the words marked, a note, an excerpt when the words are elsewhere."""

    url: str
    title: SafeString
    note: str = ""
    excerpt: SafeString | str = ""


@dataclass(frozen=True)
class Group:
    """The results of one kind: at most PER_KIND of ``total``."""

    label: str
    icon: str
    hits: list[Hit]
    total: int


@dataclass(frozen=True)
class Found:
    """What a search found, grouped by kind."""

    groups: list[Group] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)


def search_for(user, query: str) -> Found:
    """What the person may see that contains every word of the query; nothing for an empty query."""
    words = list(dict.fromkeys(fold(query).split()))[:MAX_WORDS]
    if not words:
        return Found()
    phrase = fold(query)
    return Found(
        [
            _plans(user, words, phrase),
            _tasks(user, words, phrase),
            _activities(user, words, phrase),
            _agencies(user, words, phrase),
        ]
    )


def _matching(queryset, words: list[str], phrase: str, number_field: str = ""):
    """Rows holding every word: titles that begin with the phrase first, then those holding it, then their own order.

    The folded text begins with the number where there is one, so a title begins just behind it.
    """
    everywhere = Q()
    for word in words:
        everywhere &= Q(folded__contains=word)
    first = Length(number_field) + 2 if number_field else Value(1)
    rank = Case(
        When(_place__gt=0, _place__lte=first, then=0),
        When(_place__gt=0, then=1),
        default=2,
        output_field=IntegerField(),
    )
    order = [F(name[1:]).desc() if name.startswith("-") else F(name) for name in queryset.model._meta.ordering]
    return (
        queryset.filter(everywhere)
        .annotate(_place=StrIndex("folded", Value(phrase)))
        .annotate(_rank=rank, _total=Window(Count("*")))
        .order_by("_rank", *order)[:PER_KIND]
    )


def _group(label: str, icon: str, rows, hit) -> Group:
    rows = list(rows)
    return Group(label, icon, [hit(row) for row in rows], rows[0]._total if rows else 0)


def _plans(user, words, phrase) -> Group:
    def hit(plan):
        years = f"{plan.starts_on:%d/%m/%Y}–{plan.ends_on:%d/%m/%Y}"
        title = mark_safe(f"{marked(plan.number or 'Chưa có số', words)} · {marked(plan.title, words)}")
        return Hit(reverse("plan-detail", args=[plan.pk]), title, f"{plan.get_state_display()} · {years}")

    rows = _matching(Plan.objects.visible_to(user), words, phrase, "number")
    return _group("Kế hoạch", "document-text", rows, hit)


def _tasks(user, words, phrase) -> Group:
    current = Prefetch("assignments", Assignment.objects.current().select_related("agency"), to_attr="now_with")

    def hit(task):
        lead = next((part.agency.short_name for part in task.now_with if part.role == Assignment.Role.LEAD), "")
        note = " · ".join(filter(None, [task.plan.number, lead, task.get_status_display()]))
        title = marked(f"{task.number} {task.title}".strip(), words)
        return Hit(reverse("task-detail", args=[task.pk]), title, note, _excerpt(title, task.expected_output, words))

    rows = Task.objects.visible_to(user).select_related("plan").prefetch_related(current)
    return _group("Nhiệm vụ", "list-bullet", _matching(rows, words, phrase, "number"), hit)


def _activities(user, words, phrase) -> Group:
    def hit(activity):
        note = " · ".join(filter(None, [f"{activity.held_on:%d/%m/%Y}", activity.agency.short_name, activity.place]))
        if activity.withdrawn_at:
            note += " · Đã rút"
        elif activity.same_as_id:
            note += " · Đã tính ở cơ quan khác"
        title = marked(activity.title, words)
        return Hit(
            reverse("activity-detail", args=[activity.pk]), title, note, _excerpt(title, activity.content, words)
        )

    rows = Activity.objects.visible_to(user).select_related("agency")
    return _group("Hoạt động", "megaphone", _matching(rows, words, phrase), hit)


def _agencies(user, words, phrase) -> Group:
    def hit(agency):
        note = agency.short_name if agency.short_name != agency.name else ""
        if agency.valid_to:
            note = " · ".join(filter(None, [note, f"tồn tại đến {agency.valid_to:%d/%m/%Y}"]))
        return Hit(reverse("agency-detail", args=[agency.pk]), marked(agency.name, words), note)

    return _group("Cơ quan", "building-office", _matching(Agency.objects.visible_to(user), words, phrase), hit)


# --- marking ------------------------------------------------------------------------------------------------------


def _spans(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the folded words stand in the text as written: merged (start, end) pairs of NFC characters."""
    folded, origin = [], []
    for index, char in enumerate(text):
        for letter in " " if char.isspace() else fold(char):
            folded.append(letter)
            origin.append(index)
    flat, spans = "".join(folded), []
    for word in words:
        start = flat.find(word)
        while start >= 0:
            spans.append((origin[start], origin[start + len(word) - 1] + 1))
            start = flat.find(word, start + len(word))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def marked(text: str, words: list[str]) -> SafeString:
    """The text, escaped, with every hit inside <mark> even when the diacritics differ."""
    text = nfc(text)
    pieces, done = [], 0
    for start, end in _spans(text, words):
        pieces.append(f"{conditional_escape(text[done:start])}<mark>{conditional_escape(text[start:end])}</mark>")
        done = end
    # Every piece is escaped above and here.
    return mark_safe("".join(pieces) + conditional_escape(text[done:]))


def _excerpt(title: SafeString, text: str, words: list[str]) -> SafeString | str:
    """The part of a longer text around its first hit, when the title alone does not show a hit."""
    text = nfc(text)
    if "<mark>" in title or not text or not (spans := _spans(text, words)):
        return ""
    start = max(0, spans[0][0] - EXCERPT // 3)
    end = min(len(text), start + EXCERPT)
    part = marked(text[start:end], words)
    return mark_safe(f"{'…' if start else ''}{part}{'…' if end < len(text) else ''}")

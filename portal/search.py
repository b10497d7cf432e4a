"""Search everything one may see. Text is compared folded: no case, no diacritics, one spelling.

All kinds are asked in one query, each over its own index (agencies/search_words.py) and only among what the person may
see. Better hits come first: whole words before beginnings before insides of words, titles before other text, the
person's own agencies and open periods before the rest.
"""

from dataclasses import dataclass, field

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Concat, Length, RowNumber, StrIndex, TruncDate
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from agencies.models import Agency, Membership, Role, User
from agencies.permissions import Perm, grants_of
from agencies.search_words import Fit, Holds, asked
from agencies.vietnamese import fold
from campaigns.models import Activity, Assignment, Evidence, Indicator, Plan, PlanParty, Task
from portal.marking import excerpt, marked
from portal.search_statement import rows_of
from reports.calendars import parse_period
from reports.models import ProgressReport, ReportLine

MAX_QUERY = 200  # characters
PER_KIND = 20
# Of the lines of reports only the newest that hold the words are looked at: a council has a hundred thousand.
NEWEST_LINES = 200


@dataclass(frozen=True)
class Hit:
    """One result: where it leads, its title with the words marked, a note, an excerpt when the words are elsewhere."""

    url: str
    title: SafeString
    note: str = ""
    excerpt: SafeString | str = ""


@dataclass(frozen=True)
class Group:
    """The results of one kind: at most PER_KIND of ``total``; of ``more`` than that when not all were counted."""

    label: str
    icon: str
    hits: list[Hit]
    total: int
    more: bool = False
    best: int = 0  # how well the first hit fits: 0 whole words, 1 beginnings, 2 insides of words


@dataclass(frozen=True)
class Found:
    """What a search found, grouped by kind."""

    groups: list[Group] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)

    @property
    def shown_groups(self) -> list[Group]:
        """The kinds of which something was found, those with the better hits first."""
        return sorted((group for group in self.groups if group.hits), key=lambda group: group.best)


@dataclass(frozen=True)
class Row:
    """One row of the query, whatever its kind: what each of the columns means is known to the kind's own function."""

    kind: str
    key: int
    title: str
    body: str
    first: str
    second: str
    third: str
    day: object
    until: object
    total: int
    place: int
    quality: int


def search_for(user, query: str) -> Found:
    """What the person may see that contains every word of the query; nothing for an empty query."""
    words = asked(query)
    if not words:
        return Found()
    rows: dict[str, list[Row]] = {}
    for values in rows_of(_KINDS, user, words, fold(query)):
        row = Row(*values)
        rows.setdefault(row.kind, []).append(row)
    groups = []
    for label, icon, hits in _GROUPS:
        of_group = [(sorted(rows.get(kind, ()), key=lambda row: row.place), draw) for kind, draw in hits]
        shown = [draw(row, words) for ordered, draw in of_group for row in ordered][:PER_KIND]
        total = sum(ordered[0].total for ordered, _draw in of_group if ordered)
        capped = any(ordered and _capped(ordered[0]) for ordered, _draw in of_group)
        best = min((ordered[0].quality // 2 for ordered, _draw in of_group if ordered), default=0)
        groups.append(Group(label, icon, shown, total, capped, best))
    return Found(groups)


def _capped(row: Row) -> bool:
    """Whether there may be more hits of this kind than were counted."""
    return row.kind == "line" and row.total >= NEWEST_LINES


# --- the query ----------------------------------------------------------------------------------------------------


def _ranked(queryset, words, *, phrase="", number_field="", own=None, order=()):
    """Rows holding every word, the best first.

    Whole words, then beginnings, then insides; within each titles before other text, and titles that begin with the
    phrase, or hold it, before those that only have its words. The folded text begins with the number where there is
    one, so a title begins just behind it.
    """
    quality = Fit(words)
    found = queryset.filter(Holds(words)).order_by()
    near = Value(2)
    if phrase:
        begins = Length(number_field) + 2 if number_field else Value(1)
        place = StrIndex("folded", Value(phrase))
        near = Case(
            When(Q(_at__gt=0) & Q(_at__lte=begins), then=0), When(_at__gt=0, then=1), default=2,
            output_field=IntegerField(),
        )  # fmt: skip
        found = found.annotate(_at=place)
    mine = Case(When(own, then=0), default=1, output_field=IntegerField()) if own is not None else Value(1)
    ranks = [quality, near, mine, *order, F("pk").desc()]
    numbered = Window(RowNumber(), order_by=ranks)
    return found.annotate(_quality=quality, _place=numbered, _total=Window(Count("*")))


def _columns(ranked, kind: str, *, title, body=None, first=None, second=None, third=None, day=None, until=None):
    """The first rows of a kind in the columns that all kinds share."""

    def words(value):
        return Cast(value if value is not None else Value(""), TextField())

    def date_of(value):
        return value if value is not None else Cast(Value(None), DateField())

    columns = {
        "c_kind": Value(kind, output_field=CharField()),
        "c_key": F("pk"),
        "c_title": words(title),
        "c_body": words(body),
        "c_first": words(first),
        "c_second": words(second),
        "c_third": words(third),
        "c_day": date_of(day),
        "c_until": date_of(until),
    }
    ordered = ranked.annotate(**columns).order_by("_place")
    return ordered.values_list(*columns, "_total", "_place", "_quality")[:PER_KIND]


def _plans(user, words, phrase):
    own = Exists(_own_parts(user, plan=OuterRef("pk")))
    order = (F("starts_on").desc(), F("number").asc())
    ranked = _ranked(Plan.objects.visible_to(user), words, phrase=phrase, number_field="number", own=own, order=order)
    return _columns(
        ranked, "plan", title=F("title"), first=F("number"), second=F("state"), day=F("starts_on"), until=F("ends_on")
    )


def _own_parts(user, *, plan):
    return PlanParty.objects.filter(plan=plan, agency__in=grants_of(user).agencies(Perm.VIEW_WORK))


def _tasks(user, words, phrase):
    carried = Assignment.objects.current().filter(task=OuterRef("pk"))
    own = Exists(carried.filter(agency__in=grants_of(user).agencies(Perm.VIEW_WORK)))
    lead = Subquery(carried.filter(role=Assignment.Role.LEAD).order_by("pk").values("agency__short_name")[:1])
    past = Case(When(plan__state=Plan.State.ACTIVE, then=0), default=1, output_field=IntegerField())
    order = (past.asc(), F("plan_id").asc(), F("sort_order").asc())
    ranked = _ranked(Task.objects.visible_to(user), words, phrase=phrase, number_field="number", own=own, order=order)
    title = Concat(F("number"), Value(" "), F("title"), output_field=TextField())
    body = Concat(F("expected_output"), Value(" "), F("note"), Value(" "), F("timing_text"), output_field=TextField())
    return _columns(ranked, "task", title=title, body=body, first=F("plan__number"), second=lead, third=F("status"))


def _activities(user, words, phrase):
    own = Q(agency__in=grants_of(user).agencies(Perm.VIEW_WORK))
    ranked = _ranked(Activity.objects.visible_to(user), words, phrase=phrase, own=own, order=(F("held_on").desc(),))
    state = Case(
        When(withdrawn_at__isnull=False, then=Value("Đã rút")),
        When(same_as__isnull=False, then=Value("Đã tính ở cơ quan khác")),
        default=Value(""), output_field=TextField(),
    )  # fmt: skip
    where = Concat(F("agency__short_name"), Value("\n"), F("place"), output_field=TextField())
    return _columns(
        ranked, "activity", title=F("title"), body=F("content"), first=where, second=state, day=F("held_on")
    )


def _lines(user, words, _phrase):
    # The lines of a later period are written later.
    newest = ReportLine.objects.visible_to(user).filter(Holds(words)).order_by("-pk").values("pk")[:NEWEST_LINES]
    ranked = _ranked(ReportLine.objects.filter(pk__in=newest), words, **_of_reports(user, "report__"))
    body = Concat(F("result"), Value("\n"), F("difficulty"), Value("\n"), F("proposal"), output_field=TextField())
    title = Concat(F("task__number"), Value(" "), F("task__title"), output_field=TextField())
    return _columns(
        ranked, "line", title=title, body=body, first=F("report__period__code"), second=F("report__agency__code"),
        third=F("report__agency__short_name"),
    )  # fmt: skip


def _narratives(user, words, _phrase):
    ranked = _ranked(ProgressReport.objects.visible_to(user), words, **_of_reports(user, ""))
    parts = []
    for name in ProgressReport.NARRATIVE:
        parts += [F(name), Value("\n")]
    return _columns(
        ranked, "report", title=Value(""), body=Concat(*parts, output_field=TextField()), first=F("period__code"),
        second=F("agency__code"), third=F("agency__short_name"),
    )  # fmt: skip


def _of_reports(user, path: str) -> dict:
    """What ranks words of reports: one's own agency, then open periods, then the newest."""
    own = Q(**{f"{path}agency__in": grants_of(user).agencies(Perm.VIEW_WORK)})
    shut = Case(When(**{f"{path}period__state": "open"}, then=0), default=1, output_field=IntegerField())
    return {"own": own, "order": (shut.asc(), F(f"{path}period__starts_on").desc())}


def _indicators(user, words, _phrase):
    grants = grants_of(user)
    shown = Indicator.objects.all() if grants.holds(Perm.VIEW_WORK) else Indicator.objects.none()
    ranked = _ranked(shown, words, order=(F("sort_order").asc(),))
    above = Case(When(parent__isnull=True, then=Value("")), default=F("parent__name"), output_field=TextField())
    return _columns(ranked, "indicator", title=F("name"), first=F("code"), second=F("unit"), third=above)


def _agencies(user, words, phrase):
    own = Q(pk__in=grants_of(user).all_agencies)
    order = (F("protocol_order").asc(), F("code").asc())
    ranked = _ranked(Agency.objects.visible_to(user), words, phrase=phrase, own=own, order=order)
    return _columns(ranked, "agency", title=F("name"), first=F("short_name"), until=F("valid_to"))


def _people(user, words, _phrase):
    """People who hold a role where the person may read the list of people."""
    grants = grants_of(user)
    shown = Q(agency__in=Agency.objects.visible_to(user).values("pk")) | Q(council__in=grants.all_councils)
    held = Membership.objects.filter(shown, left_on__isnull=True)
    ranked = _ranked(User.objects.filter(pk__in=held.values("user")), words, order=(F("full_name").asc(),))
    role = held.filter(user=OuterRef("pk")).order_by("pk")
    where = Concat(
        Cast(F("agency_id"), TextField()), Value("|"), F("council__code"), Value("|"), F("role"), Value("|"),
        F("agency__short_name"), output_field=TextField(),
    )  # fmt: skip
    return _columns(
        ranked, "person", title=F("full_name"), body=F("username"), first=Subquery(role.values_list(where)[:1]),
        second=F("position"), third=F("is_active"),
    )  # fmt: skip


def _files(user, words, _phrase):
    own = Q(agency__in=grants_of(user).agencies(Perm.VIEW_WORK))
    ranked = _ranked(Evidence.objects.visible_to(user), words, own=own, order=(F("uploaded_at").desc(),))
    of = Case(
        When(plan__isnull=False, then=Concat(Value("Văn bản đã ký của kế hoạch "), F("plan__number"))),
        When(task__isnull=False, then=Concat(Value("Minh chứng của nhiệm vụ: "), F("task__title"))),
        When(activity__isnull=False, then=Concat(Value("Minh chứng của hoạt động: "), F("activity__title"))),
        default=Value("Minh chứng"), output_field=TextField(),
    )  # fmt: skip
    return _columns(
        ranked, "file", title=F("original_name"), first=F("agency__short_name"), second=of, day=TruncDate("uploaded_at")
    )


_KINDS = (_plans, _tasks, _activities, _narratives, _lines, _indicators, _agencies, _people, _files)


# --- the results --------------------------------------------------------------------------------------------------


def _note(*parts) -> str:
    return " · ".join(str(part) for part in parts if part)


def _plan_hit(row: Row, words) -> Hit:
    title = mark_safe(f"{marked(row.first or 'Chưa có số', words)} · {marked(row.title, words)}")
    years = f"{row.day:%d/%m/%Y}–{row.until:%d/%m/%Y}"
    return Hit(reverse("plan-detail", args=[row.key]), title, _note(Plan.State(row.second).label, years))


def _task_hit(row: Row, words) -> Hit:
    title = marked(row.title.strip(), words)
    note = _note(row.first, row.second, Task.Status(row.third).label)
    return Hit(reverse("task-detail", args=[row.key]), title, note, excerpt(title, row.body, words))


def _activity_hit(row: Row, words) -> Hit:
    title = marked(row.title, words)
    agency, _break, place = row.first.partition("\n")
    note = _note(f"{row.day:%d/%m/%Y}", agency, place, row.second)
    return Hit(reverse("activity-detail", args=[row.key]), title, note, excerpt(title, row.body, words))


def _line_hit(row: Row, words) -> Hit:
    url = reverse("report-detail", kwargs={"code": row.first, "agency": row.second})
    title = marked(f"Báo cáo {parse_period(row.first).label} của {row.third}", words)
    return Hit(f"{url}?dong={row.key}#dong-{row.key}", title, row.title.strip(), excerpt(SafeString(), row.body, words))


def _narrative_hit(row: Row, words) -> Hit:
    url = reverse("report-detail", kwargs={"code": row.first, "agency": row.second})
    title = marked(f"Báo cáo {parse_period(row.first).label} của {row.third}", words)
    return Hit(f"{url}#danh-gia", title, "Đánh giá, phương hướng", excerpt(SafeString(), row.body, words))


def _indicator_hit(row: Row, words) -> Hit:
    title = marked(f"{row.first} · {row.third + ': ' if row.third else ''}{row.title}", words)
    return Hit(f"{reverse('indicator-list')}#chi-tieu-{row.first}", title, f"Đơn vị tính: {row.second}")


def _agency_hit(row: Row, words) -> Hit:
    past = f"tồn tại đến {row.until:%d/%m/%Y}" if row.until else ""
    note = _note(row.first if row.first != row.title else "", past)
    return Hit(reverse("agency-detail", args=[row.key]), marked(row.title, words), note)


def _person_hit(row: Row, words) -> Hit:
    agency, council, role, name = (row.first or "|||").split("|", 3)  # a name may hold anything, so it comes last
    url = reverse("agency-detail", args=[agency]) if agency else reverse("council-detail", args=[council])
    note = _note(row.second, Role(role).label, name, "" if row.third == "true" else "tài khoản đã đóng")
    return Hit(f"{url}#people", marked(row.title or row.body, words), note)


def _file_hit(row: Row, words) -> Hit:
    note = _note(row.second, row.first, f"{row.day:%d/%m/%Y}")
    return Hit(reverse("evidence-file", args=[row.key]), marked(row.title, words), note)


_GROUPS = (
    ("Kế hoạch", "document-text", [("plan", _plan_hit)]),
    ("Nhiệm vụ", "list-bullet", [("task", _task_hit)]),
    ("Hoạt động", "megaphone", [("activity", _activity_hit)]),
    ("Báo cáo", "document-chart-bar", [("report", _narrative_hit), ("line", _line_hit)]),
    ("Chỉ tiêu", "flag", [("indicator", _indicator_hit)]),
    ("Cơ quan", "building-office", [("agency", _agency_hit)]),
    ("Người", "users", [("person", _person_hit)]),
    ("Văn bản, minh chứng", "paper-clip", [("file", _file_hit)]),
)

"""The walks themselves: every rule is a deed that somebody tries, whether they may or not."""

import copy
from collections import Counter
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from agencies.accounts import reopen_account
from agencies.errors import BusinessError, NotAllowed
from agencies.membership import close_account, join, leave, succeed
from agencies.models import Agency, Membership, RecordEntry, Role, Succession, User
from campaigns.activities import record_activity
from campaigns.models import Activity, Plan, Task
from campaigns.workflow import create_plan
from reports import workflow
from reports.entry import save_figures, save_line, save_narrative
from reports.integrity import problems
from reports.models import Period, ProgressReport, ReportFigure, ReportLine
from tests.walks.rules import AGENCY_ROLES, COUNCIL_ROLES, EDITABLE, MOVES, Rules
from tests.world import World, fill_in

REASON = "Lý do đủ dài để ghi vào nhật ký"
CT, TG = "can-tho", "tien-giang"
COUNCIL_OF = {"stp": CT, "a": CT, "b": CT, "c": CT, "x": TG}
PEOPLE = (
    "outsider", "officer_stp", "officer_a", "officer_b", "officer_c", "viewer_a_officer_b", "approver_a", "secretary",
    "leader", "administrator", "other_secretary", "officer_x", "inactive",
)  # fmt: skip
PLACES = (*COUNCIL_OF, CT, TG)
REPORTING = ("stp", "a", "b", "x")  # those with tasks, hence with a report
# What may never become less: nobody's past disappears.
GROWS = (
    User,
    Agency,
    Membership,
    Succession,
    ProgressReport,
    ReportLine,
    ReportFigure,
    Activity,
    Plan,
    Task,
    RecordEntry,
)

# Every list of a council's things; half of them are looked at after each step.
LISTS = (Plan, Task, Period, Agency, RecordEntry)

tally: Counter[str] = Counter()  # what the walks of this process tried, for the figures that are printed

BACK = ("send_back_report", "undo_accept", "withdraw_report", "return_report")
SENT = {"awaiting", "submitted", "accepted"}

# Who tries: anybody, or half of the time somebody who may (else nearly every deed would be refused).
who = st.sampled_from(PEOPLE)
apt = st.booleans()
agencies = st.sampled_from(tuple(COUNCIL_OF))
reporting = st.sampled_from(REPORTING)
places = st.sampled_from(PLACES)


def ready_to_walk(world: World) -> None:
    """Let the walks start from this world, every report in it filled in by its own officer, none handed in."""
    for agency in REPORTING:
        fill_in(world, agency, world.people[f"officer_{agency}"])
    Walk.original = world


class Walk(RuleBasedStateMachine):
    """One walk, on a copy of the world of tests/world.py that is taken back at its end."""

    original: World  # as made by ``ready_to_walk``

    @initialize(first=st.integers(0, len(PEOPLE) - 1))
    def begin(self, first):
        self.looking = first
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        tally["walks"] += 1
        self.world = copy.deepcopy(self.original)
        self.now = self.world.now
        self.places = {**self.world.agencies, CT: self.world.council, TG: self.world.other_council}
        name_of = {(type(place).__name__, place.pk): name for name, place in self.places.items()}
        self.rules = Rules(COUNCIL_OF, asks_approval={"a"}, closed={"inactive"})
        for member in Membership.objects.filter(left_on=None).select_related("user", "agency", "council"):
            self.rules.join(member.user.username, name_of[type(member.scope).__name__, member.scope.pk], member.role)
        self.people = {row.username: row.pk for row in User.objects.all()}
        self.report_ids = {}
        for report in ProgressReport.objects.all():
            agency = name_of["Agency", report.agency_id]
            self.rules.reports[agency], self.report_ids[agency] = report.state, report.pk
        self.rules.touched = {agency: {f"officer_{agency}"} for agency in REPORTING}
        self.sizes = self.count()
        self.frozen: dict[str, tuple] = {}

    def teardown(self):
        if not hasattr(self, "savepoint"):
            return
        try:
            assert list(problems()) == []
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # --- trying

    def person(self, name: str) -> User:
        """Read anew, as at every request."""
        return User.objects.get(pk=self.people[name])

    def actor(self, by: str, apt: bool, verb: str, place: str) -> str:
        """``by``, or in their place one of those who may."""
        able = [name for name in PEOPLE if self.rules.may(name, verb, place)] if apt else []
        return able[PEOPLE.index(by) % len(able)] if able else by

    def report(self, agency: str) -> ProgressReport:
        return ProgressReport.objects.select_related("agency", "period__council").get(pk=self.report_ids[agency])

    def holders(self, place: str, role: str) -> list[str]:
        """Those who have the role there and an open account."""
        return sorted(
            who
            for who, where, what in self.rules.roles
            if (where, what) == (place, role) and who not in self.rules.closed
        )

    def tries(self, verb: str, act, *, by: str, may: bool, **given) -> bool:
        """Whether ``by`` did the deed. Who may not is refused with NotAllowed, and nothing is written."""
        self.now += timedelta(minutes=1)
        before = RecordEntry.objects.count()
        try:
            with transaction.atomic():
                act(by=self.person(by), now=self.now, **given)
        except (BusinessError, PermissionDenied) as refusal:
            tally["refused"] += 1
            assert RecordEntry.objects.count() == before, f"{verb} was refused and left a line on the record"
            if not may:
                assert isinstance(refusal, NotAllowed | PermissionDenied), f"{verb}: {refusal!r} tells more than no"
            return False
        done = RecordEntry.objects.count() > before
        tally["done"] += done
        tally[verb] += done
        assert may or not done, f"{verb} was done by somebody who may not"
        return done

    # --- people

    @rule(
        by=who,
        apt=apt,
        person=who,
        place=places,
        role=st.sampled_from(AGENCY_ROLES),
        whole=st.sampled_from(COUNCIL_ROLES),
    )
    def joins(self, by, apt, person, place, role, whole):
        by = self.actor(by, apt, "join", place)
        role = role if place in COUNCIL_OF else whole
        new = (person, place, role) not in self.rules.roles
        done = self.tries(
            "join", join, by=by, may=self.rules.may_join(by, person, place),
            user=self.person(person), scope=self.places[place], role=Role(role), on=self.world.today,
        )  # fmt: skip
        if done:
            assert person not in self.rules.closed and new
            self.rules.join(person, place, role)

    @rule(by=who, data=st.data())
    def leaves(self, by, data):
        person, place, role = data.draw(st.sampled_from(sorted(self.rules.roles)))
        scope = self.places[place]
        found = Membership.objects.filter(
            user__username=person, role=role, left_on=None, **{"agency" if place in COUNCIL_OF else "council": scope}
        )
        may = self.rules.may(by, "leave", place) and by != person
        member = found.get()
        if self.tries("leave", leave, by=by, may=may, member=member, on=self.world.today):
            self.rules.roles.discard((person, place, role))

    @rule(by=who, apt=apt, person=who, council=st.sampled_from((CT, TG)))
    def account_closes(self, by, apt, person, council):
        by = self.actor(by, apt, "close_account", council)
        reach = {self.rules.council_of.get(place, place) for whose, place, _role in self.rules.roles if whose == person}
        may = (
            self.rules.may(by, "close_account", council)
            and by != person
            and council in self.rules.known.get(person, set())
            and all(self.rules.may(by, "leave", each) for each in reach)
        )
        about = {"user": self.person(person), "council": self.places[council]}
        if self.tries("close_account", close_account, by=by, may=may, **about):
            self.rules.closed.add(person)
            self.rules.roles = {row for row in self.rules.roles if row[0] != person}

    @rule(by=who, person=who)
    def account_opens_again(self, by, person):
        known = self.rules.known.get(person, set())
        mine = {council for council in (CT, TG) if self.rules.may(by, "reopen_account", council)}
        may = bool(mine) and known <= mine and by != person
        if self.tries("reopen_account", reopen_account, by=by, may=may, user=self.person(person)):
            self.rules.closed.discard(person)

    @rule(by=who, apt=apt, old=agencies, new=agencies)
    def agencies_merge(self, by, apt, old, new):
        by = self.actor(by, apt, "succeed", new)
        merged = self.tries(
            "succeed", succeed, by=by, may=self.rules.may(by, "succeed", new), kind=Succession.Kind.MERGE,
            predecessors=[self.places[old]], successor=self.places[new], on=self.world.today,
        )  # fmt: skip
        if merged:
            assert COUNCIL_OF[old] == COUNCIL_OF[new] and old != new
            for person, place, role in sorted(self.rules.roles):
                if place == old and person not in self.rules.closed:
                    self.rules.join(person, new, role)

    # --- the quarter

    @rule(by=who, apt=apt, agency=reporting, data=st.data())
    def line_is_saved(self, by, apt, agency, data):
        by = self.actor(by, apt, "save_line", agency)
        lines = list(ReportLine.objects.filter(report=self.report_ids[agency]).order_by("pk"))
        line = data.draw(st.sampled_from(lines), label="line")
        percent = data.draw(st.integers(1, 99))
        saved = self.tries(
            "save_line", save_line, by=by, may=self.rules.may(by, "save_line", agency), line=line,
            version=line.version, status="in_progress", percent=percent, result=f"Đã làm {percent}%",
        )  # fmt: skip
        if saved:
            self.entered(by, agency)

    @rule(by=who, apt=apt, agency=reporting, which=st.integers(0, 99))
    def figure_is_saved(self, by, apt, agency, which):
        by = self.actor(by, apt, "save_figures", agency)
        report = self.report(agency)
        figures = list(report.figures.select_related("indicator").order_by("pk"))
        figure = figures[which % len(figures)]
        code = figure.indicator.code
        saved = self.tries(
            "save_figures", save_figures, by=by, may=self.rules.may(by, "save_figures", agency), report=report,
            version=report.version, values={code: (figure.value, figure.reason)}, notes={code: f"Giải trình {which}"},
        )  # fmt: skip
        if saved:
            self.entered(by, agency)

    @rule(by=who, apt=apt, agency=reporting, heading=st.sampled_from(sorted(ProgressReport.NARRATIVE)))
    def words_are_saved(self, by, apt, agency, heading):
        by = self.actor(by, apt, "save_narrative", agency)
        report = self.report(agency)
        saved = self.tries(
            "save_narrative", save_narrative, by=by, may=self.rules.may(by, "save_narrative", agency), report=report,
            version=report.version, **{heading: f"Lời của {by}"},
        )  # fmt: skip
        if saved:
            self.entered(by, agency)

    def entered(self, by, agency):
        assert self.rules.reports[agency] in EDITABLE and COUNCIL_OF[agency] not in self.rules.locked
        self.rules.touched.setdefault(agency, set()).add(by)

    @rule(by=who, apt=apt, agency=reporting, verb=st.sampled_from(sorted(MOVES)))
    def report_moves(self, by, apt, agency, verb):
        by = self.actor(by, apt, verb, agency)
        may, move = self.rules.may(by, verb, agency), getattr(workflow, verb)
        reason = {"reason": REASON} if verb in {"send_back_report", "return_report"} else {}
        if not self.tries(verb, move, by=by, may=may, report=self.report(agency), **reason):
            return
        target = self.rules.moves(verb, agency)
        assert target is not None, f"{verb} moved a report that was {self.rules.reports[agency]}"
        own = self.rules.touched.get(agency, set())
        assert verb not in {"approve_report", "accept_report"} or by not in own, f"{by} judged their own work (V25)"
        assert verb != "undo_accept" or self.rules.accepted_by[agency] == by
        self.rules.reports[agency] = target
        if verb == "submit_report":
            self.rules.touched.setdefault(agency, set()).add(by)
        if verb == "accept_report":
            self.rules.accepted_by[agency] = by

    @precondition(lambda self: "draft" in self.rules.reports.values())
    @rule(agency=reporting, approver_says=st.sampled_from(("approve_report", "send_back_report")))
    def a_good_quarter(self, agency, approver_says):
        """As it should go, so that walks reach the far states: handed in, approved or sent back, accepted."""
        council = COUNCIL_OF[agency]
        for by in self.holders(agency, "liaison")[:1]:
            self.report_moves(by=by, apt=False, agency=agency, verb="submit_report")
        for by in self.holders(agency, "approver")[:1]:
            self.report_moves(by=by, apt=False, agency=agency, verb=approver_says)
        for by in self.holders(council, "secretary")[:1]:
            self.report_moves(by=by, apt=False, agency=agency, verb="accept_report")

    @precondition(lambda self: set(self.rules.reports.values()) & SENT)
    @rule(which=st.integers(0, 9), way=st.booleans())
    def a_report_comes_back(self, which, way):
        """As it happens in every quarter: one that was sent is sent back, withdrawn or taken in by mistake."""
        sent = sorted(agency for agency, state in self.rules.reports.items() if state in SENT)
        agency = sent[which % len(sent)]
        ways = [verb for verb in BACK if self.rules.reports[agency] in MOVES[verb][0]]
        self.report_moves(by="outsider", apt=True, agency=agency, verb=ways[way % len(ways)])

    @rule(by=who, apt=apt, council=st.sampled_from((CT, TG)))
    def period_is_locked(self, by, apt, council):
        by = self.actor(by, apt, "lock_period", council)
        period = Period.objects.get(council=self.places[council], code="2024-q2")
        may = self.rules.may(by, "lock_period", council)
        if self.tries("lock_period", workflow.lock_period, by=by, may=may, period=period, reason=REASON):
            mine = [agency for agency in self.report_ids if COUNCIL_OF[agency] == council]
            assert council not in self.rules.locked
            assert not any(self.rules.reports[agency] == "submitted" for agency in mine)
            self.rules.locked.add(council)
            for agency in mine:
                if self.rules.reports[agency] == "accepted":
                    self.rules.reports[agency] = "locked"
            self.frozen[council] = self.contents(council)

    @rule(by=who, apt=apt, council=st.sampled_from((CT, TG)))
    def period_is_reopened(self, by, apt, council):
        by = self.actor(by, apt, "reopen_period", council)
        period = Period.objects.get(council=self.places[council], code="2024-q2")
        may = self.rules.may(by, "reopen_period", council)
        if self.tries("reopen_period", workflow.reopen_period, by=by, may=may, period=period, reason=REASON):
            assert council in self.rules.locked
            self.rules.locked.discard(council)
            del self.frozen[council]
            for agency, state in self.rules.reports.items():
                if state == "locked" and COUNCIL_OF[agency] == council:
                    self.rules.reports[agency] = "accepted"

    @rule(by=who, apt=apt, agency=agencies)
    def activity_is_recorded(self, by, apt, agency):
        by = self.actor(by, apt, "record_activity", agency)
        self.tries(
            "record_activity", record_activity, by=by, may=self.rules.may(by, "record_activity", agency),
            agency=self.places[agency], title=f"Buổi nói chuyện {self.now:%H%M}", held_on=self.world.today,
            figures={"PB01": 1, "PB02": 30},
        )  # fmt: skip

    @rule(by=who, apt=apt, council=st.sampled_from((CT, TG)))
    def plan_is_drafted(self, by, apt, council):
        by = self.actor(by, apt, "create_plan", council)
        mine = [self.places[agency] for agency in COUNCIL_OF if COUNCIL_OF[agency] == council][:2]
        self.tries(
            "create_plan", create_plan, by=by, may=self.rules.may(by, "create_plan", council),
            council=self.places[council], number=f"{self.now:%H%M}/KHPH", title="Kế hoạch phối hợp",
            signed_on=self.world.today, starts_on=self.world.today, ends_on=self.world.today + timedelta(days=300),
            legal_bases=["Luật số 14/2012/QH13"], parties=mine,
        )  # fmt: skip

    # --- after every step

    def count(self) -> tuple[int, ...]:
        """How many rows each of GROWS has, in one query."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(f'(SELECT count(*) FROM "{model._meta.db_table}")' for model in GROWS))
            return cursor.fetchone()

    def contents(self, council: str) -> tuple:
        """All that a locked quarter says."""
        reports = ProgressReport.objects.filter(period__council=self.places[council]).order_by("pk")
        lines = ReportLine.objects.filter(report__in=reports).order_by("pk")
        figures = ReportFigure.objects.filter(report__in=reports).order_by("pk")
        return tuple(reports.values_list("pk", "state")), tuple(lines.values_list()), tuple(figures.values_list())

    @invariant()
    def nothing_is_lost(self):
        if hasattr(self, "sizes"):
            now = self.count()
            assert all(after >= before for after, before in zip(now, self.sizes, strict=True))
            self.sizes = now

    @invariant()
    def reports_stand_where_the_rules_say(self):
        if hasattr(self, "rules"):
            stored = dict(ProgressReport.objects.values_list("pk", "state"))
            assert {agency: stored[pk] for agency, pk in self.report_ids.items()} == self.rules.reports
            for council, contents in self.frozen.items():
                assert self.contents(council) == contents, "a locked quarter changed"

    @invariant()
    def nobody_sees_what_is_not_theirs(self):
        if not hasattr(self, "rules"):
            return
        tally["looks"] += 1
        self.looking += 1
        name = PEOPLE[self.looking % len(PEOPLE)]  # everybody's turn comes
        person, rules = self.person(name), self.rules
        mine = {agency for agency in COUNCIL_OF if rules.sees_agency_work(name, agency)}
        expected = mine & set(self.report_ids)
        reports = {pk: agency for agency, pk in self.report_ids.items()}
        seen = {reports[pk] for pk in ProgressReport.objects.visible_to(person).values_list("pk", flat=True)}
        assert seen == expected, f"{name} sees the reports of {seen}, should see those of {expected}"
        codes = {self.places[agency].pk: agency for agency in COUNCIL_OF}
        doers = {codes[pk] for pk in Activity.objects.visible_to(person).values_list("agency", flat=True)}
        assert doers <= mine, f"{name} sees activities of {doers - mine}"
        councils = {self.places[CT].pk: CT, self.places[TG].pk: TG}
        for model in LISTS[self.looking % 2 :: 2]:
            around = {councils[pk] for pk in model.objects.visible_to(person).values_list("council", flat=True) if pk}
            assert around <= rules.councils(name), f"{name} sees {model.__name__} of {around}"
        if not mine:
            assert not Plan.objects.visible_to(person).exists() and not Task.objects.visible_to(person).exists()

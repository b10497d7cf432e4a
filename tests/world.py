"""A small world for tests, made with the verbs of the site: two councils that must never see each other."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from agencies import clock
from agencies.membership import join
from agencies.models import Agency, Council, Role, User
from campaigns.models import Plan, Task
from campaigns.workflow import create_plan, save_task
from reports.entry import save_figures, save_line
from reports.exports.word_template import council_report_template
from reports.models import Period, ProgressReport, WordTemplate
from reports.opening import open_period, put_plan_in_force, refresh_period

PASSWORD = "Mat-khau-2024-thu"
HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; the real one is slow on purpose


@dataclass
class World:
    """What the tests name: councils, agencies by code, people by who they are, the plan, its tasks, the period."""

    council: Council
    other_council: Council
    today: date = date(2024, 6, 10)
    agencies: dict[str, Agency] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    plan: Plan | None = None
    other_plan: Plan | None = None
    tasks: list[Task] = field(default_factory=list)
    period: Period | None = None
    other_period: Period | None = None

    @property
    def now(self) -> datetime:
        return clock.at(self.today)

    def report(self, code: str) -> ProgressReport:
        """The report of an agency in the open period, as stored."""
        return ProgressReport.objects.select_related("agency", "period__council").get(
            period__council=self.agencies[code].council_id, agency=self.agencies[code], period__code="2024-q2"
        )


def make_council(code: str, place: str) -> Council:
    return Council.objects.create(
        code=code,
        name=f"Hội đồng phối hợp phổ biến, giáo dục pháp luật {place}",
        short_name=place,
        place=place.removeprefix("thành phố ").removeprefix("tỉnh "),
        parent_body=f"Ủy ban nhân dân {place}",
        chair_name="Trần Văn Chủ",
        standing_vice_chair_name="Lê Văn Trực",
    )


def make_agency(council: Council, code: str, name: str, short_name: str, order: int, **more) -> Agency:
    return Agency.objects.create(
        council=council,
        code=code,
        name=name,
        short_name=short_name,
        protocol_order=order,
        valid_from=date(2004, 1, 1),
        **more,
    )


def make_person(username: str, *roles) -> User:
    """A person with (scope, role) pairs."""
    user = User.objects.create_user(
        username, password=PASSWORD, full_name=f"Người {username}", tours_seen=list(Role.values)
    )
    for scope, role in roles:
        join(user=user, scope=scope, role=role, by=None, now=clock.at(date(2024, 1, 2)), on=date(2024, 1, 2))
    return user


def add_task(world: World, plan: Plan, number: int, lead: str, *supporting: str, **more) -> Task:
    """A task of a plan; quarterly unless told otherwise."""
    agencies = world.agencies
    task, _changed = save_task(
        plan=plan,
        by=None,
        now=clock.at(date(2024, 2, 29)),
        import_key=f"thu:{number}",
        number=f"{number}.",
        title=more.pop("title", f"Nhiệm vụ số {number}"),
        section=None,
        lead=agencies[lead],
        supporting=[agencies[code] for code in supporting],
        sort_order=number,
        **({"timing_text": "Hằng quý", "recurrence": "quarterly"} | more),
    )
    return task


def build_empty_world() -> World:
    """Council A with agencies a, b, c and the standing agency; council B with x; people in every role; no plan yet."""
    council, other = make_council("can-tho", "thành phố Cần Thơ"), make_council("tien-giang", "tỉnh Tiền Giang")
    world = World(council, other)
    agencies = world.agencies
    agencies["stp"] = make_agency(council, "stp", "Sở Tư pháp thành phố", "Sở Tư pháp", 1, abbreviation="STP")
    agencies["a"] = make_agency(council, "a", "Công an thành phố", "Công an", 2, requires_approval=True)
    agencies["b"] = make_agency(council, "b", "Hội Liên hiệp Phụ nữ thành phố", "Hội LHPN", 3)
    agencies["c"] = make_agency(council, "c", "Ban Dân tộc thành phố", "Ban Dân tộc", 4)
    agencies["x"] = make_agency(other, "stp", "Sở Tư pháp tỉnh Tiền Giang", "Sở Tư pháp", 1)
    for owner, standing in ((council, "stp"), (other, "x")):
        owner.standing_agency = agencies[standing]
        owner.save()
    a, b, c, x = (agencies[code] for code in "abcx")
    world.people = {
        "outsider": make_person("outsider"),
        "officer_stp": make_person("officer_stp", (agencies["stp"], Role.LIAISON)),
        "officer_a": make_person("officer_a", (a, Role.LIAISON)),
        "officer_b": make_person("officer_b", (b, Role.LIAISON)),
        "officer_c": make_person("officer_c", (c, Role.LIAISON)),
        "viewer_a_officer_b": make_person("viewer_a_officer_b", (a, Role.VIEWER), (b, Role.LIAISON)),
        "approver_a": make_person("approver_a", (a, Role.APPROVER)),
        "secretary": make_person("secretary", (council, Role.SECRETARY)),
        "leader": make_person("leader", (council, Role.LEADER)),
        "administrator": make_person("administrator", (council, Role.ADMINISTRATOR)),
        "other_secretary": make_person("other_secretary", (other, Role.SECRETARY)),
        "officer_x": make_person("officer_x", (x, Role.LIAISON)),
        "inactive": make_person("inactive", (a, Role.LIAISON), (council, Role.SECRETARY)),
    }
    User.objects.filter(username="inactive").update(is_active=False)
    return world


def build_world() -> World:
    """The empty world with a plan in force in each council, and Quý II/2024 open in both."""
    world = build_empty_world()
    council, other = world.council, world.other_council
    world.plan = _plan(world, council, "01/KHPH-STP-CA", ("stp", "a", "b"))
    world.tasks = [
        add_task(world, world.plan, 1, "a", "b", title="Tuyên truyền phòng, chống ma túy cho học sinh"),
        add_task(world, world.plan, 2, "b", "stp", title="Hòa giải ở cơ sở: tập huấn hòa giải viên"),
        add_task(world, world.plan, 3, "stp", recurrence="ongoing", timing_text="Thường xuyên"),
        add_task(world, world.plan, 4, "a", recurrence="", timing_text="Trước 15/5/2024", due_date=date(2024, 5, 15)),
    ]
    world.other_plan = _plan(world, other, "09/KHPH-STP", ("x", "x"))
    add_task(world, world.other_plan, 1, "x", title="Nhiệm vụ của tỉnh khác")
    world.period = open_period(council=council, code="2024-q2", by=None, now=clock.at(date(2024, 3, 15)))[0]
    world.other_period = open_period(council=other, code="2024-q2", by=None, now=clock.at(date(2024, 3, 15)))[0]
    put_plan_in_force(plan=world.plan, by=None, now=clock.at(date(2024, 3, 16)))
    # One party is enough for the other council's world; the rule about two parties has its own test.
    Plan.objects.filter(pk=world.other_plan.pk).update(state=Plan.State.ACTIVE)
    refresh_period(period=world.other_period, by=None, now=clock.at(date(2024, 3, 16)))
    return world


def _plan(world: World, council: Council, number: str, parties) -> Plan:
    return create_plan(
        council=council,
        by=None,
        now=clock.at(date(2024, 2, 29)),
        number=number,
        title=f"Kế hoạch phối hợp {council.short_name} giai đoạn 2024 - 2025",
        signed_on=date(2024, 2, 29),
        starts_on=date(2024, 1, 1),
        ends_on=date(2025, 12, 31),
        legal_bases=["Luật Phổ biến, giáo dục pháp luật số 14/2012/QH13"],
        parties=[world.agencies[code] for code in dict.fromkeys(parties)],
    )


def fill_in(world: World, code: str, by: User, **values: int) -> ProgressReport:
    """Fill in everything an agency's report needs before it can be handed in."""
    report = world.report(code)
    for line in report.lines.select_related("task"):
        save_line(
            line=line,
            by=by,
            now=world.now,
            version=line.version,
            status="in_progress",
            percent=50,
            result="Đã tổ chức 02 cuộc tuyên truyền.",
            difficulty="Trùng lịch thi cuối năm học của các trường.",
            new_expected_on=date(2024, 7, 31),
        )
    # Totals first, their parts all in one: 'Số tổ' etc. add up for the standing agency too.
    given = {"PB08": 10, "PB08a": 4, "PB09": 20, "PB09a": 5, "PB10": 12, "PB10a": 12, "PB10b": 0, "PB10c": 0}
    given |= {"HG01": 2, "HG02": 8, "HG03": 4, "HG04": 4, "HG05": 2, "HG06": 6, "HG07": 1, "HG08": 3}
    given |= {"HG11": 5, "HG12": 2, "HG13": 2, "HG14": 1, "HG15": 4, "HG16": 2, "HG17": 1, "HG18": 1}
    given |= {"HG19": 1, "HG20": 0, "HG21": 0}
    given |= {"DA01": 1, "DA01a": 1, "DA02": 2, "DA03": 1, "DA04": 6, "DA05": 2, "DA05a": 2} | values
    report.refresh_from_db()
    own = {figure.indicator.code for figure in report.figures.select_related("indicator")}
    save_figures(
        report=report,
        by=by,
        now=world.now,
        version=report.version,
        # Money comes from activities; these agencies have recorded none of it.
        values={
            code: (Decimal(value), "Theo chứng từ kế toán" if code.startswith("PB10") else "")
            for code, value in given.items()
            if code in own
        },
    )
    return world.report(code)


def a_template(world: World, version: int = 1, content: bytes | None = None) -> WordTemplate:
    """An uploaded Word template of the council, not in use; the built-in one unless told otherwise."""
    content = content or council_report_template()
    return WordTemplate.objects.create(
        council=world.council,
        version=version,
        name=f"mau-{version}.docx",
        content=content,
        digest=f"{version:064d}",
        size=len(content),
        uploaded_at=world.now,
        uploaded_by=world.people["secretary"],
    )

"""One council while its rows are computed: its sheets, its dice, its agencies; and what all councils stand on."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from django.contrib.auth.hashers import make_password

from agencies.clock import instant
from agencies.permissions import ROLE_PERMISSIONS, Role
from campaigns.models import Indicator
from portal.demo.logins import DEMO_PASSWORD
from portal.worlds.sheets import Sheet
from portal.worlds.sizes import QUARTERS, STRIDE, Size
from reports.calendars import Deadlines, deadlines
from reports.models import Holiday

# Table → its columns besides the number.
_COLUMNS = {
    "agencies_council": "code name short_name place parent_body standing_agency_id chair_name standing_vice_chair_name",
    "agencies_agency": "council_id code name short_name aliases abbreviation valid_from requires_approval"
    " protocol_order folded",
    "agencies_user": "password is_superuser username email is_staff is_active date_joined full_name position phone"
    " tours_seen must_change_password",
    "agencies_membership": "user_id agency_id council_id role joined_on wall_council_id",
    "auth_group": "name",
    "agencies_user_groups": "user_id group_id",
    "agencies_agencygrouppermission": "content_object_id group_id permission_id wall_council_id",
    "agencies_councilgrouppermission": "content_object_id group_id permission_id",
    "agencies_recordentry": "at kind actor_id actor_name verb summary council_id agency_id object_type object_id"
    " from_state to_state reason written_at",
    "agencies_notice": "recipient_id kind at text path council_id agency_id key sender_id wall_council_id",
    "campaigns_plan": "council_id number title kind signed_on starts_on ends_on legal_bases note state source_name"
    " source_digest folded",
    "campaigns_planparty": "plan_id agency_id role sort_order wall_council_id",
    "campaigns_plansection": "plan_id number path title sort_order import_key wall_council_id",
    "campaigns_target": "plan_id task_id indicator_id year direction value wall_council_id",
    "campaigns_task": "council_id plan_id section_id number title timing_text due_date recurrence supporting_text"
    " expected_output note status percent completed_on sort_order import_key folded",
    "campaigns_assignment": "task_id agency_id role date_from wall_council_id",
    "campaigns_activity": "title held_on form place content target_groups topics recorded_by_id recorded_at"
    " withdrawn_at withdrawn_reason version folded agency_id council_id wall_council_id",
    "campaigns_activity_tasks": "activity_id task_id wall_council_id",
    "campaigns_activityfigure": "value activity_id indicator_id wall_council_id",
    "reports_period": "council_id code kind starts_on ends_on agency_due_on secretariat_due_on leader_due_on state"
    " opened_at opened_by_id reopen_reason",
    "reports_progressreport": "state nothing_to_report direction highlights difficulties causes next_steps proposals"
    " submitted_at approved_at accepted_at returned_at return_reason version accepted_by_id agency_id approved_by_id"
    " period_id returned_by_id submitted_by_id warnings wall_council_id",
    "reports_reportline": "role due_on status percent completed_on result difficulty proposal new_expected_on"
    " no_evidence_reason edited_at version assignment_id edited_by_id report_id task_id wall_council_id",
    "reports_reportfigure": "value reason corrected computed note indicator_id report_id wall_council_id",
}


@dataclass(frozen=True)
class Ground:
    """What every council of a world needs and the database already has: permissions, indicators, days off."""

    seed: int
    size: Size
    permissions: dict[tuple[str, str], int]  # ("agency", "view_work") → its number
    indicators: tuple[Indicator, ...]
    deadlines: tuple[Deadlines, ...]  # of each quarter
    password: str  # hashed
    written_at: datetime

    @classmethod
    def lay(cls, size: Size, seed: int) -> "Ground":
        """Read it from the migrated database."""
        from django.contrib.auth.models import Permission

        calendar = Holiday.calendar()
        rows = Permission.objects.filter(content_type__app_label="agencies").values_list(
            "content_type__model", "codename", "pk"
        )
        return cls(
            seed=seed,
            size=size,
            permissions={(model, codename): pk for model, codename, pk in rows},
            indicators=tuple(Indicator.objects.order_by("sort_order")),
            deadlines=tuple(deadlines(span.ends_on, calendar) for span in QUARTERS),
            password=make_password(DEMO_PASSWORD, salt=f"world{seed}"),
            written_at=instant(),
        )

    def grants(self, scope: str, role: Role) -> list[int]:
        """Numbers of the permissions that the role gives on an agency or a council."""
        return [self.permissions[scope, perm.value] for perm in sorted(ROLE_PERMISSIONS[role])]


@dataclass
class Seat:
    """An agency with its people."""

    pk: int
    code: str
    name: str
    short_name: str
    abbreviation: str
    weight: float  # how much falls to it, of tasks and of activities
    approval: bool
    place: str = ""  # the commune, of a commune's own committee
    liaison: int = 0
    liaison_name: str = ""
    approver: int = 0
    approver_name: str = ""


@dataclass
class Land:
    """One council at work."""

    ground: Ground
    index: int
    slug: str
    tasks: int
    activities: int
    dice: Random
    sheets: dict[str, Sheet]
    seats: list[Seat] = field(default_factory=list)
    communes: list[str] = field(default_factory=list)
    secretary: int = 0
    secretary_name: str = ""

    @classmethod
    def of(cls, ground: Ground, index: int, slug: str, tasks: int, activities: int) -> "Land":
        base = index * STRIDE
        sheets = {name: Sheet(name, columns, base) for name, columns in _COLUMNS.items()}
        sheets["agencies_council"].base = index
        return cls(ground, index, slug, tasks, activities, Random(f"{ground.seed}:{slug}"), sheets)

    @property
    def pk(self) -> int:
        """The council's number."""
        return self.index + 1

    def record(self, at, by: int | None, name: str, verb: str, summary: str, kind: str, pk: int, **more) -> None:
        """A line of the council's record, about the object of that kind ('agencies.agency') and number."""
        self.sheets["agencies_recordentry"].add(
            at,
            "deed",
            by,
            name,
            verb,
            summary,
            self.pk,
            more.get("agency"),
            kind,
            pk,
            more.get("before", ""),
            more.get("after", ""),
            more.get("reason", ""),
            self.ground.written_at,
        )

    def copy(self) -> int:
        """Send every sheet to its table; returns the number of rows."""
        return sum(sheet.copy() for sheet in self.sheets.values())


def moment(day: date, hour: int, minute: int = 0) -> str:
    """An instant of a day in Việt Nam, as the database reads it."""
    return f"{day.isoformat()} {hour:02d}:{minute:02d}:00+07"

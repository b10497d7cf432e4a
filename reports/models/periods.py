"""Reporting rounds, the days off that deadlines step over, and the wall around a locked period."""

import pgtrigger
from django.db import connection, models
from django.db.models import F, Q

from agencies.fields import Line, Prose
from agencies.models import Council, User, tracked
from agencies.permissions import Perm, grants_of
from reports.calendars import PeriodSpan, WorkCalendar, longer_than, parse_period, quarters_of, work_calendar


def refuse_when_locked(name: str, period_of_row: str) -> pgtrigger.Trigger:
    """A trigger that refuses any change to a row of a locked period, raw SQL and bulk included (rule V24)."""
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("touched", "bigint[]")],
        func=f"""
            touched := ARRAY(
                SELECT p FROM unnest(ARRAY[
                    CASE WHEN TG_OP <> 'INSERT' THEN {period_of_row.format(row="OLD")} END,
                    CASE WHEN TG_OP <> 'DELETE' THEN {period_of_row.format(row="NEW")} END
                ]) AS p);
            -- FOR SHARE waits for a lock_period under way, and makes the next one wait for this change.
            PERFORM 1 FROM reports_period WHERE id = ANY(touched) FOR SHARE;
            IF EXISTS (SELECT 1 FROM reports_period WHERE id = ANY(touched) AND state = 'locked') THEN
                RAISE EXCEPTION 'period is locked: % of % refused', TG_OP, TG_TABLE_NAME
                    USING ERRCODE = 'check_violation', HINT = 'reopen the period, with a reason, first';
            END IF;
            RETURN COALESCE(NEW, OLD);
        """,
    )


BY_REPORT = "(SELECT period_id FROM reports_progressreport WHERE id = {row}.report_id)"
BY_PERIOD = "{row}.period_id"
BY_LINE = (
    "(SELECT r.period_id FROM reports_reportline l JOIN reports_progressreport r ON r.id = l.report_id"
    " WHERE l.id = {row}.line_id)"
)


@tracked
class Holiday(models.Model):
    """A day off, or a Saturday or Sunday worked instead (làm bù). The table is edited by the administrator."""

    day = models.DateField("ngày", unique=True)
    name = Line("tên", max_length=120)
    is_makeup = models.BooleanField("là ngày làm bù", default=False)

    class Meta:
        verbose_name = "ngày nghỉ, làm bù"
        verbose_name_plural = "ngày nghỉ, làm bù"
        ordering = ["day"]

    def __str__(self):
        return f"{self.day:%d/%m/%Y} {self.name}"

    @classmethod
    def calendar(cls) -> WorkCalendar:
        """The working-day calendar as the table stands."""
        return work_calendar(list(cls.objects.values_list("day", "is_makeup")))


class PeriodQuerySet(models.QuerySet):
    def quarters(self):
        """The periods that agencies hand in for; the longer ones are added up from them."""
        return self.filter(kind=Period.Kind.QUARTER)

    def visible_to(self, user):
        """Periods of the councils in which the person works or reads."""
        grants = grants_of(user)
        return self.filter(
            council__in=grants.councils(Perm.VIEW_COUNCIL_WORK) | grants.agency_councils
            if grants.agencies(Perm.VIEW_WORK)
            else grants.councils(Perm.VIEW_COUNCIL_WORK)
        )


@pgtrigger.register(
    pgtrigger.Protect(name="frozen_value_is_insert_only", operation=pgtrigger.Update | pgtrigger.Delete),
)
class FrozenValue(models.Model):
    """The numbers of a period as they were when it was locked. Insert only, by trigger.

    It stands beside the period, so that no join that needs the period's dates reads megabytes, and in parts, so that a
    page reads those that it shows. Only reports/freezing.py knows what the parts look like. A period that is reopened
    lets go of its value; the value stays, with the version of the period that carried it.
    """

    council = models.ForeignKey(
        Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="frozen_values"
    )
    totals = models.JSONField("tổng số nhiệm vụ")
    unreported = models.JSONField("chưa có báo cáo kỳ này")
    delays = models.JSONField("chậm nhất")
    told = models.JSONField("số liệu, lời văn")
    tasks = models.JSONField("từng nhiệm vụ")

    class Meta:
        verbose_name = "số liệu đã khóa"
        verbose_name_plural = "số liệu đã khóa"

    def __str__(self):
        return f"Số liệu đã khóa số {self.pk}"


@pgtrigger.register(
    pgtrigger.Trigger(
        name="locked_period_stands",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        condition=pgtrigger.Q(old__state="locked"),
        func="""
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION 'a locked period cannot be deleted' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.state = 'locked' OR NEW.reopen_reason = OLD.reopen_reason
               OR (NEW.council_id, NEW.code, NEW.starts_on, NEW.ends_on)
                  IS DISTINCT FROM (OLD.council_id, OLD.code, OLD.starts_on, OLD.ends_on) THEN
                RAISE EXCEPTION 'a locked period only reopens, with a reason' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
)
@tracked
class Period(models.Model):
    """A reporting round of one council: its days, its deadlines, whether it is open or locked.

    Agencies report by quarter. A half-year, nine months and a year stand here too, for the council's own report of
    them; they have no reports of agencies, their numbers are those of their quarters.
    """

    class Kind(models.TextChoices):
        QUARTER = "quarter", "Quý"
        HALF_YEAR = "half_year", "6 tháng đầu năm"
        SECOND_HALF = "second_half", "6 tháng cuối năm"
        NINE_MONTH = "nine_month", "9 tháng"
        YEAR = "year", "Năm"

    class State(models.TextChoices):
        OPEN = "open", "Đang mở"
        LOCKED = "locked", "Đã khóa"

    council = models.ForeignKey(Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="periods")
    code = models.CharField("kỳ", max_length=10)
    kind = models.CharField("loại kỳ", max_length=12, choices=Kind.choices, default=Kind.QUARTER)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("chốt số liệu hết ngày")
    agency_due_on = models.DateField("hạn nộp của cơ quan")
    secretariat_due_on = models.DateField("hạn của Thư ký")
    leader_due_on = models.DateField("hạn trình Lãnh đạo")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField("mở lúc")
    opened_by = models.ForeignKey(User, verbose_name="người mở", on_delete=models.RESTRICT, null=True, related_name="+")
    locked_at = models.DateTimeField("khóa lúc", null=True, blank=True)
    locked_by = models.ForeignKey(
        User, verbose_name="người khóa", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    reopen_reason = Prose("lý do mở lại", blank=True)
    frozen = models.OneToOneField(
        FrozenValue, verbose_name="số liệu đã khóa", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "kỳ báo cáo"
        verbose_name_plural = "kỳ báo cáo"
        ordering = ["-starts_on", "council_id"]
        constraints = [
            models.UniqueConstraint(fields=["council", "code"], name="period_once_per_council"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on"))
                & Q(agency_due_on__gt=F("ends_on"))
                & Q(secretariat_due_on__gt=F("agency_due_on"))
                & Q(leader_due_on__gt=F("secretariat_due_on")),
                name="period_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state="locked", locked_at__isnull=False, frozen__isnull=False)
                | Q(state="open", locked_at__isnull=True, frozen__isnull=True),
                name="period_locked_is_dated_and_frozen",
            ),
            models.CheckConstraint(
                condition=Q(code__contains="-q", kind="quarter") | (~Q(code__contains="-q") & ~Q(kind="quarter")),
                name="period_kind_follows_its_code",
            ),
        ]

    def __str__(self):
        return self.span.label

    @property
    def permission_scope(self):
        return self.council

    @property
    def span(self) -> PeriodSpan:
        """The period as arithmetic (reports/calendars.py)."""
        return parse_period(self.code)

    @property
    def is_quarter(self) -> bool:
        return self.kind == self.Kind.QUARTER

    def quarters(self):
        """The council's opened quarters that this period is made of, oldest first; a quarter is its own only one."""
        codes = [part.code for part in quarters_of(self.span)]
        return Period.objects.filter(council=self.council_id, code__in=codes).order_by("starts_on")

    def outstanding(self):
        """Reports of agencies that the period's numbers wait for: not accepted yet, in any of its quarters."""
        from reports.models.progress import ProgressReport  # the two know each other

        reports = ProgressReport.objects.filter(period__in=self.quarters()).select_related("agency", "period")
        waiting = reports.exclude(state__in=ProgressReport.ACCEPTED_STATES)
        return waiting.order_by("period__starts_on", "agency__protocol_order", "agency__code")

    def longer(self):
        """The council's longer periods that contain this quarter."""
        codes = [span.code for span in longer_than(self.span)]
        return Period.objects.filter(council=self.council_id, code__in=codes).order_by("starts_on", "-ends_on")

    @classmethod
    def hold_open(cls, pk: int) -> bool:
        """Keep the period from being locked until the transaction ends; False when it is locked already.

        Every verb that changes something inside a period calls this before it locks rows of its own, so that the
        order is always period first and two verbs cannot wait for each other.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT state FROM reports_period WHERE id = %s FOR SHARE", [pk])
            return cursor.fetchone() == (cls.State.OPEN,)

    @property
    def is_locked(self) -> bool:
        return self.state == self.State.LOCKED

"""Rows by the million, made by the database: a province of 150 agencies, 6,000 tasks and eight quarters."""

from datetime import date

from django.db import connection

from agencies import clock
from agencies.models import Agency, Council, Role, User
from campaigns.models import Plan, Task
from reports.models import Period
from tests.world import make_agency, make_council, make_person

AGENCIES, TASKS, QUARTERS = 150, 6_000, 8
NOW = clock.at(date(2024, 6, 10))


def province(lines: int) -> tuple[Council, User]:
    """A council with about so many report lines in eight quarters; returns it and its secretary."""
    council = make_council("thu", "tỉnh Thử")
    agencies = [
        make_agency(council, f"cq-{n}", f"Ủy ban nhân dân phường số {n}", f"Phường {n}", n) for n in range(AGENCIES)
    ]
    council.standing_agency = agencies[0]
    council.save()
    secretary = make_person("thu-ky-thu", (council, Role.SECRETARY))
    make_person("dau-moi-thu", *((agency, Role.LIAISON) for agency in agencies))
    plan = Plan.objects.create(
        council=council, number="01/KH-HĐPH", title="Kế hoạch phổ biến, giáo dục pháp luật", kind=Plan.Kind.values[0],
        signed_on=date(2023, 1, 2), starts_on=date(2023, 1, 1), ends_on=date(2025, 12, 31), state=Plan.State.ACTIVE,
    )  # fmt: skip
    with connection.cursor() as cursor:  # past every trigger, as a restored copy comes in
        cursor.execute("SET session_replication_role = replica")
    Task.objects.bulk_create(
        [
            Task(
                council=council, plan=plan, number=f"{n}.", sort_order=n, recurrence="quarterly",
                title=f"Tổ chức hội nghị phổ biến Luật Đất đai, Luật Nhà ở tại địa bàn số {n}", import_key=f"thu:{n}",
            )
            for n in range(TASKS)
        ]
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
    for code in [f"{year}-q{quarter}" for year in (2023, 2024) for quarter in (1, 2, 3, 4)]:
        _period(council, code)
    each = lines // (AGENCIES * QUARTERS) + 1  # tasks of an agency
    _rows(council, each, lines)
    return council, secretary


def _period(council: Council, code: str) -> None:
    from reports.models import Holiday
    from reports.opening import _dates, period_span

    Period.objects.create(**_dates(period_span(code), Holiday.calendar()), council=council, opened_at=NOW)


def _rows(council: Council, each: int, lines: int) -> None:
    """Assignments, reports, lines and figures past every trigger, as a restored copy comes in."""
    person = User.objects.get(username="dau-moi-thu").pk
    first_agency = Agency.objects.filter(council=council).order_by("pk").values_list("pk", flat=True)[0]
    first_task = Task.objects.filter(council=council).order_by("pk").values_list("pk", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            f"""
            INSERT INTO campaigns_assignment (task_id, agency_id, role, date_from, wall_council_id)
            SELECT {first_task} + (a * 41 + t) %% {TASKS}, {first_agency} + a,
                   CASE WHEN t = 0 THEN 'lead' ELSE 'supporting' END, DATE '2023-01-01', %s
            FROM generate_series(0, {AGENCIES - 1}) a, generate_series(0, {each - 1}) t
            """,
            [council.pk],
        )
        cursor.execute(
            """
            INSERT INTO reports_progressreport (period_id, agency_id, state, nothing_to_report, direction, highlights,
                difficulties, causes, next_steps, proposals, return_reason, version, wall_council_id)
            SELECT p.id, a.id, 'draft', false, '', '', '', '', '', '', '', 1, p.council_id
            FROM reports_period p JOIN agencies_agency a ON a.council_id = p.council_id
            WHERE p.council_id = %s ORDER BY p.starts_on, a.id
            """,
            [council.pk],
        )
        cursor.execute(
            """
            INSERT INTO reports_reportline (report_id, assignment_id, task_id, role, due_on, status, percent, result,
                difficulty, proposal, no_evidence_reason, new_expected_on, edited_at, edited_by_id, version,
                wall_council_id)
            SELECT r.id, s.id, s.task_id, s.role, p.ends_on, CASE s.role WHEN 'lead' THEN 'in_progress' ELSE '' END,
                   CASE s.role WHEN 'lead' THEN 50 END,
                   'Đã tổ chức ' || s.id %% 17 || ' hội nghị tuyên truyền với ' || s.id %% 977
                   || ' lượt người tham dự; phát hành tờ gấp, tin bài trên hệ thống loa truyền thanh cơ sở.',
                   CASE WHEN s.id %% 5 = 0 THEN '- Trùng lịch thi cuối năm học' ELSE '' END, '', '', p.ends_on + 20,
                   TIMESTAMPTZ '2024-06-10 02:00+00' + s.id %% 1000 * INTERVAL '1 minute', %s, 1, p.council_id
            FROM reports_progressreport r JOIN reports_period p ON p.id = r.period_id
            JOIN campaigns_assignment s ON s.agency_id = r.agency_id
            WHERE p.council_id = %s ORDER BY r.id, s.id LIMIT %s
            """,
            [person, council.pk, lines],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")

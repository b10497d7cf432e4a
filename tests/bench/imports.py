"""A plan's annex from Excel: read, check, preview; then store. Against django-import-export's resource as it comes."""

from collections.abc import Iterator
from datetime import date

import tablib
from django.db.models import Model
from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from agencies import clock, wall
from agencies.models import Agency, Council
from campaigns.imports.service import import_plan, plan_preview
from campaigns.models import Plan, Task
from tests.annexes import HEADINGS, xlsx
from tests.bench.measure import OURS, Goal, Measure, Side, rolled_back
from tests.bench.memory import peak_mb
from tests.bench.site import Site

ROWS = {"S": 1_000, "M": 2_000, "L": 10_000}
SAMPLE = 200  # of the same file, for the resource that needs a second for a hundred rows
_ATTRIBUTES = dict(
    zip(HEADINGS, ("number", "title", "lead", "supporting", "timing_text", "expected_output", "note"), strict=True)
)
_NUMBER = "99/KHPH-DO"


def measures(site: Site) -> Iterator[Measure]:
    """The preview, then the import itself."""
    rows = annex_rows(site, ROWS.get(site.size, 5))
    content, sample = xlsx(rows), xlsx(rows[:SAMPLE])
    year = site.period.starts_on.year
    given = {
        "council": site.council, "content": content, "filename": "phu-luc.xlsx", "number": _NUMBER,
        "title": "Kế hoạch đo", "starts_on": site.period.starts_on.replace(year, 1, 1),
        "ends_on": site.period.starts_on.replace(year, 12, 31),
    }  # fmt: skip

    def preview() -> list[str]:
        with wall.for_person(site.secretary.pk):
            told = plan_preview(**given, today=clock.today())
        assert not told.errors, told.errors[:3]
        return [task.source.title for task in told.tasks]

    def store() -> list[str]:
        with wall.for_person(site.secretary.pk):
            done = import_plan(**given, by=site.secretary, now=clock.now())
        return list(Task.objects.filter(plan=done.plan).order_by("sort_order", "pk").values_list("title", flat=True))

    def default(dry_run: bool) -> list[str]:
        with rolled_back():
            return by_default(site, sample, dry_run)

    def first_alike(answers) -> None:
        alike = [said[: min(SAMPLE, len(rows))] for said in answers.values()]
        assert all(said == alike[0] for said in alike), f"not the same titles: {alike[0][:3]} {alike[1][:3]}"
        assert len(answers[OURS]) == len(rows), f"{len(answers[OURS])} of {len(rows)} rows"

    with rolled_back():
        memory = peak_mb(preview) if site.weighed else None
    for name, call, dry_run, held in (
        ("read, check and preview", preview, True, memory),
        ("store", store, False, None),
    ):
        yield Measure(
            f"annex of {len(rows)} rows: {name}",
            "imports",
            (
                Side(OURS, call, rolled_back, rows=len(rows), memory=held),
                Side("import-export", lambda dry=dry_run: default(dry), rows=min(SAMPLE, len(rows))),
            ),
            (
                Goal(9, "rows a second", OURS, rows_per_s=3_000),
                Goal(9, "rows a second ÷ import-export's default", "import-export", at_least=20),
            ),
            first_alike,
            note=f"import-export on {min(SAMPLE, len(rows))} rows of the same file, tasks alone without assignments",
            most_rounds=3,
            seconds=1,
        )  # fmt: skip


def annex_rows(site: Site, count: int) -> list[list[str]]:
    """Rows as a signed annex has them: several of the council's agencies at its beginning, dates, recurrences."""
    # A name with a comma in it is not read among others: the list is split there.
    agencies = list(
        Agency.objects.in_force(date(site.period.starts_on.year, 1, 1))
        .filter(council=site.council)
        .exclude(name__contains=",")
        .order_by("protocol_order", "pk")[:40]
    )
    times = ("Hằng quý", "Thường xuyên", f"Trước ngày 15/11/{site.period.starts_on.year}", "Hằng năm", "Khi phát sinh")
    rows = []
    for at in range(count):
        lead = agencies[at % len(agencies)]
        helpers = {agencies[(at * 7 + step) % len(agencies)].name for step in (1, 5, 11)} - {lead.name}
        title = f"Tuyên truyền, phổ biến Luật số {at + 1} cho cán bộ và nhân dân các xã, phường đợt {at % 9 + 1}"
        rows.append(
            [
                str(at + 1),
                title,
                lead.name,
                "; ".join(sorted(helpers)),
                times[at % len(times)],
                "Hội nghị, báo cáo",
                "Theo kế hoạch",
            ]
        )
    return rows


class DefaultTasks(resources.ModelResource):
    """What one writes by the guide of django-import-export: columns, two foreign keys by their natural names."""

    council = fields.Field("council", "council", widget=ForeignKeyWidget(Council, "code"))
    plan = fields.Field("plan", "plan", widget=ForeignKeyWidget(Plan, "number"))

    class Meta:
        model = Task
        import_id_fields = ("import_key",)
        fields = ("council", "plan", "import_key", "number", "title", "timing_text", "expected_output", "note")


def by_default(site: Site, content: bytes, dry_run: bool) -> list[str]:
    """The sample through that resource; its titles. Everything is to be taken back."""
    plan = _plan(site)
    data = tablib.Dataset().load(content, format="xlsx")
    data.headers = [_ATTRIBUTES[heading] for heading in data.headers]
    data.append_col([site.council.code] * len(data), header="council")
    data.append_col([plan.number] * len(data), header="plan")
    data.append_col([f"do-{at}" for at in range(len(data))], header="import_key")
    result = DefaultTasks().import_data(data, dry_run=dry_run)
    assert not result.has_errors(), [str(error.error) for row in result.rows for error in row.errors][:3]
    return [row.object_repr.partition(" ")[2] if isinstance(row.object_repr, str) else "" for row in result.rows]


def _plan(site: Site) -> Model:
    return Plan.objects.create(
        council=site.council, number=f"{_NUMBER}-MD", title="Đo", starts_on=site.period.starts_on, ends_on=site.period.ends_on
    )  # fmt: skip

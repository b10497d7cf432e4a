"""Every report line, or every figure, of chosen quarters as one file: a long work of the secretariat."""

from datetime import datetime
from functools import partial

from django.db import connection

from agencies.errors import Incomplete
from agencies.long_work import exporting, kinds, orders
from agencies.long_work.exporting import Source
from agencies.models import Council, LongWork
from agencies.permissions import Perm
from agencies.tables.sql_rows import As, SqlColumn, Window, worded
from campaigns.models import Assignment, Task
from reports.models import Period, ProgressReport

LINES, FIGURES = "xuat-dong-bao-cao", "xuat-so-lieu"
FORMATS = {"xlsx": "Excel (.xlsx)", "csv": "CSV (UTF-8)"}
_REPORTS_AT_ONCE = 200

_COMMON = (
    "FROM {table} l JOIN reports_progressreport r ON r.id = l.report_id JOIN reports_period p ON p.id = r.period_id"
    " JOIN agencies_agency a ON a.id = r.agency_id {joins} WHERE l.report_id = ANY(%(reports)s)"
    " ORDER BY p.starts_on, r.id, {order}"
)
_TABLES = {
    LINES: (
        "reports_reportline",
        "JOIN campaigns_task t ON t.id = l.task_id JOIN campaigns_plan pl ON pl.id = t.plan_id"
        " LEFT JOIN campaigns_plansection s ON s.id = t.section_id",
        "t.plan_id, t.sort_order, l.id",
    ),
    FIGURES: (
        "reports_reportfigure",
        "JOIN campaigns_indicator i ON i.id = l.indicator_id",
        "i.sort_order, l.id",
    ),
}


def _whose(work: LongWork) -> list[SqlColumn]:
    periods = Period.objects.filter(council=work.council, pk__in=work.parameters["periods"]).defer("frozen")
    states = ProgressReport.State.choices
    return [
        SqlColumn("Kỳ", worded("p.id", [(period.pk, str(period)) for period in periods]), As.WORD, 14),
        SqlColumn("Mã cơ quan", "a.code", width=14),
        SqlColumn("Cơ quan", "a.name", width=34),
        SqlColumn("Trạng thái báo cáo", worded("r.state", states), As.WORD, 20),
    ]


def line_columns(work: LongWork) -> list[SqlColumn]:
    """The columns of report lines: whose, which task, what was said of it."""
    return [
        *_whose(work),
        SqlColumn("Kế hoạch", "pl.number", width=22),
        SqlColumn("Mục", "concat_ws(' ', nullif(s.number, ''), s.title)", width=30),
        SqlColumn("TT", "t.number", width=8),
        SqlColumn("Nhiệm vụ", "t.title", width=50),
        SqlColumn("Vai trò", worded("l.role", Assignment.Role.choices), As.WORD, 12),
        SqlColumn("Hạn trong kỳ", "l.due_on", As.DAY, 12),
        SqlColumn("Tình trạng", worded("l.status", Task.Status.choices), As.WORD, 18),
        SqlColumn("%", "l.percent", As.NUMBER, 7),
        SqlColumn("Ngày hoàn thành", "l.completed_on", As.DAY, 12),
        SqlColumn("Kết quả thực hiện", "l.result", width=60),
        SqlColumn("Khó khăn, vướng mắc", "l.difficulty", width=40),
        SqlColumn("Đề xuất, kiến nghị", "l.proposal", width=40),
        SqlColumn("Dự kiến hoàn thành", "l.new_expected_on", As.DAY, 12),
        SqlColumn("Cập nhật lúc", "l.edited_at", As.MOMENT, 17),
    ]


def figure_columns(work: LongWork) -> list[SqlColumn]:
    """The columns of figures: whose, which indicator, the number and why."""
    return [
        *_whose(work),
        SqlColumn("Mã chỉ tiêu", "i.code", width=12),
        SqlColumn("Chỉ tiêu", "i.name", width=44),
        SqlColumn("Đơn vị tính", "i.unit", width=14),
        SqlColumn("Số liệu", "l.value", As.FIGURE, 14),
        SqlColumn("Từ hoạt động, khi nộp", "l.computed", As.FIGURE, 14),
        SqlColumn("Sửa tay", "CASE WHEN l.corrected THEN 'Có' ELSE 'Không' END", As.WORD, 9),
        SqlColumn("Lý do khác với hoạt động", "l.reason", width=40),
        SqlColumn("Giải trình tăng, giảm", "l.note", width=40),
    ]


def _count(table: str, work: LongWork) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} l JOIN reports_progressreport r ON r.id = l.report_id"
            " JOIN reports_period p ON p.id = r.period_id WHERE p.council_id = %s AND p.id = ANY(%s)",
            [work.council_id, work.parameters["periods"]],
        )
        return cursor.fetchone()[0]


def _after(table: str, joins: str, order: str, work: LongWork, key, rows: int):
    """Whole reports, in order of quarter and number, until there are about so many rows."""
    chosen, found = [], 0
    while found < rows:
        some = _reports_after(table, work, key)
        for starts_on, report, count in some:
            chosen.append(report)
            found, key = found + count, [starts_on.isoformat(), report]
            if found >= rows:
                break
        if len(some) < _REPORTS_AT_ONCE:
            break
    if not found:
        return None
    return Window(_COMMON.format(table=table, joins=joins, order=order), {"reports": chosen}, found), key


def _reports_after(table: str, work: LongWork, key) -> list[tuple]:
    later = "AND (p.starts_on, r.id) > (%(day)s::date, %(report)s)" if key else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.starts_on, r.id, (SELECT count(*) FROM {table} l WHERE l.report_id = r.id)"
            " FROM reports_progressreport r JOIN reports_period p ON p.id = r.period_id"
            f" WHERE p.council_id = %(council)s AND p.id = ANY(%(periods)s) {later}"
            f" ORDER BY p.starts_on, r.id LIMIT {_REPORTS_AT_ONCE}",
            {"council": work.council_id, "periods": work.parameters["periods"], "day": key and key[0],
             "report": key and key[1]},
        )  # fmt: skip
        return cursor.fetchall()


def _source(kind: str, columns) -> Source:
    table, joins, order = _TABLES[kind]
    return Source(
        title=lambda work: work.title,
        columns=columns,
        count=partial(_count, table),
        after=partial(_after, table, joins, order),
    )


SOURCES = {LINES: _source(LINES, line_columns), FIGURES: _source(FIGURES, figure_columns)}
NAMES = {LINES: ("Dòng báo cáo", "dong-bao-cao"), FIGURES: ("Số liệu báo cáo", "so-lieu")}


def register_kinds() -> None:
    """Make the two exports known to the worker and the pages."""
    for kind, source in SOURCES.items():
        kinds.register(
            kinds.Kind(
                name=kind,
                label=f"Xuất {NAMES[kind][0].lower()}",
                perms=(Perm.CONSOLIDATE,),
                begin=partial(exporting.begin, source),
                piece=partial(exporting.piece, source),
                order_at="export-order" if kind == LINES else "",
                act="Xuất dữ liệu các kỳ",
                icon="table-cells",
            )
        )


def order_export(
    *, kind: str, file_format: str, council: Council, periods: list[Period], by, now: datetime
) -> LongWork:
    """Have all lines or figures of these quarters of the council written to a file.

    Raises NotAllowed, WrongState (too much under way), Incomplete without quarters of this council.
    """
    chosen = sorted((period for period in periods if period.is_quarter), key=lambda period: period.starts_on)
    if not chosen or any(period.council_id != council.pk for period in chosen):
        raise Incomplete("Hãy chọn ít nhất một quý.")
    words, stem = NAMES[kind]
    span = str(chosen[0]) if len(chosen) == 1 else f"{chosen[0]} đến {chosen[-1]}, {len(chosen)} quý"
    codes = chosen[0].code if len(chosen) == 1 else f"{chosen[0].code}-{chosen[-1].code}"
    return orders.order(
        kind=kind,
        title=f"{words} {span}, {council.short_name}",
        parameters={"format": file_format, "periods": [period.pk for period in chosen]},
        by=by,
        now=now,
        council=council,
        file_name=f"{stem}-{council.code}-{codes}.{file_format}",
    )

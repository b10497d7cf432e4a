"""The submission rules of domain.md §8.3: one function each, in one visible ordered list.

Each looks at a ``Sheet`` and yields findings in words a person can act on. An error blocks handing in; a warning is
shown to the agency and to the secretariat. Rules about plans, activities, periods and states live with their verbs:
V01–V04 campaigns/workflow.py, V05–V06 reports/calendars.py, V07 campaigns/activities.py, V18 reports/consolidation.py,
V23–V25 agencies/workflow.py and reports/workflow.py, V27 campaigns/evidence.py, V28 agencies/fields.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agencies.vietnamese import show_number
from campaigns.models import Task
from reports.sheet import Sheet


@dataclass(frozen=True)
class Finding:
    """One thing a rule found: what, how bad, and where (the anchor of the field on the report's page)."""

    rule: str
    severity: str  # "error" blocks handing in, "warning" asks for a look
    message: str
    anchor: str

    @property
    def is_error(self) -> bool:
        return self.severity == "error"


def _error(rule: str, message: str, anchor: str) -> Finding:
    return Finding(rule, "error", message, anchor)


def _warning(rule: str, message: str, anchor: str) -> Finding:
    return Finding(rule, "warning", message, anchor)


def _figure(code: str) -> str:
    return f"so-lieu-{code}"


def every_led_task_is_updated(sheet: Sheet, today: date) -> Iterator[Finding]:
    """Every task the agency leads has been looked at in this period, unless nothing happened at all."""
    if sheet.report.nothing_to_report:
        return
    for line in sheet.lines:
        if line.is_lead and not line.is_filled:
            yield _error("V00", f"Nhiệm vụ “{line.task}” chưa cập nhật.", f"dong-{line.pk}")


def every_figure_is_filled(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V08: every indicator has a figure; 0 is a figure, empty is not."""
    for row in sheet.figures:
        if row.value is None:
            yield _error("V08", f"Chưa có số liệu “{row.figure.indicator}”; nếu không có, ghi 0.", _figure(row.code))


def nothing_to_report_means_nothing(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V08: 'Không phát sinh' contradicts figures above zero."""
    if sheet.report.nothing_to_report:
        for row in sheet.figures:
            if row.figure.indicator.nature == "flow" and row.value:
                message = f"Đã chọn “Không phát sinh” nhưng {row.figure.indicator} là {show_number(row.value)}."
                yield _error("V08", message, _figure(row.code))


def whole_numbers(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V09: counts are whole, money has at most one decimal."""
    for row in sheet.figures:
        decimals = row.figure.indicator.decimals
        if row.value is not None and row.value != round(row.value, decimals):
            kind = "số nguyên" if decimals == 0 else f"tối đa {decimals} chữ số thập phân"
            yield _error("V09", f"{row.figure.indicator}: {show_number(row.value)} phải là {kind}.", _figure(row.code))


# rule, whole, parts: whole = Σ parts
_SUMS = (
    ("V10", "PB05", ("PB05a", "PB05b", "PB05c")),
    ("V11", "PB10", ("PB10a", "PB10b", "PB10c")),
    ("V14", "HG02", ("HG03", "HG04")),
    ("V14", "HG02", ("HG05", "HG06")),
    ("V16", "HG11", ("HG12", "HG13", "HG14")),
    ("V16", "HG11", ("HG15", "HG19", "HG20", "HG21")),
    ("V16", "HG15", ("HG16", "HG17", "HG18")),
)
# rule, part, whole: part ≤ whole
_PARTS = (
    ("V10", "PB05i", "PB05"),
    ("V12", "PB08a", "PB08"),
    ("V12", "PB09a", "PB09"),
    ("V12", "PB02n", "PB02"),
    ("V12", "PB02d", "PB02"),
    ("V12", "TH03", "TH02"),
    ("V14", "HG07", "HG02"),
    ("V14", "HG08", "HG02"),
    ("V16", "HG16", "HG12"),
    ("V16", "HG17", "HG13"),
    ("V16", "HG18", "HG14"),
    ("V12", "DA01a", "DA01"),
    ("V14", "DA02", "HG01"),
    ("V14", "DA03", "HG01"),
    ("V14", "DA04", "HG02"),
    ("V16", "DA05", "HG11"),
    ("V16", "DA05a", "DA05"),
    ("V16", "DA05a", "HG15"),
)


def sums_add_up(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V10, V11, V14, V16: a total equals the sum of its parts."""
    for rule, whole, parts in _SUMS:
        values = [sheet.value(part) for part in parts]
        total = sheet.value(whole)
        if total is None or any(value is None for value in values) or total == sum(values):
            continue
        message = f"{sheet.name(whole)} là {show_number(total)}, khác tổng các phần là {show_number(sum(values))}."
        yield _error(rule, message, _figure(whole))


def parts_fit_in(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V10, V12, V14, V16: an 'of which' is not more than what it is part of."""
    for rule, part, whole in _PARTS:
        small, big = sheet.value(part), sheet.value(whole)
        if small is not None and big is not None and small > big:
            yield _error(
                rule,
                f"{sheet.name(part)} là {show_number(small)}, lớn hơn {sheet.name(whole)} là {show_number(big)}.",
                _figure(part),
            )


def no_people_without_events(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V13: no event, no attendance; fewer people than events is odd."""
    for events, people in (("PB01", "PB02"), ("PB03", "PB04"), ("TH01", "TH02")):
        count, attendance = sheet.value(events), sheet.value(people)
        if count is None or attendance is None:
            continue
        if count == 0 and attendance > 0:
            yield _error(
                "V13",
                f"{sheet.name(events)} là 0 nhưng {sheet.name(people)} là {show_number(attendance)}.",
                _figure(people),
            )
        elif attendance < count:
            message = (
                f"{sheet.name(people)} là {show_number(attendance)}, ít hơn {sheet.name(events)}; hãy kiểm tra lại."
            )
            yield _warning("V13", message, _figure(people))


def mediation_teams_by_law(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V15: a mediation team has three mediators or more, a woman among them (Luật Hòa giải ở cơ sở Điều 12)."""
    teams, people, women = sheet.value("HG01"), sheet.value("HG02"), sheet.value("HG04")
    if teams is None:
        return
    if people is not None and people < 3 * teams:
        message = f"{sheet.name('HG02')} là {show_number(people)}, ít hơn 3 lần số tổ; luật yêu cầu mỗi tổ từ 03 người."
        yield _warning("V15", message, _figure("HG02"))
    if women is not None and women < teams:
        yield _warning(
            "V15", "Số hòa giải viên nữ ít hơn số tổ; luật yêu cầu mỗi tổ có hòa giải viên nữ.", _figure("HG04")
        )


def jumps_are_looked_at(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V19, V20: three times last period, or a stock that falls by more than a fifth, is often a typing error."""
    for row in sheet.figures:
        if row.value is None or not row.previous:
            continue
        indicator = row.figure.indicator
        if row.value > 3 * row.previous:
            before = show_number(row.previous)
            message = f"{indicator}: {show_number(row.value)}, hơn 3 lần kỳ trước ({before}); hãy kiểm tra lại."
            yield _warning("V20", message, _figure(row.code))
        elif indicator.nature == "stock" and row.value < row.previous * Decimal("0.8"):
            message = f"{indicator}: giảm từ {show_number(row.previous)} còn {show_number(row.value)}; hãy nêu lý do."
            yield _warning("V19", message, _figure(row.code))


def done_is_shown(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V21: 'Hoàn thành' has a result, and evidence or the reason for none."""
    for line in sheet.lines:
        if not line.is_lead or line.status != Task.Status.DONE:
            continue
        anchor = f"dong-{line.pk}"
        if not line.result:
            yield _error("V21", f"“{line.task}”: hoàn thành thì cần ghi kết quả.", anchor)
        if not line.evidence.all() and not line.no_evidence_reason:
            yield _error("V21", f"“{line.task}”: cần minh chứng, hoặc lý do không có minh chứng.", anchor)


def late_is_explained(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V21: an overdue task has its reason and a new expected date."""
    for line in sheet.lines:
        open_task = line.is_lead and line.status not in (Task.Status.DONE, Task.Status.ON_HOLD)
        if not open_task or line.due_on is None or line.due_on >= min(today, sheet.report.period.ends_on):
            continue
        if not line.difficulty or line.new_expected_on is None:
            message = f"“{line.task}” quá hạn {line.due_on:%d/%m/%Y}: cần nêu nguyên nhân và ngày dự kiến hoàn thành."
            yield _error("V21", message, f"dong-{line.pk}")


def percent_matches_status(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V22: 100 % is 'Hoàn thành', 0 % is 'Chưa thực hiện'."""
    for line in sheet.lines:
        if line.is_lead and line.is_filled and line.status == Task.Status.IN_PROGRESS and line.percent in (0, 100):
            message = f"“{line.task}” đang thực hiện thì tỷ lệ lớn hơn 0 và nhỏ hơn 100."
            yield _error("V22", message, f"dong-{line.pk}")


RULES: tuple[Callable[[Sheet, date], Iterator[Finding]], ...] = (
    every_led_task_is_updated,
    done_is_shown,
    late_is_explained,
    percent_matches_status,
    every_figure_is_filled,
    nothing_to_report_means_nothing,
    whole_numbers,
    sums_add_up,
    parts_fit_in,
    no_people_without_events,
    mediation_teams_by_law,
    jumps_are_looked_at,
)


def check(sheet: Sheet, today: date) -> list[Finding]:
    """Everything the rules find, errors first, in the order of the list."""
    findings = [finding for rule in RULES for finding in rule(sheet, today)]
    return sorted(findings, key=lambda finding: not finding.is_error)

"""One form of one council for one period on one calendar: what the page, the file and the command all show."""

from dataclasses import dataclass
from datetime import date

from agencies.models import Council
from reports.calendars import parse_period
from reports.consolidation import consolidate
from reports.form_versions import FormUnavailable, applying, estimate_row, estimates_of
from reports.forms_catalogue.definition import CALENDARS, Form
from reports.forms_catalogue.filling import FormValue, fill
from reports.models import FormEstimate, Period
from reports.recut import consolidated_figures, statistics_figures
from reports.statistics_calendar import DEFAULT_REPORTER, StatisticsSpan, parse_statistics


@dataclass(frozen=True)
class Filled:
    """The filled-in form, and where its estimates are kept when it is preliminary."""

    value: FormValue
    span: StatisticsSpan | None  # None on the administrative calendar
    estimate: FormEstimate | None = None


def chosen_calendar(council: Council, code: str, period: str, calendar: str = "") -> str:
    """The calendar asked for; without one, statistics where they have such a period, else the administrative one.

    Raises FormUnavailable, in words, for a calendar that does not exist.
    """
    if calendar and calendar not in CALENDARS:
        raise FormUnavailable(f"Không có lịch “{calendar}”: chọn {' hoặc '.join(CALENDARS)}.")
    if calendar:
        return calendar
    try:
        parse_statistics(period)
    except ValueError:
        return "hanh-chinh"
    return "thong-ke"


def filled_form(
    council: Council,
    code: str,
    period: str,
    *,
    today: date,
    calendar: str = "",
    preliminary: bool = False,
    reporter: str = DEFAULT_REPORTER,
) -> Filled:
    """Fill a form in. Raises FormUnavailable, in words, when form, period or calendar do not give one."""
    calendar = chosen_calendar(council, code, period, calendar)
    try:
        if calendar == "thong-ke":
            span = parse_statistics(period)
            form, notes = applying(council, code, span.ends_on)
            figures = statistics_figures(council, span, today=today, preliminary=preliminary, reporter=reporter)
        else:
            span, (form, notes) = None, applying(council, code, parse_period(period).ends_on)
            figures = consolidated_figures(council, _consolidated(council, period, today))
            if preliminary:
                raise ValueError("Bản sơ bộ chỉ có ở lịch thống kê (thong-ke); lịch hành chính là số liệu thực tế.")
    except ValueError as error:
        raise FormUnavailable(str(error)) from error
    if calendar != form.calendar:
        notes = [
            *notes,
            f"Số liệu theo {CALENDARS[calendar].casefold()}; biểu gốc theo {CALENDARS[form.calendar].casefold()}.",
        ]
    if span is None or not preliminary:
        return Filled(fill(form, figures, notes=notes), span)
    row = estimate_row(council, form, span.code, figures.actual_until)
    return Filled(fill(form, figures, estimates=estimates_of(row), notes=notes), span, row)


def _consolidated(council: Council, code: str, today: date):
    period = Period.objects.filter(council=council, code=parse_period(code).code).first()
    if period is None:
        label = parse_period(code).long_label
        raise ValueError(f"Hội đồng chưa mở {label}, nên chưa có số tổng hợp theo lịch hành chính.")
    period.council = council
    return consolidate(period, as_of=today)


def file_name(council: Council, form: Form, value: FormValue) -> str:
    """'Bieu_09e_can-tho_2024_so-bo.xlsx'."""
    parts = ["Bieu", form.code, council.code, value.figures.period_code]
    parts += ["hanh-chinh"] if value.figures.calendar == "hanh-chinh" else []
    parts += ["so-bo"] if value.figures.is_preliminary else []
    return "_".join(parts) + ".xlsx"

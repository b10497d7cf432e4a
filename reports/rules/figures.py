"""Rules of the report's figures: filled in, whole, adding up, and no jump without a word."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from agencies.vietnamese import show_number
from reports.rules.findings import Finding, error, figure_anchor, warning
from reports.rules.pairs import EVENTS, PARTS, SUMS
from reports.sheet import FigureRow, Sheet

TIMES_LAST, TIMES_MEAN = 3, 5
# A mean of one period is that period; a mean below one is something that hardly ever happens, of which any is many.
PERIODS_FOR_A_MEAN, LEAST_MEAN = 2, 1
STOCK_MAY_FALL_TO = Decimal("0.8")


def every_figure_is_filled(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V08: every indicator has a figure; 0 is a figure, empty is not."""
    for row in sheet.figures:
        if row.value is None and not row.unreadable:
            yield error(
                "V08", f"Chưa có số liệu “{row.figure.indicator}”; nếu không có, ghi 0.", figure_anchor(row.code)
            )


def nothing_to_report_means_nothing(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V08: 'Không phát sinh' contradicts figures above zero."""
    if sheet.report.nothing_to_report:
        for row in sheet.figures:
            if row.figure.indicator.nature == "flow" and row.value:
                message = (
                    f"Đã chọn “Không phát sinh” nhưng {row.figure.indicator} là {show_number(row.value)}: "
                    "sửa thành 0, hoặc bỏ chọn “Không phát sinh”."
                )
                yield error("V08", message, figure_anchor(row.code))


def whole_numbers(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V09: counts are whole and not negative, money has at most one decimal."""
    for row in sheet.figures:
        if row.value is None:
            continue
        decimals, name = row.figure.indicator.decimals, row.figure.indicator
        if row.value < 0:
            yield error("V09", "số liệu không được âm.", figure_anchor(row.code), subject=name)
        elif row.value != round(row.value, decimals):
            kind = "số nguyên" if decimals == 0 else f"số có tối đa {decimals} chữ số thập phân"
            yield error("V09", f"{show_number(row.value)} phải là {kind}.", figure_anchor(row.code), subject=name)


def sums_add_up(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V10, V11, V14, V16: a total equals the sum of its parts."""
    for rule, whole, parts in SUMS:
        values = [sheet.value(part) for part in parts]
        total = sheet.value(whole)
        if total is None or any(value is None for value in values) or total == sum(values):
            continue
        gap = total - sum(values)
        message = (
            f"{sheet.name(whole)} là {show_number(total)}, {'hơn' if gap > 0 else 'kém'} {show_number(abs(gap))} so "
            f"với tổng {' + '.join(parts)} là {show_number(sum(values))}."
        )
        yield error(rule, message, figure_anchor(whole))


def parts_fit_in(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V10, V12, V14, V16: an 'of which' is not more than what it is part of."""
    for rule, part, whole in PARTS:
        small, big = sheet.value(part), sheet.value(whole)
        if small is not None and big is not None and small > big:
            yield error(
                rule,
                f"{sheet.name(part)} là {show_number(small)}, lớn hơn {sheet.name(whole)} là {show_number(big)}.",
                figure_anchor(part),
            )


def no_people_without_events(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V13: no event, no attendance; fewer people than events is odd."""
    for events, people in EVENTS:
        count, attendance = sheet.value(events), sheet.value(people)
        if count is None or attendance is None:
            continue
        if count == 0 and attendance > 0:
            message = f"{sheet.name(events)} là 0 nhưng {sheet.name(people)} là {show_number(attendance)}."
            yield error("V13", message, figure_anchor(people))
        elif attendance < count:
            message = (
                f"{sheet.name(people)} là {show_number(attendance)}, ít hơn {sheet.name(events)} là "
                f"{show_number(count)}; hãy kiểm tra lại."
            )
            yield warning("V13", message, figure_anchor(people), note=sheet.note(people))


def mediation_teams_by_law(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V15: a mediation team has three mediators or more, a woman among them (Luật Hòa giải ở cơ sở Điều 12)."""
    teams, people, women = sheet.value("HG01"), sheet.value("HG02"), sheet.value("HG04")
    if teams is None:
        return
    if people is not None and people < 3 * teams:
        message = (
            f"{sheet.name('HG02')} là {show_number(people)}, ít hơn 3 lần số tổ ({show_number(teams)}); luật yêu cầu "
            "mỗi tổ từ 03 người."
        )
        yield warning("V15", message, figure_anchor("HG02"), note=sheet.note("HG02"))
    if women is not None and women < teams:
        message = (
            f"Số hòa giải viên nữ là {show_number(women)}, ít hơn số tổ ({show_number(teams)}); luật yêu cầu mỗi tổ có "
            "hòa giải viên nữ."
        )
        yield warning("V15", message, figure_anchor("HG04"), note=sheet.note("HG04"))


def falls_are_explained(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V19: a stock that falls by more than a fifth asks for its reason.

    A cumulated flow cannot fall: it is the sum of figures that are not negative (V09).
    """
    for row in sheet.figures:
        if row.value is None or not row.previous or row.figure.indicator.nature != "stock":
            continue
        if row.value < row.previous * STOCK_MAY_FALL_TO:
            message = (
                f"giảm từ {show_number(row.previous)} còn {show_number(row.value)}, quá 20%; "
                "hãy kiểm tra lại, hoặc ghi giải trình."
            )
            yield warning("V19", message, figure_anchor(row.code), note=row.note, subject=row.figure.indicator)


def jumps_are_explained(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V20: more than three times last period, or five times the agency's own mean: often a zero too many."""
    for row in sheet.figures:
        if row.value is not None and (told := _jump(row)):
            message = f"{show_number(row.value)}, {told}; hãy kiểm tra lại (thừa chữ số?), hoặc ghi giải trình."
            yield warning("V20", message, figure_anchor(row.code), note=row.note, subject=row.figure.indicator)


def _jump(row: FigureRow) -> str:
    if row.previous and row.value > TIMES_LAST * row.previous:
        return f"hơn {TIMES_LAST} lần kỳ trước ({show_number(row.previous)})"
    usual = row.mean is not None and row.mean >= LEAST_MEAN and row.periods >= PERIODS_FOR_A_MEAN
    if usual and row.value > TIMES_MEAN * row.mean:
        return f"hơn {TIMES_MEAN} lần trung bình {row.periods} kỳ trước ({show_number(round(row.mean, 1))})"
    return ""


def corrections_have_a_reason(sheet: Sheet, today: date) -> Iterator[Finding]:
    """C02: a figure that differs from its activities says why; both numbers are kept."""
    for row in sheet.figures:
        if row.corrected and not row.reason:
            known = show_number(row.computed or 0)
            message = (
                f"bạn nhập {show_number(row.value)} nhưng hoạt động đã ghi cộng được {known}. "
                "Hãy ghi lý do sửa tay, hoặc bổ sung hoạt động."
            )
            yield error("C02", message, figure_anchor(row.code), "reason", row.figure.indicator)


FIGURE_RULES = (
    every_figure_is_filled,
    nothing_to_report_means_nothing,
    whole_numbers,
    sums_add_up,
    parts_fit_in,
    no_people_without_events,
    mediation_teams_by_law,
    falls_are_explained,
    jumps_are_explained,
    corrections_have_a_reason,
)

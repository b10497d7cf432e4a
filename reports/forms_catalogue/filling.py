"""Filling a form from figures: pure values in, pure values out. The page and the Excel file render a ``FormValue``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from reports.forms_catalogue.arithmetic import FormFinding, check_row
from reports.forms_catalogue.definition import CALENDARS, Column, Form, Row

Value = Decimal | None


@dataclass(frozen=True)
class IndicatorPart:
    """What filling must know of an indicator."""

    nature: str  # flow or stock
    decimals: int = 0


@dataclass(frozen=True)
class AgencyFigures:
    """One agency's figures in the span, by indicator; an absent indicator is 'no figure', 0 is a figure."""

    name: str
    is_standing: bool
    values: Mapping[str, Decimal]


@dataclass(frozen=True)
class Figures:
    """The figures of one span of one council, whatever calendar they were cut on."""

    calendar: str  # a key of definition.CALENDARS
    period_code: str
    period_label: str
    starts_on: date
    ends_on: date
    agencies: tuple[AgencyFigures, ...]
    indicators: Mapping[str, IndicatorPart]
    totals: Mapping[str, Decimal] = field(default_factory=dict)  # when given, what each sum must come to
    actual_until: date | None = None  # a preliminary form: actual to here, estimated after
    reporter: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_preliminary(self) -> bool:
        return self.actual_until is not None


@dataclass(frozen=True)
class FormRow:
    """One drawn row. ``parts`` are the numbers of the rows that it adds up; a row without parts is written as it is."""

    code: str
    label: str
    level: int
    values: tuple[Value, ...]
    parts: tuple[int, ...] = ()
    kind: str = "row"  # row, total, agency, actual, estimate, expected


@dataclass(frozen=True)
class FormValue:
    """A form filled in, ready to be drawn."""

    form: Form
    figures: Figures
    rows: tuple[FormRow, ...]
    decimals: tuple[int, ...]  # by column
    notes: tuple[str, ...]
    findings: tuple[FormFinding, ...]

    @property
    def calendar_label(self) -> str:
        return CALENDARS[self.figures.calendar]

    @property
    def total(self) -> FormRow:
        """The form's topmost row."""
        return self.rows[0]

    def value(self, row: str, column: str) -> Value:
        """One cell, by row and column code. Raises StopIteration for unknown codes."""
        at = [each.code for each in self.form.columns].index(column)
        return next(each for each in self.rows if each.code == row).values[at]

    @property
    def has_errors(self) -> bool:
        return any(finding.is_error for finding in self.findings)


def empty_form(form: Form) -> FormValue:
    """The form as it is drawn before any figure: for the preview of a definition."""
    nothing = Figures("thong-ke", "", "", date(2000, 1, 1), date(2000, 12, 31), (), {})
    rows = [FormRow(row.code, row.label, 0, (None,) * len(form.columns), kind=_kind(row)) for row in form.rows]
    return FormValue(form, nothing, tuple(rows), (0,) * len(form.columns), form.notes, ())


def fill(
    form: Form, figures: Figures, *, estimates: Mapping[str, Decimal] | None = None, notes: Sequence[str] = ()
) -> FormValue:
    """Fill a form in. ``estimates`` are the remainders typed by hand for a preliminary form, by column code.

    A sum over nothing but missing figures is missing; it is never shown as 0.
    """
    if not form.is_known:
        raise ValueError(f"{form.form_code} has no columns")
    rows, agreed = _rows(form, figures)
    told = [*notes, *figures.notes]
    if not agreed:
        told.append("Tổng số lấy theo số tổng hợp của kỳ; các dòng cộng lại khác tổng (cơ quan thay đổi trong kỳ).")
    if figures.is_preliminary:
        rows += _expected(form, figures, rows[0], estimates or {})
        told.append(_estimate_note(form, figures, estimates or {}))
    if uncollected := [f"({column.code})" for column in form.columns if not column.indicators]:
        told.append(f"Cột {', '.join(uncollected)}: cổng không thu số liệu, điền tay.")
    if blank := [row.label for row in form.rows if row.holds == "none"]:
        told.append(f"Cổng không thu số liệu cho dòng: {'; '.join(blank)}.")
    findings = [
        finding
        for row in rows
        if row.kind in ("total", "row", "agency")
        for finding in check_row(row.label, form.columns, form.rules, _by_code(form, row.values))
    ]
    return FormValue(
        form=form,
        figures=figures,
        rows=tuple(rows),
        decimals=tuple(_decimals(column, figures) for column in form.columns),
        notes=(*told, *form.notes),
        findings=tuple(sorted(findings, key=lambda finding: not finding.is_error)),
    )


def _kind(row: Row) -> str:
    return "total" if row.holds in ("total", "all") else "row"


def _by_code(form: Form, values: Sequence[Value]) -> dict[str, Value]:
    return {column.code: value for column, value in zip(form.columns, values, strict=True)}


def _decimals(column: Column, figures: Figures) -> int:
    return max((figures.indicators[code].decimals for code in column.indicators if code in figures.indicators),
               default=0)  # fmt: skip


def add_up(values: Sequence[Value]) -> Value:
    """The sum of what is there; None when nothing is."""
    there = [value for value in values if value is not None]
    return sum(there, Decimal(0)) if there else None


def _columns_of(form: Form, values: Mapping[str, Decimal]) -> tuple[Value, ...]:
    return tuple(add_up([values.get(code) for code in column.indicators]) for column in form.columns)


def _rows(form: Form, figures: Figures) -> tuple[list[FormRow], bool]:
    """The rows in order, and whether every sum came to what the figures' own totals say."""
    rows: list[FormRow] = []
    tops: dict[str, int] = {}
    for row in form.rows:
        own = [agency for agency in figures.agencies if _belongs(agency, row.holds)]
        lines = [(agency.name, _columns_of(form, agency.values)) for agency in own]
        filled = [(name, line) for name, line in lines if any(value is not None for value in line)]
        at = len(rows)
        tops[row.code] = at
        values = tuple(add_up(column) for column in zip(*(v for _name, v in filled), strict=True)) if filled else ()
        values = values or (None,) * len(form.columns)
        listed = filled if row.listed else []
        rows.append(FormRow(row.code, row.label, 0, values, tuple(range(at + 1, at + 1 + len(listed))), _kind(row)))
        rows += [FormRow("", name, 1, line, kind="agency") for name, line in listed]
    agreed = True
    for row in form.rows:
        if row.holds == "total":
            parts = tuple(tops[other.code] for other in form.rows if other.holds != "total")
            sums = tuple(add_up([rows[part].values[n] for part in parts]) for n in range(len(form.columns)))
            rows[tops[row.code]] = FormRow(row.code, row.label, 0, sums, parts, "total")
        if row.holds in ("total", "all") and figures.totals:
            at, wanted = tops[row.code], _columns_of(form, figures.totals)
            if wanted != rows[at].values:
                agreed = False
                rows[at] = FormRow(row.code, row.label, 0, wanted, kind="total")
    return rows, agreed


def _belongs(agency: AgencyFigures, holds: str) -> bool:
    return holds == "all" or (holds == "standing" and agency.is_standing) or (
        holds == "others" and not agency.is_standing)  # fmt: skip


def is_stock(column: Column, figures: Figures) -> bool:
    """Whether the column holds a figure of a moment, which no estimate is added to."""
    return any(figures.indicators[code].nature == "stock" for code in column.indicators if code in figures.indicators)


def estimable(form: Form, figures: Figures) -> tuple[Column, ...]:
    """The columns whose remainder can be estimated: flows that the portal collects."""
    return tuple(column for column in form.columns if column.indicators and not is_stock(column, figures))


def _expected(form: Form, figures: Figures, total: FormRow, estimates: Mapping[str, Decimal]) -> list[FormRow]:
    until, first = figures.actual_until, figures.actual_until + timedelta(days=1)
    typed = {column.code for column in estimable(form, figures)}
    estimated = tuple(estimates.get(column.code) if column.code in typed else None for column in form.columns)
    both = tuple(
        add_up([actual, estimate]) if column.code not in typed or estimate is not None else None
        for column, actual, estimate in zip(form.columns, total.values, estimated, strict=True)
    )
    return [
        FormRow("TT", f"Thực tế đến hết ngày {until:%d/%m/%Y}", 0, total.values, kind="actual"),
        FormRow("UT", f"Ước tính từ {first:%d/%m/%Y} đến {figures.ends_on:%d/%m/%Y}", 0, estimated, kind="estimate"),
        FormRow("CK", "Cộng cả kỳ (thực tế và ước tính)", 0, both, kind="expected"),
    ]


def _estimate_note(form: Form, figures: Figures, estimates: Mapping[str, Decimal]) -> str:
    lacking = [column.code for column in estimable(form, figures) if column.code not in estimates]
    if not lacking:
        return "Phần ước tính do Thư ký Hội đồng nhập; số thời điểm lấy theo ngày chốt thực tế."
    if not estimates:
        return "Ước tính: chưa nhập."
    return f"Ước tính: chưa nhập ở cột {', '.join(f'({code})' for code in lacking)}."

"""Statistical forms: what applies when, one form filled in, its file, its estimates."""

import re

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies import clock, downloads
from agencies.errors import BusinessError, StaleVersion
from agencies.models import Council
from agencies.permissions import Perm, access, can, grants_of
from agencies.vietnamese import show_number
from reports import form_versions as verbs
from reports.exports.form_excel import FormFrame, form_excel
from reports.forms_catalogue.definition import CALENDARS, SUBJECTS, Form, header_cells, header_levels
from reports.forms_catalogue.filling import FormValue, estimable
from reports.forms_filled import Filled, file_name, filled_form
from reports.models import FormEstimate, FormVersion, Period
from reports.statistics_calendar import DEFAULT_REPORTER, REPORTERS

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,40}")


def council_for(request, perm: Perm) -> Council:
    """The council in which the permission is held: the one named by ``?hoi-dong=``, or else the first."""
    councils = Council.objects.filter(pk__in=grants_of(request.user).councils(perm)).select_related("standing_agency")
    if chosen := request.GET.get("hoi-dong"):
        if not _SLUG.fullmatch(chosen):
            raise Http404
        councils = councils.filter(code=chosen)
    if (found := councils.order_by("code").first()) is None:
        raise Http404
    return found


def xlsx_file(content: bytes, name: str) -> HttpResponse:
    """The bytes as a download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=_EXCEL, headers=headers)


class ChooseForm(forms.Form):
    """Which form, for which period."""

    bieu = forms.ChoiceField(label="Biểu")
    ky = forms.ChoiceField(label="Kỳ")

    def __init__(self, *args, council: Council, versions: list[verbs.Version], **kwargs):
        super().__init__(*args, **kwargs)
        # Those that apply today come first, those of the past after them.
        known = {each.form.code: each.form for each in versions if each.form.is_known}
        known = dict(sorted(known.items(), key=lambda item: not item[1].covers(clock.today())))
        self.fields["bieu"].choices = [(code, f"{form.form_code} · {form.title}") for code, form in known.items()]
        self.fields["ky"].choices = _period_choices(council)


def _period_choices(council: Council) -> list:
    """Statistics periods from the council's first period to today, then the periods it opened, newest first."""
    periods = list(Period.objects.filter(council=council).order_by("-ends_on", "starts_on"))
    first = min((period.ends_on.year for period in periods), default=clock.today().year)
    statistics = []
    for year in range(clock.today().year, first - 1, -1):
        statistics += [
            (f"thong-ke:{year}", f"Năm {year} (thực tế cả kỳ)"),
            (f"thong-ke:{year}:so-bo", f"Năm {year}, sơ bộ (thực tế + ước tính)"),
            (f"thong-ke:{year}-6t", f"6 tháng đầu năm {year} (thực tế cả kỳ)"),
            (f"thong-ke:{year}-6t:so-bo", f"6 tháng đầu năm {year}, sơ bộ (thực tế + ước tính)"),
        ]
    administrative = [(f"hanh-chinh:{period.code}", period.span.long_label) for period in periods]
    return [(CALENDARS["thong-ke"], statistics), (CALENDARS["hanh-chinh"], administrative)]


@access(Perm.VIEW_SUMMARY)
def form_list(request):
    """What applies when, subject by subject, with its source; choosing a form and a period opens it."""
    council = council_for(request, Perm.VIEW_SUMMARY)
    versions = verbs.versions_of(council)
    choose = ChooseForm(request.GET if "bieu" in request.GET else None, council=council, versions=versions)
    if choose.is_bound and choose.is_valid():
        calendar, period, *kind = choose.cleaned_data["ky"].split(":")
        query = f"?lich={calendar}" + ("&so-bo=1" if kind else "") + _alsocouncil_for(request)
        return redirect(reverse("form-fill", args=[choose.cleaned_data["bieu"], period]) + query)
    today = clock.today()
    subjects = [
        (label, [(v, v.form.covers(today), _current_link(v.form, today)) for v in versions if v.form.subject == key])
        for key, label in SUBJECTS.items()
    ]
    others = FormVersion.objects.visible_to(request.user).filter(council=council).exclude(state="active")
    context = {
        "council": council,
        "subjects": [(label, rows) for label, rows in subjects if rows],
        "choose": choose,
        "others": list(others.order_by("-uploaded_at")[:20]),
        "may_add": can(request.user, Perm.CONSOLIDATE, council),
        "today": today,
    }
    return render(request, "reports/form_list.html", context)


def _alsocouncil_for(request) -> str:
    chosen = request.GET.get("hoi-dong", "")
    return f"&hoi-dong={chosen}" if chosen and _SLUG.fullmatch(chosen) else ""


def _current_link(form: Form, today) -> str:
    """The year to open a form with: the last one in which it applied."""
    year = min(today.year, form.effective_to.year if form.effective_to else today.year)
    return str(year - 1 if form.effective_to and form.effective_to.month < 12 and year < today.year else year)


def _asked(request) -> dict:
    reporter = request.GET.get("khoan", DEFAULT_REPORTER)
    return {
        "calendar": request.GET.get("lich", ""),
        "preliminary": request.GET.get("so-bo", "") == "1",
        "reporter": reporter if reporter in REPORTERS else DEFAULT_REPORTER,
    }


class EstimateForm(forms.Form):
    """The estimated remainder of each column that can be estimated."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, value: FormValue, row: FormEstimate | None, **kwargs):
        typed = verbs.estimates_of(row)
        super().__init__(*args, initial={"version": row.version if row else 0}, **kwargs)
        self.columns = estimable(value.form, value.figures)
        decimals = dict(zip((column.code for column in value.form.columns), value.decimals, strict=True))
        for column in self.columns:
            places = decimals[column.code]
            self.fields[f"c_{column.code}"] = forms.DecimalField(
                label=column.name,
                help_text=column.unit,
                required=False,
                min_value=0,
                max_digits=16,
                decimal_places=places,
                localize=True,
                initial=show_number(typed[column.code]) if column.code in typed else None,
                error_messages={
                    "invalid": "Chỉ nhập số, ví dụ 1.234.",
                    "min_value": "Số ước tính không được âm.",
                    "max_decimal_places": f"Tối đa {places} chữ số thập phân." if places else "Nhập số nguyên.",
                },
                widget=forms.TextInput({"inputmode": "decimal", "class": "num", "size": 10, "autocomplete": "off"}),
            )

    def values(self):
        """Column code → number or None, as the verb takes them."""
        return {column.code: self.cleaned_data[f"c_{column.code}"] for column in self.columns}


@access(Perm.VIEW_SUMMARY)
def form_fill(request, form, code):
    """One form of one period: the numbers of the file, with what the arithmetic finds beside them."""
    council = council_for(request, Perm.VIEW_SUMMARY)
    filled, refused = _filled(request, council, form, code)
    return refused or render(request, "reports/form_fill.html", _page(request, council, filled))


def _filled(request, council: Council, form: str, code: str):
    """The form filled in, and None; or None and the page that says why it cannot be."""
    try:
        return filled_form(council, form, code, today=clock.today(), **_asked(request)), None
    except BusinessError as error:
        context = {"council": council, "refused": error.messages, "form_code": form, "code": code}
        return None, render(request, "reports/form_fill.html", context, status=error.status)


def _page(request, council: Council, filled: Filled, *, estimates: EstimateForm | None = None, stale=None) -> dict:
    value = filled.value
    may_estimate = value.figures.is_preliminary and can(request.user, Perm.CONSOLIDATE, council)
    if may_estimate and estimates is None and estimable(value.form, value.figures):
        estimates = EstimateForm(value=value, row=filled.estimate)
    return {
        "council": council,
        "value": value,
        "figures": value.figures,
        "table": drawn(value),
        "span": filled.span,
        "code": value.figures.period_code,
        "form_code": value.form.code,
        "query": request.GET.urlencode(),
        "also": _alsocouncil_for(request),
        "choices": _period_tabs(filled, request),
        "estimates": estimates,
        "stale": stale,
    }


def drawn(value: FormValue) -> dict:
    """The form's table as the template draws it: header rows with their spans, units, codes, rows of cells."""
    columns, levels = value.form.columns, header_levels(value.form.columns)
    cells = header_cells(columns)
    return {
        "head": [[cell for cell in cells if cell.level == level] for level in range(levels)],
        "deep": levels + 1,
        "columns": columns,
        "rows": [(row, list(zip(columns, row.values, strict=True))) for row in value.rows],
    }


def _period_tabs(filled: Filled, request) -> list[tuple[str, str, bool]]:
    """Other faces of the same form: label, query, whether it is the one shown."""
    figures, also = filled.value.figures, _alsocouncil_for(request)
    if filled.span is None:
        return []
    tabs = [("Thực tế cả kỳ", f"?lich=thong-ke{also}", not figures.is_preliminary)]
    days = {reporter: filled.span.actual_until(reporter) for reporter in REPORTERS}
    for reporter, until in days.items():
        if until is None or (reporter != DEFAULT_REPORTER and until == days[DEFAULT_REPORTER]):
            continue
        kind = f"Sơ bộ: thực tế đến {until:%d/%m/%Y}"
        query = f"?lich=thong-ke&so-bo=1&khoan={reporter}{also}"
        tabs.append((kind, query, figures.actual_until == until))
    return tabs


@access(Perm.VIEW_SUMMARY)
def form_excel_file(request, form, code):
    """The same numbers as an Excel file in the ministry's layout."""
    council = council_for(request, Perm.VIEW_SUMMARY)
    filled, refused = _filled(request, council, form, code)
    if refused:
        return refused
    content = form_excel(filled.value, FormFrame.of(council, filled, today=clock.today()))
    downloads.of(request, council, "Biểu thống kê")
    return xlsx_file(content, file_name(council, filled.value.form, filled.value))


@access(Perm.CONSOLIDATE)
@require_POST
def form_estimates(request, form, code):
    """Save the estimates of a preliminary form; what is refused keeps what was typed."""
    council = council_for(request, Perm.CONSOLIDATE)
    asked = _asked(request) | {"preliminary": True, "calendar": "thong-ke"}
    try:
        filled = filled_form(council, form, code, today=clock.today(), **asked)
    except BusinessError as error:
        context = {"council": council, "refused": error.messages, "form_code": form, "code": code}
        return render(request, "reports/form_fill.html", context, status=error.status)
    value, stale, status = filled.value, None, 422
    typed = EstimateForm(request.POST, value=value, row=filled.estimate)
    if typed.is_valid():
        try:
            verbs.save_estimates(
                council=council,
                form=value.form,
                period=value.figures.period_code,
                actual_until=value.figures.actual_until,
                allowed=[column.code for column in typed.columns],
                values=typed.values(),
                version=typed.cleaned_data["version"],
                by=request.user,
                now=clock.now(),
            )
        except BusinessError as error:
            status = error.status
            typed.add_error(None, error.messages)
            if isinstance(error, StaleVersion):
                stale = [(code, number) for code, number in verbs.estimates_of(error.current).items()]
                typed.data = typed.data.copy()
                typed.data["version"] = str(error.current.version if error.current else 0)
        else:
            messages.success(request, f"Đã lưu số ước tính lúc {clock.now():%H:%M}.")
            query = f"?lich=thong-ke&so-bo=1&khoan={asked['reporter']}{_alsocouncil_for(request)}"
            return redirect(reverse("form-fill", args=[form, code]) + query)
    page = _page(request, council, filled, estimates=typed, stale=stale)
    return render(request, "reports/form_fill.html", page, status=status)

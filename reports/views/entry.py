"""Typing the figures and the words of a report, on their own pages or in place on the desk; nothing typed is lost."""

import json

from django.contrib import messages
from django.shortcuts import redirect, render

from agencies import clock
from agencies.errors import BusinessError, StaleVersion
from agencies.permissions import Perm, access
from reports import entry
from reports.forms import FiguresForm, NarrativeForm
from reports.models import ProgressReport
from reports.sheet import load_sheet
from reports.together import Clash, save_narrative_together
from reports.views import live
from reports.views.autosave import shown
from reports.views.desk import desks_of
from reports.views.find import report_for


@access(Perm.RECORD_PROGRESS)
def report_figures(request, code, agency):
    """The report's figures: those from activities are filled in, a correction asks for its reason."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    sheet = load_sheet(report)
    initial = {"version": report.version}
    form = FiguresForm(request.POST or None, rows=sheet.figures, initial=initial)

    def save(data):
        entry.save_figures(values=form.values(), notes=form.notes(), **data)

    if done := _save(request, report, form, save, "số liệu"):
        return done
    told = live.told_figures(sheet, form, clock.today())
    context = {"report": report, "period": report.period, "form": form, "told": told}
    context["stale"] = getattr(form, "stale", None)
    template = "reports/_figures_form.html" if request.htmx else "reports/report_figures.html"
    return render(request, template, context, status=getattr(form, "answer", 200))


@access(Perm.RECORD_PROGRESS)
def report_narrative(request, code, agency):
    """The agency's own words, and 'Không phát sinh'."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    form = NarrativeForm(request.POST or None, initial=NarrativeForm.initial_of(report))

    def save(data):
        save_narrative_together(**data, **{name: form.cleaned_data[name] for name in form.fields if name != "version"})

    if done := _save(request, report, form, save, "phần đánh giá"):
        return done
    stale = getattr(form, "stale", None)
    texts = [(label, getattr(stale, name)) for name, label in ProgressReport.NARRATIVE.items()] if stale else []
    last = entry.last_accepted_report(report)
    context = {
        "report": report, "period": report.period, "form": form, "stale": stale, "stored_texts": texts,
        "fields": [(bound, getattr(last, bound.name, "") if last else "") for bound in form.visible_fields()],
        "last": last,
    }  # fmt: skip
    template = "reports/_narrative_form.html" if request.htmx else "reports/report_narrative.html"
    return render(request, template, context, status=getattr(form, "answer", 200))


def _save(request, report: ProgressReport, form, verb, what: str):
    """Run the verb on a valid POST and answer the redirect, or None: refusals end up in the form, typed text kept."""
    if request.method != "POST":
        return None
    form.answer = 422
    if not form.is_valid():
        return None
    data = {"report": report, "by": request.user, "now": clock.now(), "version": form.cleaned_data["version"]}
    try:
        verb(data)
    except StaleVersion as error:
        form.answer, form.stale = error.status, error.current
        form.data = form.data.copy()
        form.data["version"] = str(error.current.version)
        if isinstance(error, Clash):
            stored = type(form)(initial=form.initial_of(error.current))
            form.data.update({name: shown(stored, name) for name in error.merged.taken})
        form.add_error(None, error.messages)
    except BusinessError as error:
        form.answer = error.status
        form.add_error(None, error.messages)
    else:
        return _done(request, report, f"Đã lưu {what} lúc {clock.now():%H:%M}.")
    return None


def _done(request, report: ProgressReport, words: str):
    if not request.htmx:
        messages.success(request, words)
        return redirect("report-detail", code=report.period.code, agency=report.agency.code)
    fresh = report_for(request, report.period.code, report.agency.code)
    (desk,) = desks_of([fresh], request.user, clock.today())
    context = {"desk": desk, "report": desk.report, "period": report.period, "again": True}
    answer = render(request, "reports/_desk_forms.html", context)
    answer["HX-Retarget"], answer["HX-Reswap"] = f"#khac-{report.pk}", "outerHTML"
    told = {"next": desk.next_after(None), "report": report.pk, "words": words}
    answer["HX-Trigger-After-Settle"] = json.dumps({"desk-saved": told})
    return answer

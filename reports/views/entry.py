"""Typing into a report: a task's line, the figures, the words. A stale form shows both texts; nothing is lost."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import BusinessError, StaleVersion
from agencies.permissions import Perm, access
from campaigns.evidence import read_upload, store_evidence
from reports import entry
from reports.forms import FiguresForm, LineForm, NarrativeForm
from reports.models import ProgressReport, ReportLine
from reports.sheet import load_sheet
from reports.views import live
from reports.views.find import line_of, report_for


@access(Perm.RECORD_PROGRESS)
def report_line(request, code, agency, pk):
    """Update one task of the report, its files included; afterwards the next task that waits.

    "Chép lời kỳ trước" only fills the form: what was typed stays, nothing is saved yet.
    """
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    line = line_of(report, pk)
    before = _last_accepted_line(report, line)
    form = LineForm(request.POST or None, line=line, initial=LineForm.initial_of(line))
    stale, status = None, 200
    if request.method == "POST" and "chep" in request.POST:
        form = LineForm(_with_last_words(request.POST, before), line=line)
        form.errors.clear()
    elif request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with transaction.atomic():
                    entry.save_line(line=line, by=request.user, now=clock.now(), **form.values())
                    sent = _keep_files(request, report, line)
            except StaleVersion as error:
                stale, status = error.current, error.status
                form = _with_version(LineForm(request.POST.copy(), line=line), error)
            except BusinessError as error:
                status = error.status
                form.add_error(None, error.messages)
            else:
                files = f", {sent} minh chứng" if sent else ""
                messages.success(request, f"Đã lưu lúc {clock.now():%H:%M}{files}: {line.task.place} {line.task.title}")
                return redirect(_after_save(request, report, line))
        if request.FILES:
            form.add_error(None, "Tệp chưa được lưu; hãy chọn lại tệp khi lưu lần nữa.")
    context = {
        "report": report, "period": report.period, "line": line, "form": form, "before": before, "stale": stale,
        "files": line.evidence.all(), "editable": report.is_editable and not report.period.is_locked,
        "versions": _versions_of(line), "told": live.told_line(line, form, clock.today()),
    }  # fmt: skip
    return render(request, "reports/report_line.html", context, status=status)


def _with_last_words(typed, before: ReportLine | None):
    """The typed form with last period's words added where they are not there yet."""
    data = typed.copy()
    for name in ("result", "difficulty", "proposal"):
        text, last = data.get(name, "").strip(), getattr(before, name, "")
        if last and last not in text:
            data[name] = f"{text}\n{last}".strip()
    return data


def _versions_of(line: ReportLine) -> list:
    """What was saved before, newest first, from the row history that the database keeps."""
    events = ReportLine.pgh_event_model.objects.filter(pgh_obj_id=line.pk, edited_at__isnull=False)
    return list(events.exclude(version=line.version).select_related("edited_by").order_by("-version", "-pgh_id")[:10])


def _with_version(form, error: StaleVersion):
    """The typed form again, now on top of the stored version: saving it once more is a decision."""
    form.data["version"] = str(error.current.version)
    form.add_error(None, error.messages) if form.is_valid() else None
    return form


def _last_accepted_line(report: ProgressReport, line: ReportLine) -> ReportLine | None:
    return (
        ReportLine.objects.filter(
            task=line.task_id,
            report__agency=report.agency_id,
            report__state__in=ProgressReport.ACCEPTED_STATES,
            report__period__starts_on__lt=report.period.starts_on,
        )
        .select_related("report__period")
        .order_by("-report__period__starts_on")
        .first()
    )


def _after_save(request, report: ProgressReport, line: ReportLine) -> str:
    place = {"code": report.period.code, "agency": report.agency.code}
    if "tiep" in request.POST:
        waiting = report.lines.filter(edited_at__isnull=True).exclude(pk=line.pk)
        following = waiting.order_by("role", "task__plan__number", "task__sort_order").first()
        if following is not None:
            return reverse("report-line", kwargs=place | {"pk": following.pk})
    return reverse("report-detail", kwargs=place)


@access(Perm.RECORD_PROGRESS)
@require_POST
def line_evidence(request, code, agency, pk):
    """Take a file off a line; files are added with the line itself."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    line = line_of(report, pk)
    remove = request.POST.get("bo", "")
    evidence = line.evidence.filter(pk=int(remove)).first() if remove.isdecimal() and len(remove) < 19 else None
    if evidence is None:
        raise Http404
    entry.detach_evidence(line=line, evidence=evidence, by=request.user, now=clock.now())
    messages.success(request, f"Đã gỡ minh chứng {evidence}; tệp vẫn còn ở nhiệm vụ.")
    return redirect("report-line", code=code, agency=agency, pk=pk)


def _keep_files(request, report: ProgressReport, line: ReportLine) -> int:
    """Keep the files of one sending, all or none, and point the line to them; returns how many."""
    uploads = request.FILES.getlist("tep")
    for upload in uploads:
        evidence = store_evidence(
            agency=report.agency,
            by=request.user,
            now=clock.now(),
            name=upload.name,
            content=read_upload(upload),
            task=line.task,
        )
        entry.attach_evidence(line=line, evidence=evidence, by=request.user, now=clock.now())
    return len(uploads)


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
    return render(request, "reports/report_figures.html", context, status=getattr(form, "answer", 200))


@access(Perm.RECORD_PROGRESS)
def report_narrative(request, code, agency):
    """The agency's own words, and 'Không phát sinh'."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    names = (*ProgressReport.NARRATIVE, "nothing_to_report", "version")
    initial = {name: getattr(report, name) for name in names}
    form = NarrativeForm(request.POST or None, initial=initial)

    def save(data):
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        entry.save_narrative(**data, **values)

    if done := _save(request, report, form, save, "phần đánh giá"):
        return done
    stale = getattr(form, "stale", None)
    texts = [(label, getattr(stale, name)) for name, label in ProgressReport.NARRATIVE.items()] if stale else []
    context = {"report": report, "period": report.period, "form": form, "stale": stale, "stored_texts": texts}
    return render(request, "reports/report_narrative.html", context, status=getattr(form, "answer", 200))


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
        form.add_error(None, error.messages)
    except BusinessError as error:
        form.answer = error.status
        form.add_error(None, error.messages)
    else:
        messages.success(request, f"Đã lưu {what} lúc {clock.now():%H:%M}.")
        return redirect("report-detail", code=report.period.code, agency=report.agency.code)
    return None

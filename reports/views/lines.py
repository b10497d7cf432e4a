"""A task's line of a report: its own page, and the same part of it opened in place on the desk.

A stale form is put together with what was saved meanwhile; where both wrote in the same box both texts are shown.
"""

import json

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import BusinessError, StaleVersion
from agencies.files.receiving import checked
from agencies.files.storing import rows_and_files
from agencies.permissions import Perm, access
from campaigns.evidence import store_evidence
from campaigns.models import Evidence
from reports import entry
from reports.deeds import task_deeds
from reports.forms import FiguresForm, LineForm
from reports.line_history import earlier_versions
from reports.models import ProgressReport, ReportLine
from reports.sheet import load_sheet
from reports.together import Clash, save_line_together
from reports.views import live
from reports.views.desk import desks_of
from reports.views.find import line_of, report_for
from reports.why import why_closed

ROW = "viec-"  # a task's row on the desk; an answer meant for it is the row, any other the part with the form


@access(Perm.RECORD_PROGRESS)
def report_line(request, code, agency, pk):
    """Update one task of the report, its files included; afterwards the next task that waits.

    One form, four buttons: save; "như kỳ trước" saves what the last accepted report said; "lấy lại" brings an earlier
    version back; "chép" only fills the form, with last period's words or with the sentence of the activities: what was
    typed stays, nothing is saved yet. htmx gets the part alone.
    """
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    line = line_of(report, pk)
    line.report = report
    if request.method != "POST":
        if "hang" in request.GET and request.htmx:
            return _row(request, report, line)
        return _part(request, report, line, LineForm(initial=LineForm.initial_of(line), line=line))
    if "nhu-cu" in request.POST:
        return _repeat_last(request, report, line)
    if "lay-lai" in request.POST:
        return _restore(request, report, line)
    if "chep" in request.POST:
        form = LineForm(_with_words(request.POST, _words_to_copy(request.POST["chep"], line)), line=line)
        form.errors.clear()
        return _part(request, report, line, form)
    return _save(request, report, line)


def _save(request, report: ProgressReport, line: ReportLine):
    form = LineForm(request.POST, line=line)
    stale, status = None, 422
    if form.is_valid():
        try:
            with rows_and_files():
                saved = save_line_together(line=line, by=request.user, now=clock.now(), **form.values())
                sent = _keep_files(request, report, line)
        except StaleVersion as error:
            stale, status = error.current, error.status
            form = _on_top_of(error, line, request.POST)
        except BusinessError as error:
            status = error.status
            form.add_error(None, error.messages)
        else:
            words = f"Đã lưu lúc {clock.now():%H:%M}"
            words += f", {sent} minh chứng" if sent else ""
            if saved.taken:
                labels = ", ".join(form.fields[name].label for name in saved.taken if name in form.fields)
                words += f", gộp với phần người khác vừa ghi ({labels})"
            return _done(request, report, line, words)
    if request.FILES:
        form.add_error(None, "Tệp chưa được lưu; hãy chọn lại tệp khi lưu lần nữa.")
    return _part(request, report, line, form, stale=stale, status=status)


def _on_top_of(error: StaleVersion, line: ReportLine, posted) -> LineForm:
    """The typed form again, on top of the stored version: saving it once more is a decision about what clashes."""
    data = posted.copy()
    data["version"] = str(error.current.version)
    stored = LineForm(line=line, initial=LineForm.initial_of(error.current))
    for name in error.merged.taken if isinstance(error, Clash) else ():
        if name in stored.fields:
            data[name] = stored[name].field.widget.format_value(stored[name].value()) or ""
    form = LineForm(data, line=line)
    form.is_valid()
    form.add_error(None, error.messages)
    return form


def _repeat_last(request, report: ProgressReport, line: ReportLine):
    """Save "không thay đổi so với kỳ trước"; what stood typed in the form is saved before it, to go back to."""
    version = _version(request)
    try:
        with transaction.atomic():
            if "result" in request.POST:
                typed = LineForm(request.POST, line=line)
                if not typed.is_valid():  # what cannot be stored to go back to must not be written over either
                    said = ["Nội dung đang gõ còn chỗ chưa đúng nên chưa ghi gì. Sửa chỗ đó, rồi bấm lại."]
                    return _part(request, report, line, typed, refused=said, status=422)
                given = typed.values() | {"version": version}
                version = save_line_together(
                    line=line, by=request.user, now=clock.now(), automatic=True, **given
                ).row.version
            entry.repeat_last_line(line=line, by=request.user, now=clock.now(), version=version)
    except BusinessError as error:
        return _refused(request, report, line, error)
    words = f"Đã ghi như kỳ trước lúc {clock.now():%H:%M}"
    return _done(request, report, line, words, undo=version)


def _restore(request, report: ProgressReport, line: ReportLine):
    """Bring an earlier version back; the one it replaces can be brought back in turn."""
    version, to = _version(request), _number(request.POST.get("lay-lai", ""))
    if to is None:
        raise Http404
    try:
        entry.restore_line(line=line, by=request.user, now=clock.now(), version=version, to=to)
    except BusinessError as error:
        return _refused(request, report, line, error)
    words = f"Đã lấy lại bản trước lúc {clock.now():%H:%M}"
    if request.htmx and not _wants_row(request):
        fresh = line_of(report, line.pk)
        form = LineForm(initial=LineForm.initial_of(fresh), line=fresh)
        return _part(request, report, fresh, form, told=words, undo=version)
    if request.htmx:
        return _row(request, report, line, words=words, undo=version)
    messages.success(request, f"{words}: {line.task.place} {line.task.title}")
    return redirect(request.path)


def _refused(request, report: ProgressReport, line: ReportLine, error: BusinessError):
    """What a button could not do, said on the part: with what was typed, or the line as it is stored."""
    fresh = line_of(report, line.pk)
    typed = request.POST if "result" in request.POST else None
    form = LineForm(typed, initial=LineForm.initial_of(fresh), line=fresh)
    answer = _part(request, report, fresh, form, refused=error.messages, status=error.status)
    if _wants_row(request):
        answer["HX-Retarget"], answer["HX-Reswap"] = f"#mo-{line.pk}", "innerHTML"
    return answer


def _version(request) -> int:
    return _number(request.POST.get("version", "")) or 0


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _wants_row(request) -> bool:
    return bool(request.htmx) and (request.htmx.target or "").startswith(ROW)


def _part(request, report: ProgressReport, line: ReportLine, form: LineForm, *, status: int = 200, **more):
    """The line's form and what stands beside it: alone when htmx asks, else inside its page."""
    line.report = report
    if closed := why_closed(report):
        form.only_read()
    context = {
        "report": report, "period": report.period, "line": line, "form": form,
        "editable": not closed, "closed": closed,
        "files": line.evidence.all(), "versions": earlier_versions(line), "stale": None,
        "told": live.told_line(line, form, clock.today()), "words": more.pop("told", ""),
        "figures": None if closed else _figures_of(report, line),
    } | more  # fmt: skip
    before = context["before"] = entry.last_accepted_line(line)
    deeds = context["deeds"] = task_deeds(line)
    context["may_repeat"] = before is not None and entry.repeats_truly(before) and not deeds.activities
    template = "reports/_line_form.html" if request.htmx else "reports/report_line.html"
    return render(request, template, context, status=status)


def _figures_of(report: ProgressReport, line: ReportLine):
    """The report's figures on which this task has a target, as a form of their own; None without any."""
    codes = set(line.task.targets.values_list("indicator__code", flat=True))
    if not codes:
        return None
    sheet = load_sheet(report)
    rows = [row for row in sheet.figures if row.code in codes]
    if not rows:
        return None
    form = FiguresForm(rows=rows, initial={"version": report.version})
    return {"form": form, "told": live.told_figures(sheet.only(codes), form, clock.today())}


def _done(request, report: ProgressReport, line: ReportLine, words: str, undo: int | None = None):
    """After a save: the next task that waits, in place or on its own page."""
    if request.htmx:
        return _row(request, report, line, words=words, undo=undo, saved=True)
    messages.success(request, f"{words}: {line.task.place} {line.task.title}")
    if undo is not None:
        return redirect(f"{request.path}#cac-ban")
    return redirect(_after_save(request, report, line))


def _row(request, report: ProgressReport, line: ReportLine, *, saved: bool = False, **more):
    """The task's row on the desk, and the desk's head with its new counts."""
    (desk,) = desks_of([report], request.user, clock.today())
    key, row = desk.row_of(line.pk)
    context = {"desk": desk, "report": report, "period": report.period, "line": row, "key": key, "again": True}
    answer = render(request, "reports/_work_row.html", context | more)
    answer["HX-Retarget"], answer["HX-Reswap"] = f"#{ROW}{line.pk}", "outerHTML"
    if saved:
        # A header is ASCII: json.dumps escapes everything else.
        following = desk.next_after(line.pk) if "tiep" in request.POST or "nhu-cu" in request.POST else ""
        told = {"next": following, "report": report.pk, "words": more.get("words", "")}
        answer["HX-Trigger-After-Settle"] = json.dumps({"desk-saved": told})
    return answer


def _words_to_copy(asked: str, line: ReportLine) -> dict[str, str]:
    """What a button of copying brings, by box: the sentence of the activities, or last period's words."""
    if asked == "hoat-dong":
        return {"result": task_deeds(line).sentence}
    before = entry.last_accepted_line(line)
    return {name: getattr(before, name, "") for name in ("result", "difficulty", "proposal")}


def _with_words(typed, words: dict[str, str]):
    """The typed form with these words added to their boxes where they do not stand yet."""
    data = typed.copy()
    for name, more in words.items():
        text = data.get(name, "").strip()
        if more and more not in text:
            data[name] = f"{text}\n{more}".strip()
    return data


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
    """Files of a line, at once: ``tep`` adds, ``bo`` takes one off, ``lai`` puts one that was taken off back."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    line = line_of(report, pk)
    undo, status = None, 200
    if request.FILES:
        try:
            with rows_and_files():
                words = f"Đã lưu {_keep_files(request, report, line)} minh chứng."
        except BusinessError as error:
            words, status = " ".join(error.messages), error.status
    elif back := _number(request.POST.get("lai", "")):
        evidence = Evidence.objects.filter(pk=back, agency=report.agency_id, task=line.task_id).first()
        if evidence is None:
            raise Http404
        entry.attach_evidence(line=line, evidence=evidence, by=request.user, now=clock.now())
        words = f"Đã gắn lại minh chứng {evidence}."
    else:
        remove = _number(request.POST.get("bo", ""))
        undo = line.evidence.filter(pk=remove).first() if remove else None
        if undo is None:
            raise Http404
        entry.detach_evidence(line=line, evidence=undo, by=request.user, now=clock.now())
        words = f"Đã gỡ minh chứng {undo}; tệp vẫn còn ở nhiệm vụ."
    if request.htmx:
        context = {"report": report, "period": report.period, "line": line, "files": line.evidence.all()}
        context |= {"editable": report.is_editable, "file_words": words, "file_refused": status != 200}
        context["removed"] = undo
        return render(request, "reports/_line_files.html", context, status=status)
    (messages.error if status != 200 else messages.success)(request, words)
    return redirect("report-line", code=code, agency=agency, pk=pk)


def _keep_files(request, report: ProgressReport, line: ReportLine) -> int:
    """Keep the files of one sending, all or none, and point the line to them; returns how many."""
    files = checked(request.FILES.getlist("tep"))
    for name, content in files:
        evidence = store_evidence(
            agency=report.agency,
            by=request.user,
            now=clock.now(),
            name=name,
            content=content,
            task=line.task,
        )
        entry.attach_evidence(line=line, evidence=evidence, by=request.user, now=clock.now())
    return len(files)

"""Forms that save by themselves: each answers in JSON what was saved, taken over from somebody else, or refused.

The same verbs as the buttons. Nothing typed is lost by a refusal: the browser keeps it until it is saved or dropped.
"""

from django.forms import CheckboxInput
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import BusinessError, NotAllowed, WrongState
from agencies.permissions import Perm, access
from reports import entry
from reports.forms import FiguresForm, LineForm, NarrativeForm
from reports.models import ProgressReport
from reports.sheet import FigureRow, load_sheet
from reports.together import Clash, Saved, save_figures_together, save_line_together, save_narrative_together
from reports.views.find import line_of, report_for

PERSON_HEADER = "X-Person"  # who the page was drawn for; somebody else may have signed in meanwhile
BASE = "goc-"  # prefix of the fields that say what a figure was before it was typed over


@access(Perm.RECORD_PROGRESS)
@require_POST
def line_autosave(request, code, agency, pk):
    """Save a task's line as it stands in the form."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    line = line_of(report, pk)
    form = LineForm(request.POST, line=line)
    if part := _only_a_part(request, [name for name in ("result", "difficulty", "proposal") if name in form.fields]):
        return part

    def save() -> Saved:
        return save_line_together(line=line, by=request.user, now=clock.now(), automatic=True, **form.values())

    def fresh(row) -> LineForm:
        return LineForm(line=line, initial=LineForm.initial_of(row))

    return _answer(request, form, save, fresh)


@access(Perm.RECORD_PROGRESS)
@require_POST
def narrative_autosave(request, code, agency):
    """Save the agency's own words as they stand in the form."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    form = NarrativeForm(request.POST)
    if part := _only_a_part(request, ProgressReport.NARRATIVE):
        return part

    def save() -> Saved:
        return save_narrative_together(
            report=report, by=request.user, now=clock.now(), automatic=True, **form.cleaned_data
        )

    def fresh(row) -> NarrativeForm:
        return NarrativeForm(initial=NarrativeForm.initial_of(row))

    return _answer(request, form, save, fresh)


@access(Perm.RECORD_PROGRESS)
@require_POST
def figures_autosave(request, code, agency):
    """Save the figures that were changed in the form, each with what it was before. The others are not sent.

    A figure that cannot be read, or that differs from its activities and has no reason yet, waits; the rest is saved.
    """
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    rows = [row for row in load_sheet(report).figures if f"v_{row.code}" in request.POST]
    form = FiguresForm(request.POST, rows=rows, initial={"version": report.version})
    base = FiguresForm(_base_of(request.POST), rows=rows, initial={"version": report.version})
    base.is_valid()
    form.is_valid()
    waiting = {row.code: _why_waits(form, row) for row in rows}
    typed = {row.code: _figure(form, row) for row in rows if not waiting[row.code]}

    def stored():
        current = report_for(request, code, agency, Perm.RECORD_PROGRESS)
        return current, {row.code: (row.value, row.reason, row.note) for row in load_sheet(current).figures}

    def save() -> Saved:
        return save_figures_together(
            report=report,
            by=request.user,
            now=clock.now(),
            version=form.cleaned_data["version"],
            values=typed,
            base={row.code: _figure(base, row) for row in rows if row.code in typed},
            stored=stored,
            automatic=True,
        )

    def fresh(row) -> FiguresForm:
        return FiguresForm(rows=load_sheet(row).figures, initial={"version": row.version})

    said = [why for why in waiting.values() if why]
    if "version" not in form.cleaned_data or not typed:
        return JsonResponse({"state": "refused", "said": said or ["Chưa có số liệu nào để lưu."]}, status=422)
    kept = [f"{kind}_{code}" for code in typed for kind in "vrn"]
    return _answer(request, None, save, fresh, {"kept": kept, "said": said} if said else {})


def _only_a_part(request, names) -> JsonResponse | None:
    """The refusal of a form that came without some of its boxes: a box that is not there was not emptied."""
    if all(name in request.POST for name in names):
        return None
    return JsonResponse(
        {"state": "refused", "said": ["Biểu gửi lên thiếu ô nên chưa lưu gì."], "fields": []}, status=422
    )


def _base_of(data):
    """What the figures were, as the fields of a form of their own; the page wrote them, so none is asked about."""
    values = {name.removeprefix(BASE): data[name] for name in data if name.startswith(BASE)}
    return values | {f"{name}-dung": value for name, value in values.items() if name.startswith("v_")}


def _figure(form: FiguresForm, row: FigureRow):
    data = form.cleaned_data
    value = data.get(f"v_{row.code}")
    if value is None and row.computed is not None:
        value = row.computed
    return (
        None if value is None else row.figure._meta.get_field("value").to_python(value),
        data.get(f"r_{row.code}", ""),
        data.get(f"n_{row.code}", ""),
    )


def _why_waits(form: FiguresForm, row: FigureRow) -> str:
    wrong = [error for kind in "vrn" for error in form.errors.get(f"{kind}_{row.code}", [])]
    if wrong:
        return f"{row.code}: {' '.join(wrong)}"
    value, reason, _note = _figure(form, row)
    if row.computed is not None and value != row.computed and not reason:
        return f"{row.code}: số khác với hoạt động đã ghi, còn chờ lý do (C02)."
    return ""


def _answer(request, form, save, fresh, more: dict | None = None) -> JsonResponse:
    """Run one saving and say what came of it; ``fresh`` makes an unbound form of the stored row."""
    drawn_for = request.headers.get(PERSON_HEADER, "")
    if drawn_for and drawn_for != str(request.user.pk):
        said = f"Máy này vừa đăng nhập bằng tài khoản khác ({request.user}). Nội dung chưa lưu vẫn giữ cho người đã gõ."
        return JsonResponse({"state": "other_person", "said": [said]}, status=409)
    if form is not None and not form.is_valid():
        errors = {name: list(messages) for name, messages in form.errors.items()}
        said = [message for messages in errors.values() for message in messages]
        return JsonResponse({"state": "refused", "said": said, "fields": list(errors)}, status=422)
    try:
        saved = save()
    except Clash as error:
        return JsonResponse(_clash(error, fresh(error.current)), status=error.status)
    except (NotAllowed, WrongState) as error:
        return JsonResponse({"state": "stopped", "said": error.messages}, status=error.status)
    except BusinessError as error:
        return JsonResponse({"state": "refused", "said": error.messages, "fields": []}, status=error.status)
    answer = {"state": "saved", "version": saved.row.version, "at": f"{timezone.localtime(clock.now()):%H:%M}"}
    if saved.taken:
        answer["take"] = {name: shown(fresh(saved.row), name) for name in saved.taken}
    return JsonResponse(answer | (more or {}))


def _clash(error: Clash, theirs) -> dict:
    row = error.current
    author = "" if isinstance(row, ProgressReport) else str(row.edited_by or "")
    names = [name for clashing in error.merged.clashes for name in _fields_of(clashing, theirs)]
    return {
        "state": "clash",
        "version": row.version,
        "by": author or "Người khác",
        "take": {name: shown(theirs, name) for name in error.merged.taken if name in theirs.fields},
        "clash": {name: shown(theirs, name) for name in names},
        "labels": {name: theirs[name].label for name in names},
        "words": {name: _in_words(theirs, name) for name in names},
        "together": list(entry.STATUS_FIELDS),
    }


def _fields_of(name: str, form) -> list[str]:
    """A field of the form, or the fields of a figure that is named by its code."""
    return [name] if name in form.fields else [f"{kind}_{name}" for kind in "vrn"]


def shown(form, name: str) -> str:
    """A field's initial value as its box shows it."""
    bound = form[name]
    value = bound.field.widget.format_value(bound.field.prepare_value(bound.initial))
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(bound.field.widget, CheckboxInput):
        return "1" if bound.initial else ""
    return "" if value is None else str(value)


def _in_words(form, name: str) -> str:
    """A field's initial value as people read it."""
    value = shown(form, name)
    choices = dict(getattr(form.fields[name], "choices", ()))
    if isinstance(form.fields[name].widget, CheckboxInput):
        return "Có" if value else "Không"
    return str(choices.get(value, value)) or "(để trống)"

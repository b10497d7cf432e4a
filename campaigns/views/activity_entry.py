"""Recording activities: the short form, in place or as a page; correcting, withdrawing and taking that back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from agencies import clock
from agencies.errors import BusinessError, NotAllowed, StaleVersion, WrongState
from agencies.files.receiving import checked
from agencies.files.storing import rows_and_files
from agencies.permissions import Perm, access, get_for, grants_of
from campaigns import activities as verbs
from campaigns.activities import amend_activity, record_activity, restore_activity, withdraw_activity
from campaigns.activity_form import MORE_SITES, ActivityForm, repeated
from campaigns.doubles import own_twin
from campaigns.evidence import store_evidence
from campaigns.models import Activity, Task
from campaigns.views import REFUSED, id_in, tell
from campaigns.views.activities import activity_page, find_activity, repeat_url
from campaigns.views.done import TAKEN_BACK, Undo, tell_done, undone

LOOKED_BACK = 20  # of the agencies' newest activities, for what is offered again
REPEATABLE = 3
ANYWAY = "van-ghi"
AS_BEFORE = "truoc"  # ?lap-lai=truoc: as the person's last one
FILES = "tep"


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.RECORD_PROGRESS)
def activity_create(request):
    """Record an activity; ?nhiem-vu= ticks a task, ?lap-lai= begins from an earlier one (or =truoc from the last).

    Asked by htmx it is the short form that opens in place on any page, and answers with a notice.
    """
    if request.method != "POST":
        return _activity_form(request, _new_form(request))
    form = ActivityForm(request.POST, user=request.user, today=clock.today())
    status = REFUSED
    if form.wants_rows:
        status = 200
    elif form.is_valid() and not _asked_about_twin(request, form):
        try:
            # Files are read before anything is written; the activity is kept with all of them, or not at all.
            files = checked(request.FILES.getlist(FILES))
            with rows_and_files():
                activity = record_activity(
                    agency=form.cleaned_data["agency"],
                    by=request.user,
                    now=clock.now(),
                    form_key=form.cleaned_data["form_key"],
                    **form.values(),
                )
                for name, content in files:
                    store_evidence(
                        agency=activity.agency,
                        by=request.user,
                        now=clock.now(),
                        name=name,
                        content=content,
                        activity=activity,
                    )
        except BusinessError as error:
            status = tell(form, error)
        else:
            return _recorded(request, activity, len(files))
    if request.FILES and not request.htmx and not form.wants_rows:
        form.add_error(None, "Tệp chưa được lưu; hãy chọn lại tệp khi lưu lần nữa.")
    return _activity_form(request, form, status=status)


def _asked_about_twin(request, form: ActivityForm) -> bool:
    """Whether the same words of the same day are recorded already and the person has not said to record them anyway."""
    data = form.cleaned_data
    words = {"title": data["title"], "place": data["place"], "held_on": data["held_on"]}
    # A double click comes back with the key of the first one, which the verb knows.
    again = Activity.objects.filter(agency=data["agency"], form_key=data["form_key"]).exists()
    if request.POST.get(ANYWAY) or again:
        return False
    form.twin = own_twin(agency=data["agency"], **words)
    return form.twin is not None


def _recorded(request, activity: Activity, files: int):
    """Said with a button that takes it back and one that does the like again; in place, or on the activity's page."""
    kept = f", {files} tệp minh chứng" if files else ""
    tell_done(
        request,
        f"Đã ghi nhận hoạt động: {activity.title}, ngày {activity.held_on:%d/%m/%Y}{kept}.",
        undo=Undo(reverse("activity-withdraw", args=[activity.pk]), {"reason": TAKEN_BACK}, in_place=True),
        again=repeat_url(activity),
    )
    _notes(request, activity)
    if request.htmx:
        return trigger_client_event(render(request, "campaigns/_activity_saved.html"), "activity-recorded")
    return redirect("activity-detail", pk=activity.pk)


def _notes(request, activity: Activity, *, withdrawn: bool = False) -> bool:
    """Say what the person should know besides, the period's state; whether there was anything to say."""
    notes = verbs.notes_on_day(activity.agency, activity.held_on, withdrawn=withdrawn)
    for note in notes:
        messages.warning(request, note)
    return bool(notes)


def _new_form(request) -> ActivityForm:
    """A form to begin with: today, the agency's last form, and what the address asks for besides.

    ``form.recent`` are the person's own newest activities, for most of what people do was done before.
    """
    mine = grants_of(request.user).agencies(Perm.RECORD_PROGRESS)
    done = Activity.objects.standing().filter(agency__in=mine).order_by("-recorded_at", "-pk")
    newest = list(done[:LOOKED_BACK])
    own = [activity for activity in newest if activity.recorded_by_id == request.user.pk]
    first = {"held_on": clock.today()}
    if newest:
        first["form"] = newest[0].form
    if _as_before(request) and own:
        first |= repeated(own[0])
    form = ActivityForm(user=request.user, today=clock.today(), initial=first | _asked_for(request))
    form.recent = own[:REPEATABLE]
    return form


def _as_before(request) -> bool:
    return request.GET.get("lap-lai") == AS_BEFORE


def _asked_for(request) -> dict:
    first = {}
    if not _as_before(request) and (earlier := id_in(request, "lap-lai")):
        first |= repeated(find_activity(request, earlier, Perm.RECORD_PROGRESS))
    if task_id := id_in(request, "nhiem-vu"):
        task = get_for(request.user, Task.objects.all(), pk=task_id)
        mine = grants_of(request.user).agencies(Perm.RECORD_PROGRESS)
        carrying = task.assignments.current().filter(agency__in=mine).first()
        if carrying is None:
            raise Http404
        first |= {"tasks": [str(task.pk)], "agency": carrying.agency_id}
    return first


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.RECORD_PROGRESS)
def activity_edit(request, pk: int):
    """Correct an activity. When somebody saved meanwhile, both texts are shown and nothing is written."""
    activity = find_activity(request, pk, Perm.RECORD_PROGRESS)
    if activity.withdrawn_at:
        raise WrongState("Hoạt động này đã được rút; không sửa được nữa.")
    if request.method != "POST":
        form = ActivityForm(user=request.user, today=clock.today(), activity=activity)
        return _activity_form(request, form, activity)
    form = ActivityForm(request.POST, user=request.user, today=clock.today(), activity=activity)
    status, stored = REFUSED, None
    if form.wants_rows:
        status = 200
    elif form.is_valid():
        try:
            activity = amend_activity(
                activity=activity,
                by=request.user,
                now=clock.now(),
                version=form.cleaned_data["version"],
                **form.values(),
            )
        except StaleVersion as error:
            status, stored = tell(form, error), error.current
            # What is sent next has been compared with the stored text beside it.
            form.data = form.data.copy()
            form.data["version"] = str(stored.version)
        except BusinessError as error:
            status = tell(form, error)
        else:
            messages.success(request, "Đã lưu hoạt động.")
            _notes(request, activity)
            return redirect("activity-detail", pk=activity.pk)
    return _activity_form(request, form, activity, stored=stored, status=status)


def _activity_form(request, form: ActivityForm, activity: Activity | None = None, *, stored=None, status: int = 200):
    context = {"form": form, "activity": activity, "stored": None, "more_sites": MORE_SITES}
    if stored is not None:
        context["stored"] = {
            "activity": stored,
            "tasks": stored.tasks.all(),
            "figures": stored.figures.select_related("indicator"),
            "sites": stored.sites.all(),
        }
    in_place = request.htmx and activity is None
    template = "campaigns/_activity_in_place.html" if in_place else "campaigns/activity_form.html"
    return render(request, template, context, status=status)


@require_POST
@access(Perm.RECORD_PROGRESS)
def activity_withdraw(request, pk: int):
    """Take an activity out of the count, with a reason."""
    activity = find_activity(request, pk, Perm.RECORD_PROGRESS)
    reason = request.POST.get("reason", "")
    try:
        withdraw_activity(activity=activity, by=request.user, now=clock.now(), reason=reason)
    except NotAllowed:
        raise
    except BusinessError as error:
        return activity_page(request, activity, problems=error.messages, reason=reason, status=error.status)
    back = Undo(reverse("activity-restore", args=[activity.pk]), in_place=True)
    settled = _notes(request, activity, withdrawn=True)
    said = "Đã rút hoạt động." if settled else "Đã rút hoạt động. Hoạt động không còn được tính vào số liệu."
    tell_done(request, said, undo=back)
    return undone(request, "activity-detail", activity.pk)


@require_POST
@access(Perm.RECORD_PROGRESS)
def activity_restore(request, pk: int):
    """Take a withdrawal back: the activity counts again."""
    activity = find_activity(request, pk, Perm.RECORD_PROGRESS)
    restore_activity(activity=activity, by=request.user, now=clock.now())
    settled = _notes(request, activity)
    said = "Đã khôi phục hoạt động." if settled else "Đã khôi phục hoạt động; hoạt động lại được tính vào số liệu."
    messages.success(request, said)
    return undone(request, "activity-detail", pk)

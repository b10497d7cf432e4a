"""Every address of the portal with an object to open it with, for the tests that walk over all of them.

A new address needs its row in tests/matrix.py, and here the object whose key stands in it.
"""

from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from agencies.calendar_feed import renew_feed, secret_of
from agencies.comments import comment
from agencies.long_work.running import carry_on
from agencies.models import LongWork, Notice, RegisterImport
from agencies.notices import notify
from agencies.saved_views import save_view
from campaigns.activities import record_activity
from campaigns.bulk_activities.checking import CHECK
from campaigns.evidence import store_evidence
from campaigns.long_exports import order_export
from campaigns.models import Indicator, PlanImport
from campaigns.targets import set_target
from portal.demo.files import picture
from reports.forms_catalogue.definition import Form
from reports.forms_catalogue.loader import catalogue
from reports.issuing import save_council_report
from reports.models import FormVersion, ReportLine
from reports.receipts import give_receipt
from tests.world import a_template

# Django's own admin asks portal.admin_site for each of its pages (tests/portal/test_shell_admin.py walks them).
NOT_OURS = "admin"
FORMS = {form.code: form for form in catalogue()}


def every_view(patterns=None, prefix=""):
    """(name, route, callback) of every address outside the admin."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            if entry.app_name != NOT_OURS:
                yield from every_view(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield entry.name, prefix + str(entry.pattern), entry.callback


def every_object(world) -> dict:
    """Objects of agency A alone, by the argument of the address that names them."""
    officer, agency = world.people["officer_a"], world.agencies["a"]
    activity = record_activity(
        agency=agency, by=officer, now=world.now, title="Buổi nói chuyện", held_on=world.today, figures={}
    )
    # Agency B recorded the same event; it is counted with A's, who leads the task.
    double = record_activity(
        agency=world.agencies["b"],
        by=world.people["officer_b"],
        now=world.now,
        title="Buổi nói chuyện",
        held_on=world.today,
    )
    evidence = store_evidence(agency=agency, by=officer, now=world.now, name="anh.png", content=picture("a"))
    line = ReportLine.objects.get(report=world.report("a"), task=world.tasks[3])
    done = PlanImport.objects.create(council=world.council, plan=world.plan, at=world.now, file_name="phu-luc.docx")
    member = officer.memberships.get()
    period = {"code": "2024-q2"}
    drafted = save_council_report(
        period=world.period, by=world.people["secretary"], now=world.now, version=None,
        narrative={}, signing="vice", addressee="", recipients=[],
    )  # fmt: skip
    version = period | {"edition": drafted.edition, "version": drafted.version}
    report = period | {"agency": "a"}
    form = Form.from_json(FORMS["09e"].to_json() | {"code": "mau-thu", "effective_to": None})
    mine = FormVersion.objects.create(
        council=world.council, code=form.code, form_code=form.form_code, title=form.title, definition=form.to_json(),
        effective_from=form.effective_from, file_name="bieu.xlsx", uploaded_at=world.now,
    )  # fmt: skip
    table = {"plan": world.plan.pk, "task": world.tasks[3].pk, "activity": activity.pk, "evidence": evidence.pk}
    receipt = give_receipt(report=world.report("a"), by=officer, now=world.now)
    told = notify(to=[officer], kind=Notice.Kind.COMMENT, text="Một ý kiến", now=world.now)
    table |= {
        "notice": told[0].pk,
        "receipt": receipt.pk,
        "agency": agency.pk,
        "line": line.pk,
        "member": member.pk,
        "account": officer.pk,
    }
    table |= {"double": double.pk, "version": version, "report_pk": world.report("a").pk}
    table |= {"import": done.pk, "form_version": mine.pk, "template": a_template(world).pk}
    goal = {"task": None, "year": 2024, "value": 5, "reason": "Theo kế hoạch đã ký"}
    target = set_target(plan=world.plan, indicator=Indicator.objects.get(code="PB01"), by=None, now=world.now, **goal)
    table |= {"target": {"pk": world.plan.pk, "target": target.pk}}
    batch = RegisterImport.objects.create(
        council=world.council, kind="co-quan", imported_at=world.now, source_name="a.xlsx", source_digest="0", done=[]
    )
    table["register_import"] = batch.pk
    view = save_view(
        by=officer, now=world.now, list_name="nhiem-vu", name="Quá hạn", query="han=qua-han", agency=agency
    )
    table |= {"view": view.pk, "secret": secret_of(renew_feed(by=officer, now=world.now))}
    # Recovery codes alone are no second factor: with one, the person's other sessions would not reach these pages.
    table["factor"] = Authenticator.objects.create(user=officer, type="recovery_codes", data={"migrated_codes": []}).pk
    Client().force_login(officer)
    table["session"] = officer.sessions.get().reference
    table["comment"] = comment(obj=world.report("a"), by=officer, now=world.now, text="Đang chờ số liệu của quận").pk
    work = order_export(query="", file_format="csv", count=1, by=officer, now=world.now)
    carry_on(work=work.pk, turn=work.turn, now=lambda: world.now)
    table["work"] = work.pk
    preview = {"good": 1, "wrong": 0, "agencies": 1, "people": "10", "known": 0, "alike": 0, "notes": []}
    table["check"] = LongWork.objects.create(
        kind=CHECK, title="Kiểm tra tệp", council=world.council, ordered_by=officer, ordered_at=world.now,
        parameters={"filename": "nam-2024.xlsx"}, position={"preview": preview}, state="done",
        started_at=world.now, heartbeat_at=world.now, ended_at=world.now,
    ).pk  # fmt: skip
    return table | {"period": period, "report": report, "council": world.council.code}


def arguments(name: str, objects: dict) -> dict:
    """The arguments of an address, by its name."""
    named = {
        "openid_connect_callback": {"provider_id": "oidc"},
        "factor-remove": {"pk": objects["factor"]},
        "session-end-others": {},
        "session-end": {"reference": objects["session"]},
        "guide-role": {"role": "can-bo-dau-moi"},
        "person-preview": {"pk": objects["account"]},
        "why": {"kind": "bao-cao", "pk": objects["report_pk"]},
        "plan-import-undo": {"pk": objects["import"]},
        "plan-target-": objects["target"],
        "plan-": {"pk": objects["plan"]},
        "target-edit": {"code": "T7"},
        "target-remove": {"code": "T7"},
        "task-create": {"pk": objects["plan"]},
        "task-": {"pk": objects["task"]},
        "activity-import-preview": {"pk": objects["check"]},
        "activity-compare": {"pk": objects["activity"], "other": objects["double"]},
        "activity-different": {"pk": objects["activity"], "other": objects["double"]},
        "activity-": {"pk": objects["activity"]},
        "evidence-": {"pk": objects["evidence"]},
        "receipt": {"pk": objects["receipt"]},
        "notice-open": {"pk": objects["notice"]},
        "work-list": {},
        "work-": {"pk": objects["work"]},
        "report-line-check": objects["report"] | {"pk": objects["line"]},
        "form-version-transition": {"pk": objects["form_version"], "verb": "xac-nhan"},
        "form-version": {"pk": objects["form_version"]},
        "form-definition": {"form": "09e"},
        "form-": {"form": "09e", "code": "2024"},
        "report-line": objects["report"] | {"pk": objects["line"]},
        "line-evidence": objects["report"] | {"pk": objects["line"]},
        "report-transition": objects["report"] | {"verb": "nop"},
        "report-list": objects["period"],
        "report-source": objects["report"] | {"indicator": "PB02"},
        "consolidation-source": objects["period"] | {"indicator": "PB02"},
        "report-": objects["report"],
        "register-import-undo": {"pk": objects["register_import"]},
        "register-import": {"kind": "co-quan"},
        "period-open": {},
        "period-": objects["period"],
        "board-accept": objects["period"],
        "board": objects["period"],
        "consolidation-versions": objects["period"],
        "consolidation-version": objects["version"],
        "consolidation": objects["period"],
        "summary-period": objects["period"],
        "council-": {"code": objects["council"]},
        "comment-move": {"pk": objects["comment"], "verb": "xong"},
        "membership-end": {"pk": objects["member"]},
        "account-register": {},
        "account-review-end": {"pk": objects["member"]},
        "account-review": {},
        "account-close": {"pk": objects["account"]},
        "person-data": {"pk": objects["account"]},
        "person-erase": {"pk": objects["account"]},
        "account-": {"pk": objects["agency"]},
        "membership-": {"pk": objects["agency"]},
        "agency-": {"pk": objects["agency"]},
        "template-": {"pk": objects["template"]},
        "calendar-feed": {"secret": objects["secret"]},
        "view-": {"pk": objects["view"]},
    }
    bare = {"plan-list", "plan-create", "plan-import", "plan-import-preview", "plan-import-errors", "task-list",
            "activity-list", "activity-create", "activity-export", "activity-import", "activity-import-sample", "form-list", "form-upload", "agency-list", "agency-create", "report-home",
            "board-home", "template-list", "template-builtin", "template-builtin-preview", "template-reset", "view-save"}  # fmt: skip
    if name in bare:
        return {}
    if name == "plan-transition":
        return {"pk": objects["plan"], "verb": "huy"}
    return next((kwargs for prefix, kwargs in named.items() if name.startswith(prefix)), {})

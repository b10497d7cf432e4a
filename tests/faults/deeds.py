"""The work in the middle of which something is killed. Each can be prepared, sent, sent again, and looked at."""

from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Plan, Task
from reports import workflow
from reports.issuing import save_council_report
from reports.models import CouncilReport, Period
from tests.annexes import docx
from tests.faults.site import Visitor
from tests.world import World, fill_in

ROWS = [
    [f"{number}", f"Tuyên truyền pháp luật cho nhóm {number}", "Công an thành phố", "Sở Tư pháp thành phố",
     "Trước ngày 15/11/2024", "Báo cáo", ""]
    for number in range(1, 31)
]  # fmt: skip
REASON = {"reason": "Chốt số liệu theo chỉ đạo của Hội đồng"}


@dataclass
class Stage:
    """The world and the people in it who send forms."""

    world: World
    officer: Visitor
    secretary: Visitor
    colleague: Visitor  # of the officer
    rounds: int = 0
    kept: dict = field(default_factory=dict)

    def next_round(self) -> None:
        """Count, and have everybody sign in anew: a session ends after a quarter of an hour of idleness."""
        self.rounds += 1
        for visitor in (self.officer, self.secretary, self.colleague):
            visitor.sign_in()

    @property
    def period(self) -> Period:
        """Quý II as it stands now."""
        return Period.objects.get(pk=self.world.period.pk)

    def open_period(self) -> None:
        """Have the period open."""
        if self.period.is_locked:
            self.rounds += 1
            reason = f"Rà soát lại số liệu, lần {self.rounds}"  # the database wants another one each time
            workflow.reopen_period(
                period=self.period, by=self.world.people["secretary"], now=self.world.now, reason=reason
            )


class Submit:
    """An agency hands its report in and gets a receipt."""

    name = "submit"

    def prepare(self, stage: Stage) -> None:
        stage.open_period()
        officer, report = stage.world.people["officer_b"], stage.world.report("b")
        if report.state == "submitted":
            workflow.withdraw_report(report=report, by=officer, now=stage.world.now)
        elif not report.receipts.exists():
            fill_in(stage.world, "b", officer)
        self.receipts = stage.world.report("b").receipts.count()

    def form(self, stage: Stage) -> tuple:
        return stage.officer, "/bao-cao/2024-q2/b/nop/", {}, None

    def done(self, stage: Stage) -> bool:
        """Whether it happened; raises when it happened by half or twice."""
        report = stage.world.report("b")
        new = report.receipts.count() - self.receipts
        assert (report.state, new) in {("draft", 0), ("submitted", 1)}, (report.state, new)
        assert (report.submitted_at is not None) == (report.state == "submitted")
        return report.state == "submitted"


class Import:
    """The secretariat imports a plan annex that it has looked at."""

    name = "import"

    def prepare(self, stage: Stage) -> None:
        self.number = f"{stage.rounds:03}/KHPH-STP-LOI"
        content = docx(rows=ROWS)
        answer = stage.secretary.client.post(
            "/ke-hoach/nhap/", {"file": SimpleUploadedFile("phu-luc.docx", content), "number": self.number}
        )
        assert answer.status_code == 302, answer.content.decode()[:3000]
        self.file = answer.url.split("tep=")[1]

    def form(self, stage: Stage) -> tuple:
        return stage.secretary, "/ke-hoach/nhap/xem-truoc/", {"tep": self.file, "viec": "nhap"}, None

    def done(self, stage: Stage) -> bool:
        plans = list(Plan.objects.filter(number=self.number))
        if not plans:
            return False
        (plan,) = plans
        tasks = Task.objects.filter(plan=plan).count()
        stage.kept.setdefault("tasks", tasks)
        assert tasks == stage.kept["tasks"] > 0 and plan.parties.exists()
        return True


class Lock:
    """The secretariat locks the period: its numbers are frozen."""

    name = "lock"

    def prepare(self, stage: Stage) -> None:
        report = stage.world.report("b")
        if report.state == "submitted":
            stage.open_period()
            workflow.withdraw_report(report=report, by=stage.world.people["officer_b"], now=stage.world.now)
        stage.open_period()

    def form(self, stage: Stage) -> tuple:
        return stage.secretary, "/dieu-phoi/2024-q2/khoa/", REASON, None

    def done(self, stage: Stage) -> bool:
        period = stage.period
        assert period.is_locked == (period.frozen is not None) == (period.locked_at is not None)
        return period.is_locked


class Issue:
    """The secretariat issues the council's report: words and numbers are frozen together."""

    name = "issue"

    def prepare(self, stage: Stage) -> None:
        Lock().prepare(stage)
        self.number = f"{100 + stage.rounds}/BC-HĐPH"
        secretary, now = stage.world.people["secretary"], stage.world.now
        self.draft = CouncilReport.objects.filter(period=stage.period, state="draft").first()
        if self.draft is None:
            self.draft = save_council_report(
                period=stage.period, by=secretary, now=now, version=None, narrative={}, signing="vice", addressee="",
                recipients=[],
            )  # fmt: skip
        page = stage.secretary.client.get("/tong-hop/2024-q2/")
        form = page.context["form"]
        self.fields = {name: form[name].value() or "" for name in form.fields}
        self.fields |= {"number": self.number, "issued_on": "10/06/2024", "phat-hanh": "1", **REASON}
        self.fields["adjustment"] = "Điều chỉnh theo số liệu rà soát" if self.draft.edition > 1 else ""

    def form(self, stage: Stage) -> tuple:
        return stage.secretary, "/tong-hop/2024-q2/phat-hanh/", self.fields, None

    def done(self, stage: Stage) -> bool:
        report = CouncilReport.objects.get(pk=self.draft.pk)
        assert (report.state == "issued") == (report.frozen is not None) == (report.number == self.number)
        assert CouncilReport.objects.filter(number=self.number).count() == (report.state == "issued")
        return report.state == "issued"


DEEDS = (Submit, Import, Lock, Issue)

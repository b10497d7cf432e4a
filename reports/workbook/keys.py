"""The hidden sheet of the workbook: which report it is, when it was downloaded, what each cell held then. Signed."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.core import signing
from django.utils import timezone

from agencies.errors import BusinessError, NotAllowed, WrongState
from agencies.permissions import Perm, can
from reports.models import Period, ProgressReport

SHEET = "khoa"
MAGIC = "PBGDPL:TEP-DIEN"
# Raised when the shape of the workbook changes in a way that an older file cannot be read by.
EDITION = 1
_SALT = "reports.workbook"
_PIECE = 30_000  # letters of the payload in one cell
ALL_AGAIN = "Hãy tải tệp mới ở trang báo cáo (“Tải tệp để điền ngoại tuyến”) rồi chép phần đã điền sang."


class WorkbookRefused(BusinessError):
    """The uploaded workbook is not one of this report, or not one that can be trusted any more; nothing was written."""

    status = 422


@dataclass(frozen=True)
class Keys:
    """What the workbook remembers of its download. Digests are of reports.workbook.fields.digest."""

    report: int
    council: str
    agency: str
    agency_name: str
    period: str
    period_name: str
    version: int
    downloaded_at: str  # ISO 8601
    lines: dict[str, list] = field(default_factory=dict)  # line id → [version, {field: digest}]
    figures: dict[str, dict] = field(default_factory=dict)  # code → {field: digest}
    words: dict[str, str] = field(default_factory=dict)  # heading → digest
    edition: int = EDITION

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.downloaded_at)


def pack(keys: Keys) -> list[str]:
    """The cells of the hidden sheet's first column."""
    payload = signing.dumps(asdict(keys), salt=_SALT, compress=True)
    return [MAGIC, str(EDITION), *(payload[at : at + _PIECE] for at in range(0, len(payload), _PIECE))]


def unpack(cells: list[str]) -> Keys:
    """The keys in the cells of the hidden sheet. Raises WorkbookRefused for another edition or changed cells."""
    edition = cells[1].removesuffix(".0") if len(cells) > 1 else ""
    if edition != str(EDITION):
        raise WorkbookRefused(f"Tệp theo mẫu cũ, không còn dùng được (mẫu {edition or '?'}). {ALL_AGAIN}")
    try:
        return Keys(**signing.loads("".join(cells[2:]), salt=_SALT))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise WorkbookRefused(f"Phần khóa ẩn của tệp đã bị sửa hoặc hỏng nên không nạp được. {ALL_AGAIN}") from error


def check_report(keys: Keys, report: ProgressReport) -> None:
    """Refuse, in words, a workbook of another agency or period, and one from before the report was returned."""
    here = (report.agency.council.code, report.agency.code, report.period.code)
    if (keys.council, keys.agency, keys.period) != here:
        raise WorkbookRefused(
            f"Tệp này là của {keys.agency_name}, {keys.period_name}; bạn đang nạp vào báo cáo {report.period} của "
            f"{report.agency.name}. Chưa ghi gì; hãy mở đúng báo cáo hoặc chọn đúng tệp."
        )
    if keys.report != report.pk:
        raise WorkbookRefused(f"Báo cáo của tệp này không còn trên cổng. {ALL_AGAIN}")
    if report.returned_at is not None and report.returned_at > keys.at:
        at = timezone.localtime(report.returned_at)
        raise WorkbookRefused(
            f"Tệp tải về trước khi báo cáo bị trả lại lúc {at:%H:%M %d/%m/%Y} nên là bản cũ. {ALL_AGAIN}"
        )


def check_editable(report: ProgressReport) -> None:
    """Refuse, in words, while the report is not the agency's to edit. The verbs ask again under lock."""
    if report.period.is_locked:
        raise WrongState(f"{report.period} đã khóa nên không điền, không nạp tệp được nữa. Chưa ghi gì.")
    if not report.is_editable:
        raise WrongState(
            f"Báo cáo đang ở trạng thái “{report.get_state_display()}” nên không điền, không nạp tệp được. "
            "Chưa ghi gì; hãy rút lại báo cáo, hoặc đề nghị Thư ký trả lại, rồi làm lại."
        )


def held_for_upload(report: ProgressReport, by) -> ProgressReport:
    """The report, locked for this transaction, its period held open. Raises NotAllowed or WrongState."""
    Period.hold_open(report.period_id)
    reports = ProgressReport.objects.select_related("agency__council", "period__council")
    locked = reports.select_for_update(of=("self",)).get(pk=report.pk)
    if not can(by, Perm.RECORD_PROGRESS, locked.agency):
        raise NotAllowed(f"Chỉ cán bộ đầu mối của {locked.agency} được cập nhật báo cáo này.")
    check_editable(locked)
    return locked

"""Rules of the report as a whole: whose it is, its own words, and the activities behind its figures."""

from collections.abc import Iterator
from datetime import date

from agencies.vietnamese import old_encoding
from reports.models import ProgressReport
from reports.rules.findings import Finding, error, warning
from reports.sheet import Sheet


def agency_exists_in_the_period(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V02: the agency was valid on some day of the period (valid_from ≤ day < valid_to)."""
    agency, period = sheet.report.agency, sheet.report.period
    if agency.valid_from > period.ends_on or (agency.valid_to and agency.valid_to <= period.starts_on):
        message = (
            f"{agency} không tồn tại trong kỳ này ({period.starts_on:%d/%m/%Y} – {period.ends_on:%d/%m/%Y}). Đề nghị "
            "Thư ký giao nhiệm vụ cho cơ quan kế thừa."
        )
        yield error("V02", message, "bao-cao")


def activities_are_counted(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V07: activities of the period that were recorded after hand-in, or of a past period after its own."""
    facts = sheet.facts
    if facts.late:
        message = (
            f"Có {facts.late} hoạt động trong kỳ được ghi sau khi nộp báo cáo, chưa tính vào số liệu đã nộp. Muốn "
            "tính, rút lại báo cáo (hoặc đề nghị Thư ký trả lại) rồi nộp lần nữa."
        )
        yield warning("V07", message, "hoat-dong")
    if facts.lost:
        message = (
            f"Có {facts.lost} hoạt động của kỳ trước ({facts.lost_period}) được ghi sau khi báo cáo kỳ đó đã nộp, nên "
            "chưa tính vào kỳ nào. Hãy báo Thư ký, hoặc nêu trong phần đánh giá."
        )
        yield warning("V07", message, "hoat-dong")


def nothing_is_counted_twice(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V26: activities that another agency's report counts already, for the lead of their task."""
    if sheet.facts.elsewhere:
        message = (
            f"Có {sheet.facts.elsewhere} hoạt động trong kỳ cùng sự kiện với hoạt động của cơ quan khác: chỉ tính một "
            "lần, ở cơ quan chủ trì (hoặc ghi trước). Hãy xem lại danh sách hoạt động."
        )
        yield warning("V26", message, "hoat-dong")


def words_are_in_unicode(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V28: the agency's own words are in Unicode."""
    for name, label in ProgressReport.NARRATIVE.items():
        if old_encoding(getattr(sheet.report, name)):
            message = (
                f"Phần “{label}” có chữ ở bảng mã cũ (TCVN3 hoặc VNI) nên không đọc được. Chuyển văn bản gốc sang "
                "Unicode rồi dán lại."
            )
            yield error("V28", message, f"danh-gia-{name}", name)


REPORT_RULES = (
    agency_exists_in_the_period,
    activities_are_counted,
    nothing_is_counted_twice,
    words_are_in_unicode,
)

"""The council's document of a period: which edition counts, its numbers, and its words where nobody has edited them."""

from datetime import date

from reports.consolidation import consolidate
from reports.drafting import draft_narrative
from reports.issuing import merged_narrative
from reports.models import CouncilReport, Period
from reports.values import Consolidation


def newest_report(period: Period) -> CouncilReport | None:
    """The council's report that counts: the draft in hand, else the last edition issued."""
    return CouncilReport.objects.filter(period=period).order_by("-edition").first()


def default_recipients(period: Period) -> list[str]:
    """To whom a council's report goes when nothing else was typed."""
    return ["Như trên", "Thành viên Hội đồng", f"Ủy ban nhân dân {period.council.short_name} (để báo cáo)"]


def document_parts(period: Period, value: Consolidation, report: CouncilReport | None) -> dict:
    """What the Word file needs beside the numbers: from the report in hand, else drafted from the data."""
    if report is None:
        return {
            "narrative": draft_narrative(value),
            "signing": CouncilReport.Signing.STANDING_VICE_CHAIR.value,
            "signer": "",
            "addressee": f"Ủy ban nhân dân {period.council.short_name}",
            "recipients": default_recipients(period),
            "number": "",
            "issued_on": None,
            "draft": True,
        }
    return {
        "narrative": merged_narrative(report, draft_narrative(value)),
        "signing": report.signing,
        "signer": report.signer_name,
        "addressee": report.addressee,
        "recipients": report.recipients,
        "number": report.number,
        "issued_on": report.issued_on,
        "draft": report.state == CouncilReport.State.DRAFT,
    }


def value_of(period: Period, report: CouncilReport | None, *, as_of: date) -> Consolidation:
    """The numbers to render: frozen with the issued report, else the period's own."""
    if report is not None and report.frozen is not None:
        return Consolidation.from_json(report.frozen)
    return consolidate(period, as_of=as_of)

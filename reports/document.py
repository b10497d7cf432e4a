"""The council's document of a period: which edition counts, its numbers, and its words where nobody has edited them."""

from datetime import date

from reports.consolidation import consolidate
from reports.drafting import Draft, draft_sentences, texts
from reports.edits import headings
from reports.issuing import ADJUSTS, adjustment_of, own_entries, replaced_edition
from reports.models import CouncilReport, Period
from reports.outline import OUTLINE
from reports.values import Consolidation


def newest_report(period: Period) -> CouncilReport | None:
    """The council's report that counts: the draft in hand, else the last edition issued."""
    return CouncilReport.objects.filter(period=period).order_by("-edition").first()


def default_recipients(period: Period) -> list[str]:
    """To whom a council's report goes when nothing else was typed."""
    return ["Như trên", "Thành viên Hội đồng", f"Ủy ban nhân dân {period.council.short_name} (để báo cáo)"]


def document_parts(
    period: Period, value: Consolidation, report: CouncilReport | None, draft: Draft | None = None
) -> dict:
    """What the Word file needs beside the numbers: from the report in hand, else drafted from the data.

    ``draft`` is the draft of ``value`` where the caller has it already.
    """
    if report is not None and report.state == CouncilReport.State.ISSUED:
        narrative = {key: entry["text"] for key, entry in report.narrative.items() if key != ADJUSTS}
        return _parts(report, _opened(narrative, report.narrative.get(ADJUSTS, {}).get("text", "")))
    drafted = draft or draft_sentences(value)
    if report is None:
        return {
            "narrative": texts(drafted),
            "signing": CouncilReport.Signing.STANDING_VICE_CHAIR.value,
            "signer": "",
            "addressee": f"Ủy ban nhân dân {period.council.short_name}",
            "recipients": default_recipients(period),
            "number": "",
            "issued_on": None,
            "draft": True,
        }
    narrative = {key: one.text for key, one in headings(own_entries(report), drafted, value).items()}
    replaced = replaced_edition(report) if report.edition > 1 else None
    return _parts(report, _opened(narrative, adjustment_of(replaced, value, narrative) if replaced else ""))


def _parts(report: CouncilReport, narrative: dict[str, str]) -> dict:
    return {
        "narrative": narrative,
        "signing": report.signing,
        "signer": report.signer_name,
        "addressee": report.addressee,
        "recipients": report.recipients,
        "number": report.number,
        "issued_on": report.issued_on,
        "draft": report.state == CouncilReport.State.DRAFT,
    }


def _opened(narrative: dict[str, str], adjustment: str) -> dict[str, str]:
    """The narrative with what an adjusted edition says of the one it replaces, before everything else."""
    if not adjustment:
        return narrative
    first = next(heading.key for heading in OUTLINE if heading.has_text)
    return narrative | {first: f"{adjustment}\n{narrative.get(first, '')}".strip()}


def value_of(period: Period, report: CouncilReport | None, *, as_of: date) -> Consolidation:
    """The numbers to render: frozen with the issued report, else the period's own."""
    if report is not None and report.frozen is not None:
        return Consolidation.from_json(report.frozen)
    return consolidate(period, as_of=as_of)

"""Receipts: what was handed in, written down in one unambiguous way, and whether it is still the same."""

import hashlib
import json
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Max

from agencies import clock
from reports.models import ProgressReport, Receipt


def content_of(report: ProgressReport) -> dict:
    """Everything that an agency says in a report, as plain data in a fixed order: lines, figures, words, evidence.

    Evidence is named by its SHA-256, so that exchanging a file changes the content too.
    """
    lines = report.lines.select_related("task__plan", "task__section").prefetch_related("evidence")
    figures = report.figures.select_related("indicator").order_by("indicator__code")
    return {
        "agency": report.agency.code,
        "period": report.period.code,
        "nothing_to_report": report.nothing_to_report,
        "lines": [
            {
                "task": line.task_id,
                "plan": line.task.plan.number,
                "number": line.task.place,
                "title": line.task.title,
                "role": line.role,
                "status": line.status,
                "percent": line.percent,
                "completed_on": _day(line.completed_on),
                "result": line.result,
                "difficulty": line.difficulty,
                "proposal": line.proposal,
                "new_expected_on": _day(line.new_expected_on),
                "no_evidence_reason": line.no_evidence_reason,
                "evidence": sorted(file.sha256 for file in line.evidence.all()),
            }
            for line in lines.order_by("task_id", "role")
        ],
        "figures": {
            row.indicator.code: {"value": _number(row.value), "reason": row.reason, "note": row.note} for row in figures
        },
        "words": {name: getattr(report, name) for name in ProgressReport.NARRATIVE},
    }


def _day(value) -> str | None:
    return value.isoformat() if value else None


def _number(value: Decimal | None) -> str | None:
    """One way of writing a number: 12 and 12.000 are the same figure."""
    return None if value is None else f"{value.normalize():f}"


def written(content: dict) -> str:
    """The content as text: JSON, keys in order, UTF-8 letters as they are. The digest is taken of exactly this."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)


def digest_of(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def give_receipt(*, report: ProgressReport, by, now: datetime) -> Receipt:
    """The receipt for a report that leaves its agency. Called inside the verb that hands it in, once per hand-in."""
    council, day = report.agency.council_id, clock.local_day(now)
    with connection.cursor() as cursor:
        # Numbers run without gaps within the council: two hand-ins at once wait for each other here.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('receipt'), %s)", [council])
    last = Receipt.objects.filter(council=council, year=day.year).aggregate(last=Max("serial"))["last"] or 0
    text = written(content_of(report))
    return Receipt.objects.create(
        council_id=council,
        year=day.year,
        serial=last + 1,
        report=report,
        agency_name=report.agency.name,
        period_label=str(report.period),
        handed_in_at=now,
        handed_in_by=by,
        handed_in_by_name=str(by) if by else "Hệ thống",
        content=text,
        digest=digest_of(text),
    )


def is_intact(receipt: Receipt) -> bool:
    """Whether the content kept with the receipt is the one that its digest was taken of."""
    return digest_of(receipt.content) == receipt.digest


def changed_since(receipt: Receipt) -> list[str]:
    """What the report says differently now, in words; nothing when it is what was handed in."""
    then, now = json.loads(receipt.content), content_of(receipt.report)
    changed = []
    before = {(line["task"], line["role"]): line for line in then["lines"]}
    after = {(line["task"], line["role"]): line for line in now["lines"]}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old != new:
            line = new or old
            verb = "thêm" if old is None else "bỏ" if new is None else "sửa"
            changed.append(f"{verb} nhiệm vụ {line['number']} {line['title']}".replace("  ", " "))
    codes = sorted(
        code
        for code in then["figures"].keys() | now["figures"].keys()
        if then["figures"].get(code) != now["figures"].get(code)
    )
    if codes:
        changed.append(f"sửa số liệu {', '.join(codes)}")
    changed += [
        f"sửa phần “{label}”"
        for name, label in ProgressReport.NARRATIVE.items()
        if then["words"].get(name) != now["words"][name]
    ]
    if then["nothing_to_report"] != now["nothing_to_report"]:
        changed.append("đổi lựa chọn “Không phát sinh”")
    return changed

"""The variables of the Word template, filled from the consolidated value: all of it plain text, already written as
officials write it. ``GUIDE`` says what each is for; the page of templates and the checker of templates read it.
"""

from datetime import date
from typing import Any

from reports.charts import Chart, sessions_chart, tasks_chart
from reports.drafting import missing_sentence
from reports.exports.word_annexes import annexes
from reports.exports.word_chart import drawing
from reports.exports.word_issuer import SIGNERS, Issuer, document_number, issuer_of, recipient_lines, signer_name
from reports.outline import OUTLINE
from reports.values import AgencyRow, Consolidation, Counts, PlanRow
from reports.wording import count, day, in_sentence, long_day, printable
from reports.wording import number as digits

_NO_TEXT = "Chưa có nội dung."
_PLANS_NAMED = 6
# The province's name goes on a line of its own.
_PEOPLES_COMMITTEE = "ỦY BAN NHÂN DÂN "
# variable → what it is, and whether a template without it would print a document that lacks something.
GUIDE: dict[str, tuple[str, bool]] = {
    "parent_body": ("cơ quan chủ quản, chữ in hoa", False),
    "issuing_body": ("cơ quan ban hành, chữ in hoa", True),
    "number_line": ("“Số: …/BC-…”, để trống số khi là dự thảo", True),
    "draft": ("có giá trị khi là dự thảo; dùng với {%p if draft %}", False),
    "place": ("địa danh", False),
    "date_line": ("“ngày … tháng … năm …”", True),
    "subject": ("trích yếu nội dung", True),
    "addressee": ("tên cơ quan nhận (Kính gửi)", False),
    "opening": ("câu mở đầu: thực hiện các kế hoạch nào", False),
    "headings": ("danh sách đề mục; mỗi mục có number, title, level, key, paragraphs (mỗi đoạn có text, keep)", True),
    "agencies": ("danh sách cơ quan chủ trì; name, tasks, done, on_track, due_soon, overdue, suspended", False),
    "totals": ("tổng cộng theo tình trạng: tasks, done, on_track, due_soon, overdue, suspended", False),
    "state_note": ("ghi chú dưới bảng nhiệm vụ", False),
    "charts": ("biểu đồ: charts.education, charts.tasks; mỗi biểu đồ có caption và drawing", False),
    "recipients": ("danh sách nơi nhận, đã có gạch đầu dòng và dấu", True),
    "signer_titles": ("các dòng quyền hạn, chức vụ người ký", True),
    "signer_name": ("họ tên người ký", True),
    "annex_line": ("“(Kèm theo Báo cáo số … )”", False),
    "annexes": (
        "phụ lục: annexes.education, annexes.mediation, annexes.tasks; number, title, rows, note, blocks",
        False,
    ),
    "label": ("tên kỳ, ví dụ Quý II/2024", False),
    "previous_label": ("tên kỳ trước", False),
    "last_year_label": ("tên kỳ cùng kỳ năm trước", False),
    "tasks_note": ("ghi chú dưới phụ lục nhiệm vụ", False),
    "guide": ("luôn trống: phần hướng dẫn trong tệp mẫu không in ra", False),
}


def report_charts(value: Consolidation) -> dict[str, Chart]:
    """The charts that the report carries, in the order in which they are numbered."""
    found = {"education": sessions_chart(value), "tasks": tasks_chart(value)}
    return {key: chart for key, chart in found.items() if chart is not None}


def report_context(
    value: Consolidation,
    *,
    narrative: dict[str, str],
    signing: str,
    signer: str,
    addressee: str,
    recipients: list[str],
    number: str,
    issued_on: date | None,
    draft: bool,
) -> dict[str, Any]:
    """Every variable of GUIDE. Raises ValueError for an unknown kind of signing."""
    council, period = value.council, value.period
    issuer = issuer_of(council, signing)
    full_number = document_number(number, issuer.code)
    following = in_sentence(period.next_label)
    subject = (
        "Kết quả thực hiện công tác phối hợp phổ biến, giáo dục pháp luật, hòa giải ở cơ sở "
        + in_sentence(period.long_label)
        + (f" và phương hướng, nhiệm vụ {following}" if following else "")
    )
    date_line = long_day(issued_on, max(value.as_of, period.ends_on).year)
    titled = addressee.strip().rstrip(".;")
    return {
        "parent_body": _parent(council.parent_body),
        "issuing_body": issuer.heading,
        "number_line": f"Số: {full_number}",
        "draft": draft,
        "place": council.place,
        "date_line": date_line,
        "subject": subject,
        "addressee": titled,
        "opening": _opening(value, issuer),
        "headings": _headings(narrative),
        "agencies": [{"name": row.name, **_counts(row.counts)} for row in _shown_agencies(value)],
        "totals": _counts(value.totals),
        "state_note": _state_note(value),
        "charts": _charts(value),
        "recipients": recipient_lines(recipients, bool(titled), issuer.archive),
        "signer_titles": list(SIGNERS[signing]),
        "signer_name": signer_name(council, signing, signer),
        "annex_line": f"(Kèm theo Báo cáo số {full_number} {date_line}\ncủa {issuer.name})",
        "annexes": annexes(value),
        "label": period.label,
        "previous_label": period.previous_label,
        "last_year_label": period.last_year_label,
        "tasks_note": f"Ghi chú: Tình trạng tính đến ngày {day(value.as_of)}. {missing_sentence(value)}".strip(),
        "guide": False,
    }


def _parent(name: str) -> str:
    upper = " ".join(name.upper().split())
    return upper.replace(_PEOPLES_COMMITTEE, f"{_PEOPLES_COMMITTEE.strip()}\n", 1)


def _opening(value: Consolidation, issuer: Issuer) -> str:
    """'Thực hiện Kế hoạch số …, … báo cáo kết quả … như sau:', from the plans whose number is known; '' without any."""
    named = [_plan(plan) for plan in value.plans if plan.number]
    if not named:
        return ""
    if len(named) < len(value.plans) or len(named) > _PLANS_NAMED:
        carried = f"{count(len(value.plans))} kế hoạch phối hợp đang thực hiện (chi tiết tại Phụ lục III)"
    else:
        carried = "; ".join(named)
    period = in_sentence(value.period.long_label)
    return f"Thực hiện {carried}, {issuer.name} báo cáo kết quả {period} như sau:"


def _plan(plan: PlanRow) -> str:
    kind = "Chương trình" if plan.title.casefold().startswith("chương trình") else "Kế hoạch"
    return f"{kind} số {plan.number}" + (f" ngày {day(plan.signed_on)}" if plan.signed_on else "")


def _headings(narrative: dict[str, str]) -> list[dict[str, Any]]:
    headings = []
    for heading in OUTLINE:
        texts = [line.strip() for line in printable(narrative.get(heading.key, "")).split("\n")]
        texts = [text for text in texts if text] or [_NO_TEXT] if heading.has_text else []
        headings.append(
            {
                "key": heading.key,
                "number": heading.number,
                "title": heading.title,
                "level": heading.level,
                "paragraphs": [{"text": text, "keep": False} for text in texts],
            }
        )
    if headings[-1]["paragraphs"]:
        headings[-1]["paragraphs"][-1]["keep"] = True  # the signature does not stand alone on a page
    return headings


def _charts(value: Consolidation) -> dict[str, Any]:
    placed: dict[str, Any] = {"education": None, "tasks": None}
    for at, (key, chart) in enumerate(report_charts(value).items(), 1):
        placed[key] = {"caption": f"Biểu đồ {at}. {chart.title}\n(Đơn vị tính: {chart.unit})"}
        placed[key]["drawing"] = drawing(key, chart)
    return placed


def _counts(counts: Counts) -> dict[str, str]:
    return {name: digits(many) for name, many in vars(counts).items()}


def _shown_agencies(value: Consolidation) -> list[AgencyRow]:
    return [row for row in value.agencies if row.counts != Counts() or row.report_state != "none"]


def _state_note(value: Consolidation) -> str:
    note = f"Ghi chú: Tính đến ngày {day(value.as_of)}; tổng số không gồm nhiệm vụ tạm dừng."
    return f"{note} {missing_sentence(value)}".strip()

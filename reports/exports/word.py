"""The council's report as a Word file by NĐ 30/2020/NĐ-CP, Phụ lục I (domain.md §4).

The template is code and is rendered in a sandbox; what people typed comes out letter by letter, Jinja or XML signs
included.
"""

import io
import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from agencies.vietnamese import fold_words
from campaigns.catalogue import STANDING_AGENCY_GROUPS
from reports.drafting import missing_sentence, settlement_rates
from reports.exports import word_template as layout
from reports.exports.word_parts import fit
from reports.outline import OUTLINE
from reports.values import AgencyRow, Consolidation, Counts, IndicatorRow, TaskRow
from reports.wording import count, day, growth, in_sentence, long_day, percent, printable, signed_percent
from reports.wording import number as digits

ISSUING_BODY = "HỘI ĐỒNG PHỐI HỢP PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT"
DOCUMENT_CODE = "BC-HĐPH"
# Who signs, under "TM. HỘI ĐỒNG"; a deputy signs for the head, "KT." (NĐ 30/2020/NĐ-CP Điều 13; seal rule,
# QĐ 21/2021/QĐ-TTg Điều 6, 7.2: the standing agency is the Sở Tư pháp).
SIGNERS = {
    "chair": ("CHỦ TỊCH",),
    "vice": ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH THƯỜNG TRỰC", "GIÁM ĐỐC SỞ TƯ PHÁP"),
}
AGENCIES_PER_TABLE = 8
_FIGURE_WIDTHS = [14, 80, 26, 26, 26, 27, 26, 27]
_PREVIOUS_COLUMNS = (4, 5)
_SMALL = re.compile(r"^\d$")
# Academic ranks and degrees are not written before the name of the signer (NĐ 30/2020, Phụ lục I).
_ACADEMIC = re.compile(
    r"^((GS|PGS|TSKH|TS|ThS|CN|Giáo sư|Phó Giáo sư|Tiến sĩ|Thạc sĩ|Cử nhân)\b[.,]?\s*)+", re.IGNORECASE
)
# The province's name goes on a line of its own.
_PEOPLES_COMMITTEE = re.compile(r"^(ỦY BAN NHÂN DÂN) +")
_LEGEND = " Dấu “—”: chưa có số liệu hoặc không tính được tỷ lệ; số 0: không phát sinh."
_NO_TEXT = "Chưa có nội dung."


def word_report(
    value: Consolidation,
    *,
    narrative: dict[str, str],
    signing: str,
    addressee: str,
    recipients: list[str],
    number: str = "",
    issued_on: date | None = None,
    draft: bool = True,
) -> bytes:
    """The report as .docx bytes.

    ``narrative``: key of OUTLINE → paragraphs separated by line feeds. ``signing``: "chair" or "vice". ``number``: as
    the clerk (văn thư) gave it, "15" or "15/BC-HĐPH"; without it, and without ``issued_on``, room is left to write
    them in. ``draft`` marks the file "DỰ THẢO". Raises ValueError for another kind of signing.
    """
    if signing not in SIGNERS:
        raise ValueError(f"Không có cách ký “{signing}”: chỉ có {', '.join(SIGNERS)}.")
    template = DocxTemplate(io.BytesIO(layout.council_report_template()))
    context = _context(value, narrative, signing, addressee, recipients, number, issued_on, draft)
    template.render(context, _environment())
    document = template.docx
    for table in document.tables:
        _fit(table, value)
    properties = document.core_properties
    properties.title = printable(f"Báo cáo {context['subject']}")[:255]
    properties.author = properties.last_modified_by = printable(value.council.name)[:255]
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = datetime(value.as_of.year, value.as_of.month, value.as_of.day)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_literal)


def _literal(value: Any) -> Markup:
    """Text that reaches the page as it was typed: no control characters, XML signs escaped.

    Braces go as character references, because docxtpl turns "{_{" into "{{" after rendering.
    """
    text = escape(printable(value))
    return Markup(str(text).replace("{", "&#123;").replace("}", "&#125;"))


def _context(value, narrative, signing, addressee, recipients, number, issued_on, draft) -> dict[str, Any]:
    council, period = value.council, value.period
    year = max(value.as_of, period.ends_on).year
    full_number = document_number(number)
    following = in_sentence(period.next_label)
    subject = (
        "Kết quả thực hiện công tác phối hợp phổ biến, giáo dục pháp luật, hòa giải ở cơ sở "
        + in_sentence(period.long_label)
        + (f" và phương hướng, nhiệm vụ {following}" if following else "")
    )
    date_line = long_day(issued_on, year)
    name = council.chair_name if signing == "chair" else council.standing_vice_chair_name
    titled = addressee.strip().rstrip(".;")
    return {
        "parent_body": _PEOPLES_COMMITTEE.sub("\\1\n", council.parent_body.upper()),
        "issuing_body": ISSUING_BODY,
        "number_line": f"Số: {full_number}",
        "draft": draft,
        "place": council.place,
        "date_line": date_line,
        "subject": subject,
        "addressee": titled,
        "headings": _headings(narrative),
        "agencies": [{"name": row.name, **_counts(row.counts)} for row in _shown_agencies(value)],
        "totals": _counts(value.totals),
        "state_note": _state_note(value),
        "recipients": recipient_lines(recipients, bool(titled)),
        "signer_titles": SIGNERS[signing],
        "signer_name": _ACADEMIC.sub("", name.strip()),
        "annex_line": f"(Kèm theo Báo cáo số {full_number} {date_line}\ncủa {council.name})",
        "annexes": _annexes(value),
        "label": period.label,
        "previous_label": period.previous_label,
        "last_year_label": period.last_year_label,
        "tasks_note": f"Ghi chú: Tình trạng tính đến ngày {day(value.as_of)}. {missing_sentence(value)}".strip(),
    }


def document_number(given: str) -> str:
    """'15' → '15/BC-HĐPH', '5' → '05/BC-HĐPH'; a full number stays; nothing given leaves room for the clerk."""
    text = printable(given).strip().removeprefix("Số:").strip()
    figure, slash, code = text.partition("/")
    figure = figure.strip()
    figure = f"0{figure}" if _SMALL.match(figure) else figure
    return f"{figure or '       '}/{code.strip() if slash and code.strip() else DOCUMENT_CODE}"


def recipient_lines(recipients: Iterable[str], addressed: bool) -> list[str]:
    """The lines under 'Nơi nhận': '- Như trên;' first when somebody is addressed, '- Lưu: VT, HĐPH.' last."""
    names = [name.strip().lstrip("-–").strip().rstrip(".;").strip() for name in recipients]
    kept = [name for name in names if name and not fold_words(name).startswith(("luu vt", "nhu tren"))]
    archive = next((name for name in names if fold_words(name).startswith("luu vt")), "Lưu: VT, HĐPH")
    first = ["Như trên"] if addressed else []
    return [*(f"- {name};" for name in [*first, *kept]), f"- {archive}."]


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


def _counts(counts: Counts) -> dict[str, str]:
    return {name: digits(many) for name, many in vars(counts).items()}


def _shown_agencies(value: Consolidation) -> list[AgencyRow]:
    return [row for row in value.agencies if row.counts != Counts() or row.report_state != "none"]


def _state_note(value: Consolidation) -> str:
    note = f"Ghi chú: Tính đến ngày {day(value.as_of)}; tổng số không gồm nhiệm vụ tạm dừng."
    return f"{note} {missing_sentence(value)}".strip()


def _scope(value: Consolidation) -> str:
    told = f"{count(len(value.accepted))}/{count(len(value.reporting))}"
    scope = f"Ghi chú: Số liệu tổng hợp từ báo cáo đã tiếp nhận của {told} cơ quan, đơn vị."
    return f"{scope} {missing_sentence(value)}".strip()


def _annexes(value: Consolidation) -> dict[str, Any]:
    period = in_sentence(value.period.long_label).upper()
    mediation = [row for row in value.indicators if row.group in STANDING_AGENCY_GROUPS]
    education = [row for row in value.indicators if row.group not in STANDING_AGENCY_GROUPS]
    of_decided, of_received = settlement_rates(value)
    rates = (
        f" Tỷ lệ hòa giải thành: {percent(of_decided)} (hòa giải thành ÷ (hòa giải thành + hòa giải không thành)); "
        f"{percent(of_received)} (hòa giải thành ÷ tổng số vụ việc tiếp nhận)."
    )
    return {
        "education": _figures("Phụ lục I", f"SỐ LIỆU PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT {period}", education, value),
        "mediation": _figures("Phụ lục II", f"SỐ LIỆU HÒA GIẢI Ở CƠ SỞ {period}", mediation, value, rates),
        "tasks": {
            "number": "Phụ lục III",
            "title": f"TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ {period}",
            "rows": _task_rows(value) or [{"heading": True, "name": "Không có nhiệm vụ trong kỳ."}],
        },
    }


def _figures(
    title_number: str, title: str, rows: Sequence[IndicatorRow], value: Consolidation, remark: str = ""
) -> dict[str, Any]:
    lines: list[dict[str, Any]] = []
    group, index = None, 0
    for row in rows:
        if row.group != group:
            group, index = row.group, 0
            lines.append({"heading": True, "name": row.group})
        index += not row.parent
        lines.append(
            {
                "heading": False,
                "index": "" if row.parent else index,
                "name": _indented(row, rows),
                "unit": row.unit,
                "value": digits(row.value, row.decimals),
                "previous": digits(row.previous, row.decimals),
                "change": signed_percent(growth(row.value, row.previous)),
                "last_year": digits(row.last_year, row.decimals),
                "change_year": signed_percent(growth(row.value, row.last_year)),
            }
        )
    return {
        "number": title_number,
        "title": title,
        "rows": lines or [{"heading": True, "name": "Chưa có số liệu."}],
        "note": _scope(value) + _sole_source(rows, value) + remark + _LEGEND,
        "blocks": _blocks(rows, value),
    }


def _indented(row: IndicatorRow, rows: Sequence[IndicatorRow]) -> str:
    if not row.parent:
        return row.name
    deeper = any(other.code == row.parent and other.parent for other in rows)
    return f"{'+' if deeper else '-'} {row.name}"


def _sole_source(rows: Sequence[IndicatorRow], value: Consolidation) -> str:
    """A sentence instead of a table by agency, when one agency alone reported all the figures."""
    sources = {figure.agency for row in rows for figure in row.by_agency}
    names = [agency.name for agency in value.agencies if agency.code in sources]
    return f" Toàn bộ số liệu do {names[0]} báo cáo." if len(names) == 1 else ""


def _blocks(rows: Sequence[IndicatorRow], value: Consolidation) -> list[dict[str, Any]]:
    """The figures by agency, the agencies that reported any spread evenly over tables narrow enough for the page."""
    reported = [row for row in rows if row.by_agency]
    with_figures = {figure.agency for row in reported for figure in row.by_agency}
    agencies = [agency for agency in value.agencies if agency.code in with_figures]
    if len(agencies) < 2:
        return []
    many = math.ceil(len(agencies) / AGENCIES_PER_TABLE)
    size = math.ceil(len(agencies) / many)
    blocks = []
    for part in range(many):
        chosen = agencies[part * size : (part + 1) * size]
        blocks.append(
            {
                "part": f" (phần {part + 1}/{many})" if many > 1 else "",
                "agencies": [{"name": agency.short_name or agency.name} for agency in chosen],
                "rows": [
                    {
                        "name": _indented(row, rows),
                        "unit": row.unit,
                        "figures": [digits(row.of(agency.code), row.decimals) for agency in chosen],
                        "total": digits(row.value, row.decimals),
                    }
                    for row in reported
                ],
            }
        )
    return blocks


def _task_rows(value: Consolidation) -> list[dict[str, Any]]:
    plans = {plan.id: plan for plan in value.plans}
    names = {agency.code: agency.short_name or agency.name for agency in value.agencies}
    rows: list[dict[str, Any]] = []
    current, section = None, ""
    for task in value.tasks:
        if task.plan != current:
            current, plan = task.plan, plans.get(task.plan)
            rows.append({"heading": True, "name": _plan_name(plan) if plan else task.plan_number})
            section = ""
        if task.section and task.section != section:
            # The annex keeps its headings: "1." under "II." is not "1." under "I.".
            section = task.section
            rows.append({"heading": True, "name": section})
        rows.append(
            {
                "heading": False,
                "number": task.number,
                "title": task.title,
                "lead": task.lead_name or names.get(task.lead, task.lead),
                "supporting": "; ".join(task.supporting_names),
                "timing": task.timing_text or day(task.due_on),
                "state": task.state_label,
                "percent": digits(task.percent),
                "result": _result(task),
                "reason": _reason(task),
            }
        )
    return rows


def _plan_name(plan) -> str:
    signed = f"ngày {day(plan.signed_on)}" if plan.signed_on else ""
    sources = ", ".join(filter(None, (f"số {plan.number}" if plan.number else "", signed)))
    return f"{plan.title} ({sources})" if sources else plan.title


def _result(task: TaskRow) -> str:
    lines = [task.result.strip()] if task.result.strip() else []
    if task.completed_on:
        lines.append(f"Hoàn thành ngày {day(task.completed_on)}.")
    if not task.reported:
        lines.append("(Chưa có báo cáo kỳ này được tiếp nhận.)")
    return "\n".join(lines)


def _reason(task: TaskRow) -> str:
    lines = [task.difficulty.strip()] if task.difficulty.strip() else []
    if task.state == "overdue" and not lines:
        lines.append("Đơn vị chưa nêu lý do.")
    if task.new_expected_on:
        lines.append(f"Dự kiến hoàn thành ngày {day(task.new_expected_on)}.")
    return "\n".join(lines)


def _fit(table, value: Consolidation) -> None:
    """Widths of the tables whose columns come from the data; no column for a previous period equal to last year's."""
    described = table._tbl.tblPr.xpath("./w:tblDescription/@w:val")
    if described == [layout.FIGURES_TABLE]:
        widths = list(_FIGURE_WIDTHS)
        if value.period.previous_label == value.period.last_year_label:
            _drop_columns(table, _PREVIOUS_COLUMNS)
            widths = [width for at, width in enumerate(widths) if at not in _PREVIOUS_COLUMNS]
            widths[1] += layout.LANDSCAPE_WIDTH - sum(widths)
        fit(table, widths)
    elif described == [layout.MATRIX_TABLE]:
        agencies = len(table._tbl.tr_lst[0].tc_lst) - 3
        each = min(30, (layout.LANDSCAPE_WIDTH - 62 - 26 - 22) / agencies)
        fit(table, [layout.LANDSCAPE_WIDTH - 48 - each * agencies, 26, *[each] * agencies, 22])


def _drop_columns(table, columns: Sequence[int]) -> None:
    width = len(_FIGURE_WIDTHS)
    grid = table._tbl.tblGrid
    for at in sorted(columns, reverse=True):
        grid.remove(grid.gridCol_lst[at])
        for row in table._tbl.tr_lst:
            if len(row.tc_lst) > 1:
                row.remove(row.tc_lst[at])
    for row in table._tbl.tr_lst:
        if row.tc_lst[0].grid_span == width:
            row.tc_lst[0].grid_span = width - len(columns)

"""II.6–7: the standard of access to law, and the tasks of the coordination plans, agency by agency."""

import re
from collections import defaultdict

from agencies.vietnamese import fold
from reports.drafting.sentences import Sentence
from reports.values import ACCEPTED, AgencyRow, Consolidation, Counts, TaskRow
from reports.wording import count, day, listed, one_line, percent, ratio

# Quotation marks inside quotation marks.
_INNER_QUOTES = str.maketrans("“”", "‘’")
_ACCESS = re.compile(r"tiep can phap luat|\btcpl\b")
# Overdue tasks that a paragraph names; of more the annex tells. A province would name thousands of them in one heading.
NAMED = 5
# Headings of an agency's report in which it tells what was done.
_DEEDS = ("direction", "highlights")


def standards(value: Consolidation) -> list[Sentence]:
    """Heading II.6: what the agencies say of communes that meet the standard of access to law; no figure is kept.

    Taken from the results of tasks about it and from lines of the agencies' words that name it.
    """
    sentences = []
    for task in value.tasks:
        if task.result and _ACCESS.search(fold(f"{task.title} {task.result}")):
            text = f"{task.lead_name}: {one_line(task.result)}"
            sentences.append(Sentence(f"nhiem-vu:{task.id}", text, tasks=(task.id,), agencies=(task.lead,), opens=True))
    for words in value.words:
        lines = [line for line in words.text.splitlines() if _ACCESS.search(fold(line))]
        if words.heading in _DEEDS and lines:
            key = f"loi:{words.agency}:{words.heading}:{words.period_label}"
            text = f"{words.agency_name}: {one_line(chr(10).join(lines))}"
            sentences.append(Sentence(key, text, words=(words,), opens=True))
    if sentences:
        opening = "Kết quả xây dựng cấp xã đạt chuẩn tiếp cận pháp luật do các cơ quan, đơn vị báo cáo:"
        return [Sentence("mo-dau", opening, agencies=_codes(value.accepted), opens=True), *sentences]
    nothing = "Chưa có số liệu về cấp xã đạt chuẩn tiếp cận pháp luật trong kỳ."
    if value.accepted:
        nothing = f"{nothing[:-1]}; báo cáo của các cơ quan, đơn vị chưa nêu nội dung này."
    return [Sentence("mo-dau", nothing, agencies=_codes(value.accepted), opens=True)]


def plans(value: Consolidation) -> list[Sentence]:
    """Heading II.7: totals, then each agency's tasks with the reasons of what is late."""
    totals, every = value.totals, tuple(task.id for task in value.tasks)
    if not totals.tasks and not totals.suspended:
        nothing = "Trong kỳ không có nhiệm vụ nào của các kế hoạch phối hợp đến kỳ thực hiện."
        return [Sentence("tong-so", nothing, tasks=every, opens=True)]
    head = f"Tính đến ngày {day(value.as_of)}, {count(len(value.plans))} kế hoạch phối hợp có "
    if totals.tasks:
        head += f"{count(totals.tasks)} nhiệm vụ được theo dõi trong kỳ: {_states(totals)}"
        head += f" (tỷ lệ hoàn thành {percent(ratio(totals.done, totals.tasks))})."
        if totals.suspended:
            head += f" Ngoài ra, có {count(totals.suspended)} nhiệm vụ tạm dừng."
    else:
        head += f"{count(totals.suspended)} nhiệm vụ, đều đang tạm dừng."
    head += " Kết quả cụ thể theo từng cơ quan, đơn vị chủ trì như sau:"
    sentences = [Sentence("tong-so", head, tasks=every, opens=True)]
    led = defaultdict(list)
    for task in value.tasks:
        led[task.lead].append(task)
    for agency in value.agencies:
        if agency.counts != Counts() or agency.report_state != "none":
            text, own = _agency_paragraph(agency, led[agency.code]), tuple(task.id for task in led[agency.code])
            key = f"co-quan:{agency.code}"
            sentences.append(Sentence(key, text, tasks=own, agencies=(agency.code,), opens=True))
    return sentences


def _codes(agencies: tuple[AgencyRow, ...]) -> tuple[str, ...]:
    return tuple(agency.code for agency in agencies)


def _states(counts: Counts) -> str:
    """'hoàn thành 05, đúng tiến độ 04, …': only the states that occur."""
    many = [
        (counts.done, "hoàn thành"),
        (counts.on_track, "đúng tiến độ"),
        (counts.due_soon, "sắp đến hạn"),
        (counts.overdue, "quá hạn"),
    ]
    return ", ".join(f"{words} {count(number)}" for number, words in many if number)


def _agency_paragraph(agency: AgencyRow, led: list[TaskRow]) -> str:
    counts = agency.counts
    behind = [task for task in led if task.state == "overdue"]
    late = [_late(task) for task in behind[:NAMED]]
    if len(behind) > NAMED:
        late.append(f"và {count(len(behind) - NAMED)} nhiệm vụ quá hạn khác (Phụ lục III)")
    if counts.tasks:
        named = f" nhiệm vụ: {'; '.join(late)}" if late and counts.overdue else ""  # the overdue ones are told last
        text = f"{agency.name} chủ trì {count(counts.tasks)} nhiệm vụ: {_states(counts)}{named}."
        if counts.suspended:
            text += f" Tạm dừng {count(counts.suspended)} nhiệm vụ."
    elif counts.suspended:
        text = f"{agency.name} chủ trì {count(counts.suspended)} nhiệm vụ, đang tạm dừng."
    else:
        text = f"{agency.name} không chủ trì nhiệm vụ nào đang thực hiện trong kỳ."
    if agency.report_state not in ("none", *ACCEPTED):
        which = listed(agency.missing_parts) or "kỳ này"
        text += f" Cơ quan, đơn vị chưa có báo cáo {which} được tiếp nhận."
    return text


def _late(task: TaskRow) -> str:
    """'“Rà soát, …” (mục II.2 Kế hoạch số 01/KHPH, hạn 31/05/2024, lý do: …; dự kiến hoàn thành ngày …)'."""
    reason = " ".join(task.difficulty.split()).rstrip(".;")
    place = f"mục {task.place.rstrip('.')}" if task.place else ""
    if place and task.plan_number:
        place += f" Kế hoạch số {task.plan_number}"
    due = f"hạn {day(task.due_on)}" if task.due_on else ""
    told = ", ".join(filter(None, (place, due, f"lý do: {reason}" if reason else "đơn vị chưa nêu lý do")))
    later = f"; dự kiến hoàn thành ngày {day(task.new_expected_on)}" if task.new_expected_on else ""
    title = " ".join(task.title.split()).rstrip(".;").translate(_INNER_QUOTES)
    return f"“{title}” ({told}{later})"

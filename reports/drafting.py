"""A first draft of the council's report, written from the consolidated value alone.

Only what the data says: a figure that nobody reported is named as missing or its clause is left out, a figure of 0 is
said to be none, and a rate states the formula behind it (rule V17). The secretariat edits the text afterwards.
"""

from decimal import Decimal

from reports.outline import OUTLINE
from reports.rates import SETTLED_OF_DECIDED, SETTLED_OF_RECEIVED
from reports.values import AgencyRow, Consolidation, Counts, IndicatorRow, TaskRow
from reports.wording import count, day, growth, listed, one_line, percent, ratio, rounded

# Heading of the outline → the agencies' own words that stand under it, how they are introduced, and what is said
# when the accepted reports hold none.
_WORDS = {
    "direction": (
        "direction",
        "Công tác chỉ đạo, triển khai của các cơ quan, đơn vị trong kỳ như sau:",
        "Báo cáo của các cơ quan, đơn vị chưa nêu công tác chỉ đạo, triển khai.",
    ),
    "strengths": (
        "highlights",
        "Kết quả nổi bật, mô hình hay do các cơ quan, đơn vị báo cáo:",
        "Báo cáo của các cơ quan, đơn vị chưa nêu kết quả nổi bật, mô hình hay.",
    ),
    "difficulties": (
        "difficulties",
        "Các cơ quan, đơn vị nêu hạn chế, khó khăn sau:",
        "Báo cáo của các cơ quan, đơn vị chưa nêu hạn chế, khó khăn.",
    ),
    "causes": (
        "causes",
        "Nguyên nhân do các cơ quan, đơn vị xác định:",
        "Báo cáo của các cơ quan, đơn vị chưa nêu nguyên nhân.",
    ),
    "next_steps": (
        "next_steps",
        "Trong {next}, các cơ quan, đơn vị tập trung thực hiện các nhiệm vụ sau:",
        "Báo cáo của các cơ quan, đơn vị chưa nêu phương hướng, nhiệm vụ kỳ tới.",
    ),
    "proposals": (
        "proposals",
        "Các cơ quan, đơn vị có kiến nghị, đề xuất như sau:",
        "Báo cáo của các cơ quan, đơn vị không nêu kiến nghị, đề xuất.",
    ),
}


# Quotation marks inside quotation marks.
_INNER_QUOTES = str.maketrans("“”", "‘’")


def draft_narrative(value: Consolidation) -> dict[str, str]:
    """First draft of every heading that has text: key of OUTLINE → paragraphs separated by a line feed."""
    written = {
        "education": _education,
        "contests": _contests,
        "materials": _materials,
        "people": _people,
        "mediation": _mediation,
        "plans": _plans,
        "budget": _budget,
    }
    draft = {}
    for heading in OUTLINE:
        if heading.has_text:
            write = written.get(heading.key)
            paragraphs = write(value) if write else _own_words(value, heading.key)
            draft[heading.key] = "\n".join(paragraphs)
    return draft


def missing_sentence(value: Consolidation) -> str:
    """'Chưa có báo cáo của: A; B.', the agencies whose report has not been accepted; '' when all have been."""
    return f"Chưa có báo cáo của: {'; '.join(row.name for row in value.missing)}." if value.missing else ""


def partial_sentence(value: Consolidation) -> str:
    """Why nothing is compared with earlier periods; '' when all reports have been accepted, or none has been."""
    if not value.missing or not value.accepted:
        return ""
    told = f"{count(len(value.accepted))}/{count(len(value.reporting))}"
    return f"Số liệu được tổng hợp từ {told} báo cáo đã tiếp nhận nên chưa so sánh với kỳ trước."


def settlement_rates(value: Consolidation) -> tuple[Decimal | None, Decimal | None]:
    """Successful mediations in percent of (successful + unsuccessful), and of all cases received (domain.md §2.4.4)."""
    figures = {code: _value(value, code) for code in ("HG15", "HG19", "HG11")}
    return SETTLED_OF_DECIDED.of(figures).value, SETTLED_OF_RECEIVED.of(figures).value


def _value(value: Consolidation, code: str) -> Decimal | None:
    row = value.indicator(code)
    return row.value if row else None


def _phrase(value: Consolidation, code: str, noun: str) -> str:
    """'05 cuộc thi'; '' when nobody reported the figure."""
    row = value.indicator(code)
    return "" if row is None or row.value is None else f"{count(row.value, row.decimals)} {noun}"


def _parts(value: Consolidation, parts: list[tuple[str, str]], unit: str = "") -> str:
    """' (trong đó: nữ 1.200 lượt người, …)' from (code, words) pairs; parts that are 0 or unknown are left out."""
    named = []
    for code, words in parts:
        row = value.indicator(code)
        if row is not None and row.value:
            named.append(f"{words} {count(row.value, row.decimals)} {unit}".strip())
    return f" (trong đó: {', '.join(named)})" if named else ""


def _compared(value: Consolidation, parts: list[tuple[str, str]]) -> str:
    """' So với Quý I/2024, số cuộc tăng 12,5%; so với cùng kỳ năm trước (Quý II/2023), …' for (code, subject) pairs.

    '' while reports are missing: part of the figures against all of an earlier period would tell of a false decline.
    """
    if value.missing:
        return ""
    period = value.period
    same_year = f"cùng kỳ năm trước ({period.last_year_label})"
    versus = [(period.previous_label, "previous", "kỳ trước"), (same_year, "last_year", "cùng kỳ")]
    if period.previous_label == period.last_year_label:
        versus = versus[1:]
    clauses = []
    for name, field, equal in versus:
        changes = []
        for code, subject in parts:
            row = value.indicator(code)
            if row and (change := _change(row, getattr(row, field), equal)):
                changes.append(f"{subject} {change}")
        if changes:
            clauses.append(f"so với {name}, {listed(changes)}")
    return f" S{'; '.join(clauses)[1:]}." if clauses else ""


def _change(row: IndicatorRow, before: Decimal | None, equal: str) -> str:
    """'tăng 12,5%', 'bằng kỳ trước'; from 0 the difference itself, for then there is no rate (rule V17)."""
    if row.value is None or before is None:
        return ""
    if row.value == before:
        return f"bằng {equal}"
    way = "tăng" if row.value > before else "giảm"
    if not before:
        return f"{way} {count(row.value - before, row.decimals)} {row.unit.lower()}"
    change = abs(growth(row.value, before))
    return f"{way} {percent(change) if rounded(change, 1) else 'dưới 0,1%'}"


def _leaders(row: IndicatorRow, value: Consolidation, unit: str) -> str:
    """The agencies with the largest figures, at most three, when more than one agency has any."""
    top = sorted((figure for figure in row.by_agency if figure.value), key=lambda figure: -figure.value)
    if len(top) < 2:
        return ""
    names = {agency.code: agency.name for agency in value.agencies}
    told = [f"{names.get(figure.agency, figure.agency)} ({count(figure.value)} {unit})" for figure in top[:3]]
    return f"Các cơ quan, đơn vị có số cuộc nhiều nhất: {', '.join(told)}."


def _education(value: Consolidation) -> list[str]:
    return [*_education_results(value), *filter(None, [partial_sentence(value)])]


def _education_results(value: Consolidation) -> list[str]:
    period, row = value.period, value.indicator("PB01")
    if row is None or row.value is None:
        people = _phrase(value, "PB02", "lượt người")
        lack = f"Chưa có số liệu về số cuộc phổ biến, giáo dục pháp luật trực tiếp trong {period.label}"
        return [f"{lack}; số lượt người tham dự được báo cáo là {people}." if people else f"{lack}."]
    if not row.value:
        return [
            f"Trong {period.label}, các cơ quan, đơn vị không tổ chức cuộc phổ biến, giáo dục pháp luật trực tiếp nào."
            + _compared(value, [("PB01", "số cuộc")])
        ]
    people = _phrase(value, "PB02", "lượt người tham dự")
    paragraphs = [
        f"Trong {period.label} (từ ngày {day(period.starts_on)} đến ngày {day(period.ends_on)}), các cơ "
        f"quan, đơn vị đã tổ chức {count(row.value)} cuộc phổ biến, giáo dục pháp luật trực tiếp"
        + (f" với {people}" if people else "")
        + _parts(value, [("PB02n", "nữ"), ("PB02d", "người dân tộc thiểu số")], "lượt người")
        + "."
        + _compared(value, [("PB01", "số cuộc"), ("PB02", "số lượt người tham dự")])
    ]
    if leaders := _leaders(row, value, "cuộc"):
        paragraphs.append(leaders)
    return paragraphs


def _contests(value: Consolidation) -> list[str]:
    contests, people = _value(value, "PB03"), _phrase(value, "PB04", "lượt người dự thi")
    if contests is None:
        lack = "Chưa có số liệu về cuộc thi tìm hiểu pháp luật trong kỳ"
        return [f"{lack}; số người dự thi được báo cáo là {people}." if people else f"{lack}."]
    compared = _compared(value, [("PB03", "số cuộc thi"), ("PB04", "số lượt người dự thi")])
    if not contests:
        return [f"Trong kỳ, các cơ quan, đơn vị không tổ chức cuộc thi tìm hiểu pháp luật nào.{compared}"]
    joined = f", thu hút {people}" if people else ""
    return [f"Các cơ quan, đơn vị đã tổ chức {count(contests)} cuộc thi tìm hiểu pháp luật{joined}.{compared}"]


def _materials(value: Consolidation) -> list[str]:
    languages = [("PB05a", "tiếng Việt"), ("PB05b", "tiếng dân tộc thiểu số"), ("PB05c", "ngôn ngữ khác")]
    kinds = [
        ("PB05", "phát hành", "bản tài liệu miễn phí"),
        ("PB05i", "đăng tải", "tài liệu trên Internet"),
        ("PB07", "đăng", "tin, bài về pháp luật"),
        ("PB06", "phát sóng", "lần chương trình pháp luật"),
    ]
    done, none = [], []
    for code, verb, noun in kinds:
        if _value(value, code):
            detail = _parts(value, languages, "bản") if code == "PB05" else ""
            done.append(f"{verb} {_phrase(value, code, noun)}{detail}")
        elif _value(value, code) is not None:
            none.append(f"{verb} {noun}")
    if not done and not none:
        return ["Chưa có số liệu về tài liệu, tin, bài và phát sóng chương trình pháp luật trong kỳ."]
    subjects = [("PB05", "số bản tài liệu"), ("PB07", "số tin, bài"), ("PB06", "số lần phát sóng")]
    told = [f"đã {'; '.join(done)}"] if done else []
    told += [f"không {listed(none, ' hoặc ')}"] if none else []
    return [f"Trong kỳ, các cơ quan, đơn vị {'; '.join(told)}.{_compared(value, subjects)}"]


def _people(value: Consolidation) -> list[str]:
    paragraphs, staff = [], []
    for code, part, noun in (("PB08", "PB08a", "báo cáo viên"), ("PB09", "PB09a", "tuyên truyền viên")):
        if told := _phrase(value, code, f"{noun} pháp luật"):
            active = _phrase(value, part, "người tham gia phổ biến trực tiếp")
            staff.append(told + (f" (trong đó {active})" if active else ""))
    end = day(value.period.ends_on)
    if staff:
        paragraphs.append(f"Tính đến ngày {end}, đội ngũ có {listed(staff)}.")
    else:
        paragraphs.append("Chưa có số liệu về đội ngũ báo cáo viên, tuyên truyền viên pháp luật.")
    classes = _value(value, "TH01")
    if classes is None:
        paragraphs.append("Chưa có số liệu về tập huấn, bồi dưỡng trong kỳ.")
    elif not classes:
        paragraphs.append("Trong kỳ, các cơ quan, đơn vị không tổ chức lớp tập huấn, bồi dưỡng nào.")
    else:
        people = _phrase(value, "TH02", "lượt người")
        paragraphs.append(
            f"Các cơ quan, đơn vị đã tổ chức {count(classes)} lớp tập huấn, bồi dưỡng"
            + (f" cho {people}" if people else "")
            + _parts(value, [("TH03", "hòa giải viên")], "lượt người")
            + "."
            + _compared(value, [("TH01", "số lớp"), ("TH02", "số lượt người được tập huấn")])
        )
    return paragraphs


def _mediation(value: Consolidation) -> list[str]:
    paragraphs = []
    teams, mediators = _phrase(value, "HG01", "tổ hòa giải"), _phrase(value, "HG02", "hòa giải viên")
    if teams or mediators:
        detail = [
            ("HG03", "nam"),
            ("HG04", "nữ"),
            ("HG07", "dân tộc thiểu số"),
            ("HG05", "có trình độ chuyên môn Luật"),
        ]
        bodies = listed(filter(None, (teams, mediators)))
        trained = _phrase(value, "HG08", "hòa giải viên được bồi dưỡng chuyên môn, nghiệp vụ")
        paragraphs.append(
            f"Tính đến ngày {day(value.period.ends_on)}, toàn địa bàn có {bodies}"
            + (_parts(value, detail, "người") if mediators else "")
            + (f"; {trained}" if trained else "")
            + "."
        )
    else:
        paragraphs.append("Chưa có số liệu về tổ hòa giải, hòa giải viên.")
    received = _value(value, "HG11")
    if received is None:
        paragraphs.append("Chưa có số liệu về vụ việc hòa giải trong kỳ.")
        return paragraphs
    if not received:
        paragraphs.append("Trong kỳ, các tổ hòa giải không tiếp nhận vụ việc nào.")
        return paragraphs
    scopes = [("HG12", "tranh chấp dân sự"), ("HG13", "hôn nhân và gia đình"), ("HG14", "mâu thuẫn, xích mích, khác")]
    results = [
        ("HG15", "hòa giải thành"),
        ("HG19", "hòa giải không thành"),
        ("HG20", "chưa giải quyết"),
        ("HG21", "đang giải quyết"),
    ]
    told = [f"{words} {_phrase(value, code, 'vụ việc')}" for code, words in results if _value(value, code)]
    none = [f"không có vụ việc {words}" for code, words in results if _value(value, code) == 0]
    paragraphs.append(
        f"Trong kỳ, các tổ hòa giải tiếp nhận {count(received)} vụ việc{_parts(value, scopes, 'vụ việc')}."
        + (f" Kết quả: {', '.join(told + none)}." if told + none else "")
        + _compared(value, [("HG11", "số vụ việc tiếp nhận"), ("HG15", "số vụ việc hòa giải thành")])
    )
    if _value(value, "HG15") is not None:
        of_decided, of_received = settlement_rates(value)
        paragraphs.append(
            f"Tỷ lệ hòa giải thành là {percent(of_decided)} theo công thức: hòa giải thành ÷ (hòa giải thành + hòa "
            f"giải không thành); là {percent(of_received)} theo công thức: hòa giải thành ÷ tổng số vụ việc tiếp nhận."
        )
    return paragraphs


def _budget(value: Consolidation) -> list[str]:
    total = _value(value, "PB10")
    if total is None:
        return ["Chưa có số liệu về kinh phí trong kỳ."]
    if not total:
        return ["Trong kỳ, các cơ quan, đơn vị báo cáo không phát sinh kinh phí."]
    sources = [
        ("PB10a", "ngân sách nhà nước cấp thường xuyên"),
        ("PB10b", "ngân sách theo chương trình, đề án"),
        ("PB10c", "nguồn hỗ trợ khác"),
    ]
    return [
        f"Tổng kinh phí thực hiện trong kỳ là {_phrase(value, 'PB10', 'triệu đồng')}"
        + _parts(value, sources, "triệu đồng")
        + f".{_compared(value, [('PB10', 'tổng kinh phí')])}"
    ]


def _states(counts: Counts) -> str:
    """'hoàn thành 05, đúng tiến độ 04, …': only the states that occur."""
    told = [
        (counts.done, "hoàn thành"),
        (counts.on_track, "đúng tiến độ"),
        (counts.due_soon, "sắp đến hạn"),
        (counts.overdue, "quá hạn"),
    ]
    return ", ".join(f"{words} {count(many)}" for many, words in told if many)


def _plans(value: Consolidation) -> list[str]:
    totals = value.totals
    if not totals.tasks and not totals.suspended:
        return ["Trong kỳ không có nhiệm vụ nào của các kế hoạch phối hợp đến kỳ thực hiện."]
    suspended = f" Ngoài ra, có {count(totals.suspended)} nhiệm vụ tạm dừng." if totals.suspended else ""
    rate = percent(ratio(totals.done, totals.tasks))
    paragraphs = [
        f"Tính đến ngày {day(value.as_of)}, {count(len(value.plans))} kế hoạch phối hợp có "
        f"{count(totals.tasks)} nhiệm vụ được theo dõi trong kỳ"
        + (f": {_states(totals)} (tỷ lệ hoàn thành {rate})" if totals.tasks else "")
        + f".{suspended} Kết quả cụ thể theo từng cơ quan, đơn vị chủ trì như sau:"
    ]
    for agency in value.agencies:
        if agency.counts != Counts() or agency in value.reporting:
            paragraphs.append(_agency_paragraph(agency, value))
    return paragraphs


def _agency_paragraph(agency: AgencyRow, value: Consolidation) -> str:
    counts = agency.counts
    late = [_late(task) for task in value.tasks if task.lead == agency.code and task.state == "overdue"]
    if counts.tasks:
        named = f" nhiệm vụ: {'; '.join(late)}" if late and counts.overdue else ""  # the overdue ones are told last
        text = f"{agency.name} chủ trì {count(counts.tasks)} nhiệm vụ: {_states(counts)}{named}."
    else:
        text = f"{agency.name} không chủ trì nhiệm vụ nào đang thực hiện trong kỳ."
    if counts.suspended:
        text += f" Tạm dừng {count(counts.suspended)} nhiệm vụ."
    if agency in value.missing:
        text += " Cơ quan, đơn vị chưa có báo cáo kỳ này được tiếp nhận."
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


def _own_words(value: Consolidation, key: str) -> list[str]:
    field, opening, nothing = _WORDS[key]
    lines = []
    for words in value.words_under(field):
        if told := one_line(words.text):
            lines.append(f"{words.agency_name}: {told}")
    if lines:
        lines.insert(0, opening.format(next=value.period.next_label or "kỳ tới"))
    elif value.accepted:
        lines = [nothing]
    else:
        lines = ["Chưa có báo cáo nào của cơ quan, đơn vị được tiếp nhận."]
    if key == "direction" and value.accepted:
        told = f"{count(len(value.accepted))}/{count(len(value.reporting))}"
        scope = f"Số liệu trong báo cáo này được tổng hợp từ báo cáo đã tiếp nhận của {told} cơ quan, đơn vị."
        lines.append(f"{scope} {missing_sentence(value)}".strip())
    elif key == "direction" and value.missing:
        lines.append(missing_sentence(value))
    return lines

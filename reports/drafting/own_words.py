"""I, III, IV, V: the agencies' own words, each under the name of the agency that wrote them."""

from decimal import Decimal

from reports.drafting.sentences import Sentence
from reports.values import Consolidation, Words
from reports.wording import count, growth, in_text, listed, one_line

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
# What was still to come in an earlier quarter is past when a longer period is reported: the last word counts.
_LAST_WORD_COUNTS = {"next_steps"}


def missing_sentence(value: Consolidation) -> str:
    """'Chưa có báo cáo của: A; B.', the agencies whose report has not been accepted; '' when all have been."""
    names = (f"{row.name} ({listed(row.missing_parts)})" if row.missing_parts else row.name for row in value.missing)
    return f"Chưa có báo cáo của: {'; '.join(names)}." if value.missing else ""


def partial_sentence(value: Consolidation) -> str:
    """Why nothing is compared with earlier periods; '' when all reports have been accepted, or none has been."""
    if not value.missing:
        return ""
    if value.period.part_labels:
        if not value.accepted and all(row.value is None for row in value.indicators):
            return ""
        many = count(len(value.missing))
        return f"Còn thiếu báo cáo quý của {many} cơ quan, đơn vị nên số liệu chưa so sánh với kỳ trước."
    if not value.accepted:
        return ""
    told = f"{count(len(value.accepted))}/{count(len(value.reporting))}"
    return f"Số liệu được tổng hợp từ {told} báo cáo đã tiếp nhận nên chưa so sánh với kỳ trước."


def change(value: Consolidation, now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """By how many percent a figure differs from an earlier one, for a table; None while reports are missing.

    Part of the figures against all of an earlier period would tell a false decline (``partial_sentence`` says so).
    """
    return None if value.missing else growth(now, before)


def own_words(value: Consolidation, key: str) -> list[Sentence]:
    """The sentences of one heading of ``_WORDS``: how they are introduced, then an agency a paragraph."""
    field, opening, nothing = _WORDS[key]
    accepted = tuple(row.code for row in value.accepted)
    sentences = [
        sentence
        for agency in _by_agency(value.words_under(field))
        for sentence in _agency_words(agency[-1:] if key in _LAST_WORD_COUNTS else agency)
    ]
    if sentences:
        coming = in_text(value.period.next_label) or "kỳ tới"
        sentences.insert(0, Sentence("mo-dau", opening.format(next=coming), agencies=accepted, opens=True))
    elif accepted:
        sentences = [Sentence("mo-dau", nothing, agencies=accepted, opens=True)]
    else:
        none = "Chưa có báo cáo nào của cơ quan, đơn vị được tiếp nhận."
        sentences = [Sentence("mo-dau", none, agencies=tuple(row.code for row in value.reporting), opens=True)]
    return sentences + (_scope(value) if key == "direction" else [])


def _by_agency(words: tuple[Words, ...]) -> list[list[Words]]:
    """The words of each agency together, agencies in the order in which they first speak."""
    found: dict[str, list[Words]] = {}
    for one in words:
        if one_line(one.text):
            found.setdefault(one.agency, []).append(one)
    return list(found.values())


def _agency_words(words: list[Words]) -> list[Sentence]:
    """One agency's words, its name said once; quarters are named when there are several, repeated words said once."""
    texts: dict[str, list[Words]] = {}
    for one in words:
        texts.setdefault(one_line(one.text), []).append(one)
    sentences = []
    for text, said in texts.items():
        quarters = [one.period_label for one in said if one.period_label] if len(words) > 1 else []
        name = "" if sentences else f"{said[0].agency_name}: "
        when = f"({listed(dict.fromkeys(quarters))}) " if quarters and len(texts) > 1 else ""
        key = f"loi:{said[0].agency}" + (f":{said[0].period_label or len(sentences)}" if sentences else "")
        sentences.append(Sentence(key, f"{name}{when}{text}", words=tuple(said), opens=not sentences))
    return sentences


def _scope(value: Consolidation) -> list[Sentence]:
    """Whose reports the numbers come from, and whose are missing: said once, in the first heading."""
    sentences = []
    if value.accepted:
        told = f"{count(len(value.accepted))}/{count(len(value.reporting))}"
        text = f"Số liệu trong báo cáo này được tổng hợp từ báo cáo đã tiếp nhận của {told} cơ quan, đơn vị."
        if value.period.part_labels:
            text = (
                f"Số liệu trong báo cáo này được cộng từ báo cáo {listed(value.period.part_labels)} đã tiếp nhận; "
                f"{told} cơ quan, đơn vị đã có đủ báo cáo."
            )
        codes = tuple(row.code for row in value.accepted)
        sentences.append(Sentence("pham-vi", text, agencies=codes, opens=True))
    if value.missing:
        codes = tuple(row.code for row in value.missing)
        sentences.append(Sentence("con-thieu", missing_sentence(value), agencies=codes, opens=not sentences))
    for place, note in enumerate(value.notes, 1):
        sentences.append(Sentence(f"luu-y:{place}", " ".join(note.split()), opens=not sentences))
    return sentences

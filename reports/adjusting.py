"""What an adjusted edition (bản điều chỉnh) says of the report it replaces, in words (domain.md §8.2 P0-6, V24)."""

from datetime import date

from reports.differences import heading_differences
from reports.values import Consolidation
from reports.wording import NO_FIGURE, listed, long_day
from reports.wording import number as digits

# So many figures are named one by one; the annexes hold them all.
_NAMED = 12


def cited(number: str) -> str:
    """The number as another document cites it: '15' → '15/BC-HĐPH', '5' → '05/BC-HĐPH'; a full number stays."""
    figure, slash, code = number.partition("/")
    return f"{figure.zfill(2)}/{code}" if slash else f"{figure.zfill(2)}/BC-HĐPH"


def replacement_sentence(number: str, issued_on: date, council: str) -> str:
    """'Báo cáo này điều chỉnh, thay thế Báo cáo số 15/BC-HĐPH ngày 20 tháng 6 năm 2024 của Hội đồng …'."""
    return f"Báo cáo này điều chỉnh, thay thế Báo cáo số {cited(number)} {long_day(issued_on, 0)} của {council}."


def changed_figures(before: Consolidation, after: Consolidation) -> list[str]:
    """'số cuộc … từ 69 thành 75 cuộc' of every indicator whose total differs, in catalogue order."""
    told = []
    for row in after.indicators:
        old = before.indicator(row.code)
        was = old.value if old else None
        if was != row.value:
            name = row.name[:1].lower() + row.name[1:]
            told.append(f"{name} từ {_figure(was, row)} thành {_figure(row.value, row)}")
    return told


def _figure(value, row) -> str:
    if value is None:
        return f"chưa có số liệu ({NO_FIGURE})"
    return f"{digits(value, row.decimals)} {row.unit.lower()}"


def adjustment_paragraph(
    *,
    number: str,
    issued_on: date,
    before: Consolidation,
    after: Consolidation,
    texts_before: dict[str, str],
    texts_after: dict[str, str],
    reason: str,
) -> str:
    """The paragraph that opens an adjusted edition: what it replaces, why, which figures and headings differ."""
    sentences = [replacement_sentence(number, issued_on, after.council.name)]
    if reason:
        sentences.append(f"Lý do điều chỉnh: {' '.join(reason.split()).rstrip('.;')}.")
    figures = changed_figures(before, after)
    if figures:
        more = f"; và {len(figures) - _NAMED} chỉ tiêu khác" if len(figures) > _NAMED else ""
        sentences.append(f"Số liệu điều chỉnh: {'; '.join(figures[:_NAMED])}{more}.")
    else:
        sentences.append("Số liệu không thay đổi.")
    if places := [one.place for one in heading_differences(texts_before, texts_after)]:
        sentences.append(f"Lời văn điều chỉnh tại mục {listed(places)}.")
    return " ".join(sentences)

"""II.5: mediation at the grassroots: teams and mediators, cases, the rate with its formula."""

from decimal import Decimal

from reports.drafting.phrases import Notes, amount, lacking, moment, parts, phrase, told
from reports.drafting.sentences import Sentence
from reports.rates import SETTLED_OF_DECIDED, SETTLED_OF_RECEIVED
from reports.values import Consolidation
from reports.wording import count, listed, percent

_SCOPES = [("HG12", "tranh chấp dân sự"), ("HG13", "hôn nhân và gia đình"), ("HG14", "mâu thuẫn, xích mích, khác")]
_RESULTS = [
    ("HG15", "hòa giải thành"),
    ("HG19", "hòa giải không thành"),
    ("HG20", "chưa giải quyết"),
    ("HG21", "đang giải quyết"),
]


def settlement_rates(value: Consolidation) -> tuple[Decimal | None, Decimal | None]:
    """Successful mediations in percent of (successful + unsuccessful), and of all cases received (domain.md §2.4.4)."""
    figures = {code: amount(value, code) for code in ("HG15", "HG19", "HG11")}
    return SETTLED_OF_DECIDED.of(figures).value, SETTLED_OF_RECEIVED.of(figures).value


def mediation(value: Consolidation) -> list[Sentence]:
    """Heading II.5."""
    notes = Notes()
    return [*_teams(value), *_cases(value, notes), *notes.sentences(("HG11", "HG15"))]


def _teams(value: Consolidation) -> list[Sentence]:
    teams, mediators = phrase(value, "HG01", "tổ hòa giải"), phrase(value, "HG02", "hòa giải viên")
    detail = [
        ("HG03", "nam"),
        ("HG04", "nữ"),
        ("HG07", "dân tộc thiểu số"),
        ("HG05", "có trình độ chuyên môn Luật"),
    ]
    codes = ["HG01", "HG02", *(code for code, _ in detail), "HG08"]
    if not teams and not mediators:
        return told(value, "to-hoa-giai", lacking(value, "tổ hòa giải, hòa giải viên"), figures=codes)
    trained = phrase(value, "HG08", "hòa giải viên được bồi dưỡng chuyên môn, nghiệp vụ")
    text = (
        f"{moment(value)}, toàn địa bàn có {listed(filter(None, (teams, mediators)))}"
        + (parts(value, detail, "người") if mediators else "")
        + (f"; {trained}" if trained else "")
        + "."
    )
    return told(value, "to-hoa-giai", text, figures=codes)


def _cases(value: Consolidation, notes: Notes) -> list[Sentence]:
    received = amount(value, "HG11")
    codes = ["HG11", *(code for code, _ in _SCOPES), *(code for code, _ in _RESULTS)]
    if received is None:
        return told(value, "vu-viec", "Chưa có số liệu về vụ việc hòa giải trong kỳ.", figures=codes)
    compared = [("HG11", "số vụ việc tiếp nhận"), ("HG15", "số vụ việc hòa giải thành")]
    if not received:
        text = "Trong kỳ, các tổ hòa giải không tiếp nhận vụ việc nào."
        return told(value, "vu-viec", text, figures=codes, compared=compared[:1], notes=notes)
    some = [f"{words} {phrase(value, code, 'vụ việc')}" for code, words in _RESULTS if amount(value, code)]
    none = [words for code, words in _RESULTS if amount(value, code) == 0]
    if none:
        some.append(f"không có vụ việc {listed(none, ' hoặc ')}")
    text = f"Trong kỳ, các tổ hòa giải tiếp nhận {count(received)} vụ việc{parts(value, _SCOPES, 'vụ việc')}." + (
        f" Kết quả: {', '.join(some)}." if some else ""
    )
    return told(value, "vu-viec", text, figures=codes, compared=compared, notes=notes) + _rate(value)


def _rate(value: Consolidation) -> list[Sentence]:
    if amount(value, "HG15") is None:
        return []
    told_rates = ["chưa tính được" if rate is None else f"là {percent(rate)}" for rate in settlement_rates(value)]
    text = (
        f"Tỷ lệ hòa giải thành {told_rates[0]} theo công thức: hòa giải thành ÷ (hòa giải thành + hòa giải không "
        f"thành); {told_rates[1]} theo công thức: hòa giải thành ÷ tổng số vụ việc tiếp nhận."
    )
    return told(value, "ty-le", text, figures=["HG15", "HG19", "HG11"])

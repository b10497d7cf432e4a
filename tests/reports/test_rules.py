"""Each submission rule: what it finds, where it points, and what it leaves alone."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from reports.facts import ActivityFacts
from reports.models import ProgressReport
from reports.rules import RULES, check
from reports.rules.register import BY_ID
from reports.sheet import FigureRow, Sheet

TODAY = date(2024, 6, 10)


class Indicator(SimpleNamespace):
    def __str__(self):
        return f"{self.name} ({self.code})"


def figure(code, value, previous=None, nature="flow", decimals=0, **more):
    indicator = Indicator(code=code, name=f"Chỉ tiêu {code}", nature=nature, decimals=decimals)
    numbers = {"value": value, "previous": previous} | {k: more.pop(k) for k in ("computed", "mean") if k in more}
    exact = {name: None if number is None else Decimal(str(number)) for name, number in numbers.items()}
    return FigureRow(**({"computed": None} | exact), figure=SimpleNamespace(indicator=indicator), **more)


def line(**values):
    plain = {"pk": 1, "is_lead": True, "is_filled": True, "status": "in_progress", "percent": 50, "result": "Đã làm",
             "difficulty": "", "new_expected_on": None, "due_on": None, "no_evidence_reason": "", "task": SimpleNamespace(place="1.", title="Việc"),
             "proposal": "", "completed_on": None}  # fmt: skip
    files = values.pop("files", [])
    return SimpleNamespace(**(plain | values), evidence=SimpleNamespace(all=lambda: files))


def sheet(*, lines=(), nothing=False, figures=(), facts=None, valid=(date(2004, 1, 1), None), **words):
    period = SimpleNamespace(starts_on=date(2024, 3, 15), ends_on=date(2024, 6, 14))
    agency = SimpleNamespace(valid_from=valid[0], valid_to=valid[1])
    texts = dict.fromkeys(ProgressReport.NARRATIVE, "") | words
    report = SimpleNamespace(nothing_to_report=nothing, period=period, agency=agency, **texts)
    return Sheet(report, list(lines), list(figures), facts=facts or ActivityFacts())


def found(page: Sheet):
    return [(finding.rule, finding.severity) for finding in check(page, TODAY)]


LATE = {"due_on": date(2024, 5, 15)}
REASON, LATER = {"difficulty": "Thiếu kinh phí"}, {"new_expected_on": date(2024, 7, 1)}
DONE = {"status": "done", "percent": 100, "files": ["tệp"]}
# As TCVN3 and VNI look when read as Unicode.
TCVN3 = "C«ng an tØnh tæ chøc tuyªn truyÒn ph¸p luËt cho häc sinh"
VNI = "Coâng an tænh ñaõ toå chöùc tuyeân truyeàn phaùp luaät"
LINES = [
    (line(), []),
    (line(is_filled=False), [("C01", "error")]),
    (line(is_filled=False, is_lead=False, status=""), []),
    (line(**DONE), []),
    (line(status="done", percent=100, no_evidence_reason="Không lập biên bản"), []),
    (line(status="done", percent=100), [("V21", "error")]),
    (line(status="done", percent=100, result=""), [("V21", "error"), ("V21", "error")]),
    (line(**LATE), [("V21", "error")]),
    (line(**LATE, **REASON), [("V21", "error")]),
    (line(**LATE, **REASON, **LATER), []),
    (line(**LATE, difficulty="Bận", **LATER), [("V23", "error")]),
    (line(**LATE, **DONE, difficulty="Bận", **LATER), []),
    (line(**LATE, status="on_hold"), [("V23", "error")]),
    (line(**LATE, status="on_hold", **REASON), []),
    (line(status="on_hold", difficulty="Chờ  ý"), [("V23", "error")]),
    (line(due_on=TODAY), []),
    (line(percent=0), [("V22", "error")]),
    (line(percent=None), [("V22", "error")]),
    (line(percent=100), [("V22", "error")]),
    (line(**(DONE | {"percent": 90})), [("V22", "error")]),
    (line(status="not_started", percent=10), [("V22", "error")]),
    (line(status="not_started", percent=0), []),
    (line(status="on_hold", percent=100, **REASON), [("V22", "error")]),
    (line(**DONE, completed_on=date(2024, 6, 1)), []),
    (line(**DONE, completed_on=date(2024, 6, 11)), [("V07", "error")]),
    (line(**DONE, completed_on=date(2024, 3, 14)), [("V07", "warning")]),
    (line(result=TCVN3), [("V28", "error")]),
    (line(is_lead=False, status="", percent=None, proposal=VNI), [("V28", "error")]),
]


@pytest.mark.parametrize(("row", "expected"), LINES)
def test_rules_of_a_line(row, expected):
    assert found(sheet(lines=[row])) == expected


def test_nothing_to_report_needs_no_lines_but_contradicts_figures():
    assert found(sheet(lines=[line(is_filled=False)], nothing=True, figures=[figure("PB01", 0)])) == []
    assert found(sheet(nothing=True, figures=[figure("PB01", 3)])) == [("V08", "error")]
    assert found(sheet(nothing=True, figures=[figure("PB08", 3, nature="stock")])) == []


FIGURES = [
    ({"PB01": None}, [("V08", "error")]),
    ({"PB01": 0, "PB02": 0}, []),
    ({"PB01": 1.5, "PB02": 9}, [("V09", "error")]),
    ({"PB01": -1}, [("V09", "error")]),
    ({"PB05": 10, "PB05a": 6, "PB05b": 4, "PB05c": 0}, []),
    ({"PB05": 10, "PB05a": 6, "PB05b": 3, "PB05c": 0}, [("V10", "error")]),
    ({"PB05": 8, "PB05a": 6, "PB05b": 3, "PB05c": 0}, [("V10", "error")]),
    ({"PB05": 10, "PB05i": 10}, []),
    ({"PB05": 10, "PB05i": 11}, [("V10", "error")]),
    ({"PB10": 3, "PB10a": 1, "PB10b": 1, "PB10c": 1}, []),
    ({"PB10": 3, "PB10a": 1, "PB10b": 1, "PB10c": 2}, [("V11", "error")]),
    ({"PB08": 4, "PB08a": 5}, [("V12", "error")]),
    ({"PB09": 4, "PB09a": 5}, [("V12", "error")]),
    ({"PB02": 4, "PB02n": 5}, [("V12", "error")]),
    ({"PB02": 4, "PB02d": 5}, [("V12", "error")]),
    ({"TH02": 4, "TH03": 5}, [("V12", "error")]),
    ({"PB01": 0, "PB02": 3}, [("V13", "error")]),
    ({"PB01": 5, "PB02": 3}, [("V13", "warning")]),
    ({"PB01": 5, "PB02": 5}, []),
    ({"PB03": 0, "PB04": 3}, [("V13", "error")]),
    ({"TH01": 0, "TH02": 3}, [("V13", "error")]),
    ({"HG02": 9, "HG03": 4, "HG04": 5, "HG05": 1, "HG06": 8}, []),
    ({"HG02": 9, "HG03": 4, "HG04": 4}, [("V14", "error")]),
    ({"HG02": 9, "HG05": 4, "HG06": 4}, [("V14", "error")]),
    ({"HG02": 9, "HG07": 10}, [("V14", "error")]),
    ({"HG02": 9, "HG08": 10}, [("V14", "error")]),
    ({"HG01": 3, "HG02": 8}, [("V15", "warning")]),
    ({"HG01": 3, "HG02": 9, "HG04": 2}, [("V15", "warning")]),
    ({"HG01": 3, "HG02": 9, "HG04": 3}, []),
    ({"HG11": 6, "HG12": 1, "HG13": 2, "HG14": 3}, []),
    ({"HG11": 7, "HG12": 1, "HG13": 2, "HG14": 3}, [("V16", "error")]),
    ({"HG11": 6, "HG15": 1, "HG19": 2, "HG20": 1, "HG21": 1}, [("V16", "error")]),
    ({"HG15": 6, "HG16": 1, "HG17": 2, "HG18": 2}, [("V16", "error")]),
    ({"HG12": 1, "HG16": 2}, [("V16", "error")]),
    ({"HG13": 1, "HG17": 2}, [("V16", "error")]),
    ({"HG14": 1, "HG18": 2}, [("V16", "error")]),
    ({"DA01": 2, "DA01a": 3}, [("V12", "error")]),
    ({"HG01": 2, "DA02": 3}, [("V14", "error")]),
    ({"HG02": 6, "HG03": 3, "HG04": 3, "DA04": 6}, []),
    ({"HG15": 2, "DA05": 4, "DA05a": 3}, [("V16", "error")]),
]


@pytest.mark.parametrize(("values", "expected"), FIGURES)
def test_rules_of_figures(values, expected):
    assert found(sheet(figures=[figure(code, value) for code, value in values.items()])) == expected


def test_money_has_one_decimal():
    assert found(sheet(figures=[figure("PB10", "12.5", decimals=1)])) == []
    assert found(sheet(figures=[figure("PB10", "12.55", decimals=1)])) == [("V09", "error")]


def test_a_sum_says_by_how_much_it_is_off():
    values = {"PB10": 12, "PB10a": 10, "PB10b": 1, "PB10c": 0}
    [finding] = check(sheet(figures=[figure(code, value) for code, value in values.items()]), TODAY)
    assert "hơn 1 so với tổng PB10a + PB10b + PB10c là 11" in finding.message and finding.anchor == "so-lieu-PB10"


JUMPS = [
    (figure("PB01", 31, previous=10), [("V20", "warning")]),
    (figure("PB01", 30, previous=10), []),
    (figure("PB01", 30, previous=0), []),
    # five times the mean of two periods or more, whatever the last one was
    (figure("PB01", 51, previous=0, mean=10, periods=2), [("V20", "warning")]),
    (figure("PB01", 50, previous=0, mean=10, periods=2), []),
    (figure("PB01", 51, previous=0, mean=10, periods=1), []),
    (figure("TH01", 2, previous=0, mean="0.25", periods=4), []),  # it hardly ever happens
    (figure("PB01", 51, previous=20, mean=10, periods=4), [("V20", "warning")]),
    (figure("PB01", 90, previous=10, mean=10, periods=4), [("V20", "warning")]),  # told once
    (figure("PB08", 7, previous=10, nature="stock"), [("V19", "warning")]),
    (figure("PB08", 8, previous=10, nature="stock"), []),
    (figure("PB08", 31, previous=10, nature="stock"), [("V20", "warning")]),
    (figure("PB01", 1, previous=10), []),  # a flow may fall
]


@pytest.mark.parametrize(("row", "expected"), JUMPS)
def test_jumps(row, expected):
    assert found(sheet(figures=[row])) == expected


@pytest.mark.parametrize(
    "row", [figure("PB01", 31, previous=10), figure("PB08", 7, previous=10, nature="stock")], ids=["V20", "V19"]
)
def test_a_note_answers_a_jump_and_goes_last(row):
    [open_one] = check(sheet(figures=[row]), TODAY)
    assert not open_one.is_answered and "giải trình" in open_one.message
    answered = replace(row, note="Có hội thi toàn quốc")
    other = figure("PB03", 40, previous=10)
    findings = check(sheet(figures=[answered, other]), TODAY)
    assert [(finding.anchor, finding.note) for finding in findings] == [
        ("so-lieu-PB03", ""),
        (f"so-lieu-{row.code}", "Có hội thi toàn quốc"),
    ]


def test_a_hand_correction_says_why():
    row = figure("PB03", 14, computed=12, corrected=True)
    assert found(sheet(figures=[row])) == [("C02", "error")]
    assert found(sheet(figures=[replace(row, reason="Thiếu hai cuộc ở xã")])) == []


WHOLE = [
    ({}, []),
    ({"valid": (date(2024, 6, 15), None)}, [("V02", "error")]),
    ({"valid": (date(2024, 6, 14), None)}, []),
    ({"valid": (date(2004, 1, 1), date(2024, 3, 15))}, [("V02", "error")]),
    ({"valid": (date(2004, 1, 1), date(2024, 3, 16))}, []),
    ({"facts": ActivityFacts(late=2)}, [("V07", "warning")]),
    ({"facts": ActivityFacts(lost=1, lost_period="Quý I/2024")}, [("V07", "warning")]),
    ({"facts": ActivityFacts(elsewhere=3)}, [("V26", "warning")]),
    ({"causes": TCVN3}, [("V28", "error")]),
    ({"highlights": VNI}, [("V28", "error")]),
    ({"highlights": "Đã tổ chức “Ngày Pháp luật” – thuê quán, luân phiên, khuyến khích; §1 · 5 µm"}, []),
]


@pytest.mark.parametrize(("facts", "expected"), WHOLE)
def test_rules_of_the_report_as_a_whole(facts, expected):
    assert found(sheet(**facts)) == expected


def test_errors_come_first_and_point_to_their_field():
    page = sheet(lines=[line(pk=7, is_filled=False)], figures=[figure("PB01", 31, previous=10), figure("PB02", None)])
    findings = check(page, TODAY)
    assert [finding.anchor for finding in findings] == ["dong-7", "so-lieu-PB02", "so-lieu-PB01"]
    assert [finding.is_error for finding in findings] == [True, True, False]


def test_every_finding_is_one_of_the_register_and_as_severe_as_it_says():
    pages = [sheet(lines=[row]) for row, _expected in LINES]
    pages += [sheet(figures=[figure(c, v) for c, v in values.items()]) for values, _expected in FIGURES]
    pages += [sheet(figures=[row]) for row, _expected in JUMPS] + [sheet(**facts) for facts, _expected in WHOLE]
    pages += [sheet(figures=[figure("PB03", 14, computed=12, corrected=True)])]
    pages += [sheet(nothing=True, figures=[figure("PB01", 3)])]
    said, functions = set(), set()
    for page in pages:
        for rule in RULES:
            for finding in rule(page, TODAY):
                said.add((finding.rule, finding.severity))
                functions.add((finding.rule, f"{rule.__module__}.{rule.__name__}"))
    assert {rule for rule, _severity in said} <= set(BY_ID)
    assert [pair for pair in said if pair[1] not in BY_ID[pair[0]].severities] == []
    unlisted = [(rule, where) for rule, where in sorted(functions) if where not in BY_ID[rule].where]
    assert unlisted == []
    assert {where for _rule, where in functions} == {f"{rule.__module__}.{rule.__name__}" for rule in RULES}


def test_typed_figures_are_laid_over_the_stored_ones():
    stored = sheet(figures=[figure("PB03", 12, computed=12), figure("PB08", 5), figure("PB09", 7)])
    typed = stored.as_typed({"PB03": (Decimal(14), "vì"), "PB08": (None, "")}, {"PB08": "ghi chú"}, {"PB09"})
    rows = {row.code: row for row in typed.figures}
    assert (rows["PB03"].value, rows["PB03"].corrected, rows["PB03"].reason) == (14, True, "vì")
    assert (rows["PB08"].value, rows["PB08"].note) == (None, "ghi chú")
    assert rows["PB09"].unreadable and rows["PB09"].value is None
    assert [row.value for row in stored.figures] == [12, 5, 7]
    emptied = stored.as_typed({"PB03": (None, "")}, {})
    assert (emptied.value("PB03"), emptied.row("PB03").corrected) == (12, False)
    assert {finding.anchor for finding in check(typed, TODAY)} == {"so-lieu-PB08"}

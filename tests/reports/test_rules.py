"""Each submission rule: what it finds, where it points, and what it leaves alone."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from reports.rules import check
from reports.sheet import Sheet

TODAY = date(2024, 6, 10)


def figure(code, value, previous=None, nature="flow", decimals=0):
    indicator = SimpleNamespace(code=code, name=code, nature=nature, decimals=decimals, __str__=lambda: code)
    exact = None if value is None else Decimal(str(value))
    before = None if previous is None else Decimal(str(previous))
    return SimpleNamespace(code=code, value=exact, previous=before, figure=SimpleNamespace(indicator=indicator))


def line(**values):
    plain = {"pk": 1, "is_lead": True, "is_filled": True, "status": "in_progress", "percent": 50, "result": "Đã làm",
             "difficulty": "", "new_expected_on": None, "due_on": None, "no_evidence_reason": "", "task": "1. Việc"}  # fmt: skip
    files = values.pop("files", [])
    return SimpleNamespace(**(plain | values), evidence=SimpleNamespace(all=lambda: files))


def sheet(*, lines=(), nothing=False, figures=()):
    period = SimpleNamespace(ends_on=date(2024, 6, 14))
    report = SimpleNamespace(nothing_to_report=nothing, period=period)
    return Sheet(report, list(lines), list(figures))


def found(page: Sheet):
    return [(finding.rule, finding.severity) for finding in check(page, TODAY)]


LATE = {"due_on": date(2024, 5, 15)}
LINES = [
    (line(), []),
    (line(is_filled=False), [("V00", "error")]),
    (line(is_filled=False, is_lead=False, status=""), []),
    (line(status="done", percent=100, files=["tệp"]), []),
    (line(status="done", percent=100, no_evidence_reason="Không lập biên bản"), []),
    (line(status="done", percent=100), [("V21", "error")]),
    (line(status="done", percent=100, result=""), [("V21", "error"), ("V21", "error")]),
    (line(**LATE), [("V21", "error")]),
    (line(**LATE, difficulty="Thiếu kinh phí"), [("V21", "error")]),
    (line(**LATE, difficulty="Thiếu kinh phí", new_expected_on=date(2024, 7, 1)), []),
    (line(**LATE, status="on_hold"), []),
    (line(due_on=TODAY), []),
    (line(percent=0), [("V22", "error")]),
    (line(percent=100), [("V22", "error")]),
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
    ({"PB05": 10, "PB05a": 6, "PB05b": 4, "PB05c": 0}, []),
    ({"PB05": 10, "PB05a": 6, "PB05b": 3, "PB05c": 0}, [("V10", "error")]),
    ({"PB05": 10, "PB05i": 11}, [("V10", "error")]),
    ({"PB10": 3, "PB10a": 1, "PB10b": 1, "PB10c": 1}, []),
    ({"PB10": 3, "PB10a": 1, "PB10b": 1, "PB10c": 2}, [("V11", "error")]),
    ({"PB08": 4, "PB08a": 5}, [("V12", "error")]),
    ({"PB09": 4, "PB09a": 5}, [("V12", "error")]),
    ({"PB01": 0, "PB02": 3}, [("V13", "error")]),
    ({"PB01": 5, "PB02": 3}, [("V13", "warning")]),
    ({"PB03": 0, "PB04": 3}, [("V13", "error")]),
    ({"HG02": 9, "HG03": 4, "HG04": 5, "HG05": 1, "HG06": 8}, []),
    ({"HG02": 9, "HG03": 4, "HG04": 4}, [("V14", "error")]),
    ({"HG02": 9, "HG05": 4, "HG06": 4}, [("V14", "error")]),
    ({"HG02": 9, "HG07": 10}, [("V14", "error")]),
    ({"HG01": 3, "HG02": 8}, [("V15", "warning")]),
    ({"HG01": 3, "HG02": 9, "HG04": 2}, [("V15", "warning")]),
    ({"HG11": 6, "HG12": 1, "HG13": 2, "HG14": 3}, []),
    ({"HG11": 7, "HG12": 1, "HG13": 2, "HG14": 3}, [("V16", "error")]),
    ({"HG11": 6, "HG15": 1, "HG19": 2, "HG20": 1, "HG21": 1}, [("V16", "error")]),
    ({"HG15": 6, "HG16": 1, "HG17": 2, "HG18": 2}, [("V16", "error")]),
    ({"HG12": 1, "HG16": 2}, [("V16", "error")]),
    ({"DA01": 2, "DA01a": 3}, [("V12", "error")]),
    ({"HG01": 2, "DA02": 3}, [("V14", "error")]),
    ({"HG02": 6, "HG03": 3, "HG04": 3, "DA04": 6}, []),
    ({"HG15": 2, "DA05": 4, "DA05a": 3}, [("V16", "error")]),
]


@pytest.mark.parametrize(("values", "expected"), FIGURES)
def test_rules_of_figures(values, expected):
    assert found(sheet(figures=[figure(code, value) for code, value in values.items()])) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (figure("PB01", 31, previous=10), [("V20", "warning")]),
        (figure("PB01", 30, previous=10), []),
        (figure("PB01", 30, previous=0), []),
        (figure("PB08", 7, previous=10, nature="stock"), [("V19", "warning")]),
        (figure("PB08", 8, previous=10, nature="stock"), []),
    ],
)
def test_jumps(row, expected):
    assert found(sheet(figures=[row])) == expected


def test_errors_come_first_and_point_to_their_field():
    page = sheet(lines=[line(pk=7, is_filled=False)], figures=[figure("PB01", 31, previous=10), figure("PB02", None)])
    findings = check(page, TODAY)
    assert [finding.anchor for finding in findings] == ["dong-7", "so-lieu-PB02", "so-lieu-PB01"]
    assert [finding.is_error for finding in findings] == [True, True, False]

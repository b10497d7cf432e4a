"""Forms as data: the files that come with the portal, headers, arithmetic, and every contradiction a form can hold."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.catalogue import INDICATORS
from reports.forms_catalogue.arithmetic import check_row, contradictions, parse_rules
from reports.forms_catalogue.definition import Column, Form, Rule, header_cells
from reports.forms_catalogue.draft import Cell, Draft, IndicatorFact, build
from reports.forms_catalogue.loader import catalogue, load

KNOWN = {row[0]: IndicatorFact(row[3], row[5]) for row in INDICATORS}
FORMS = {form.code: form for form in catalogue()}


def rules(*texts: str) -> list[Rule]:
    return [rule for text in texts for rule in parse_rules(text)]


# --- what comes with the portal -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "columns", "first", "last", "form_code"),
    [
        ("tt20-pbgdpl", 10, None, date(2019, 5, 14), "TT 20/2013"),
        ("tt20-hgcs", 11, None, date(2019, 5, 14), "12a–12c"),
        ("09e", 12, date(2019, 5, 15), date(2025, 10, 31), "09e/BTP/PBGDPL"),
        ("10c", 8, date(2019, 5, 15), date(2025, 10, 31), "10c/BTP/PBGDPL/HGCS"),
        ("04a", 0, date(2025, 11, 1), None, "04a/TP/PBGDPL"),
        ("04c", 0, date(2025, 11, 1), None, "04c/TP/PBGDPL"),
    ],
)
def test_the_shipped_forms(code, columns, first, last, form_code):
    form = FORMS[code]
    assert len(form.columns) == columns and form.is_known == bool(columns)
    assert (form.effective_from, form.effective_to) == (first, last) and form_code in form.form_code
    assert form.source and form.circular.startswith("Thông tư")
    assert [column.code for column in form.columns] == [str(n) for n in range(1, columns + 1)]
    assert Form.from_json(form.to_json()) == form


def test_shipped_forms_name_indicators_of_the_catalogue_and_never_overlap():
    for form in FORMS.values():
        assert all(code in KNOWN for column in form.columns for code in column.indicators)
        assert all(column.indicators and column.unit for column in form.columns)
        assert not contradictions([column.code for column in form.columns], form.rules)
    by_subject = [form for form in FORMS.values() if form.subject == "pbgdpl"]
    for day in (date(2018, 6, 30), date(2019, 5, 14), date(2019, 5, 15), date(2025, 10, 31), date(2025, 11, 1)):
        assert sum(form.covers(day) for form in by_subject) == 1


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("tt20-pbgdpl", {"(5) = (6) + (7) + (8)"}),
        ("tt20-hgcs", {"(1) = (2) + (3) + (4)", "(1) = (5) + (9) + (10) + (11)", "(5) = (6) + (7) + (8)", "(6) ≤ (2)", "(7) ≤ (3)", "(8) ≤ (4)"}),
        ("09e", {"(2) ≤ (1)", "(3) = 0 → (4) = 0", "(4) ≥ (3)", "(5) = 0 → (6) = 0", "(8) ≤ (7)", "(9) = (10) + (11) + (12)"}),
        ("10c", {"(2) = (3) + (4)", "(2) = (5) + (6)", "(2) ≥ 3 × (1)", "(4) ≥ (1)", "(7) ≤ (2)", "(8) ≤ (2)"}),
    ],
)  # fmt: skip
def test_the_shipped_arithmetic(code, texts):
    assert texts <= {rule.text for rule in FORMS[code].rules}
    assert all(rule.source for rule in FORMS[code].rules)
    soft = {rule.text for rule in FORMS[code].rules if rule.severity == "warning"}
    assert not soft & {text for text in texts if "+" in text or "≤" in text}


def test_a_faulty_data_file_names_every_fault():
    text = """
[form]
code = "Biểu X"
form_code = "X"
circular = "TT"
effective_from = "2024-13-01"
[[rows]]
code = "1"
label = "Tổng"
holds = "cả nước"
[[columns]]
code = "1"
headers = ["A"]
indicators = "PB01"
[[columns]]
code = "1"
headers = ["A"]
[[rules]]
rule = "1 + 1"
"""
    with pytest.raises(ValueError) as error:
        load(text, "x.toml")
    for told in ("Mã “Biểu X”", "Thiếu “Tên biểu”", "Thiếu “Nguồn”", "Không có ngày “2024-13-01”", "cả nước",
                 "Trùng mã cột (1)", "Tiêu đề “A” trùng", "Không hiểu quy tắc"):  # fmt: skip
        assert told in str(error.value), told


# --- the header ---------------------------------------------------------------------------------------------------


def test_headers_merge_neighbours_under_one_parent():
    columns = (
        Column("1", ("Một",)),
        Column("2", ("Hai", "a")),
        Column("3", ("Hai", "b", "x")),
        Column("4", ("Hai", "b", "y")),
        Column("5", ("Ba", "a")),
    )
    drawn = {(c.text, c.level, c.column): (c.colspan, c.rowspan) for c in header_cells(columns)}
    assert drawn == {
        ("Một", 0, 0): (1, 3), ("Hai", 0, 1): (3, 1), ("Ba", 0, 4): (1, 1),
        ("a", 1, 1): (1, 2), ("b", 1, 2): (2, 1), ("a", 1, 4): (1, 2), ("x", 2, 2): (1, 1), ("y", 2, 3): (1, 1),
    }  # fmt: skip


@pytest.mark.parametrize("code", ["tt20-pbgdpl", "tt20-hgcs", "09e", "10c"])
def test_every_place_of_a_header_is_covered_exactly_once(code):
    cells = header_cells(FORMS[code].columns)
    levels = max(cell.level + cell.rowspan for cell in cells)
    covered = [
        (level, column)
        for cell in cells
        for level in range(cell.level, cell.level + cell.rowspan)
        for column in range(cell.column, cell.column + cell.colspan)
    ]
    assert sorted(covered) == [(level, column) for level in range(levels) for column in range(len(FORMS[code].columns))]


# --- arithmetic ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("(5)=(6)+(7)+(8)", ["sum"]),
        ("(2) = (3) + (4) = (5) + (6)", ["sum", "sum"]),
        ("(1) = (2)", ["sum"]),
        ("(2) <= (1)", ["at_most"]),
        ("(4) ≥ (3)", ["at_least"]),
        ("(2) >= 3 * (1)", ["at_least"]),
        ("(2) ≥ 3 x (1)", ["at_least"]),
        ("(3) = 0 => (4) = 0", ["zero_if"]),
        ("(3)=0→(4)=0", ["zero_if"]),
        ("(2A) ≤ (1)", ["at_most"]),
    ],
)
def test_rules_are_read_as_people_write_them(text, kinds):
    found = parse_rules(text)
    assert [rule.kind for rule in found] == kinds
    assert [rule for each in found for rule in parse_rules(each.text)] == found


@pytest.mark.parametrize(
    "text", ["", "5 = 6 + 7", "(5) = (6) - (7)", "(1) ≤ 2 × (3)", "(1) < (2)", "(1) = 5", "(100) = (1)", "(1)"]
)
def test_other_texts_are_no_rules(text):
    with pytest.raises(ValueError, match="Không hiểu quy tắc"):
        parse_rules(text)


COLUMNS = [Column(str(n), (f"Cột {n}",)) for n in range(1, 5)]


@pytest.mark.parametrize(
    ("rule", "good", "bad", "said"),
    [
        ("(1) = (2) + (3)", (5, 2, 3), (6, 2, 3), "(1) Cột 1 là 6, khác tổng (2) + (3) là 5."),
        ("(2) ≤ (1)", (5, 5, 0), (5, 6, 0), "(2) Cột 2 là 6, lớn hơn (1) Cột 1 là 5."),
        ("(2) ≥ 3 × (1)", (2, 6, 0), (2, 5, 0), "(2) Cột 2 là 5, nhỏ hơn 3 lần (1) Cột 1 là 2."),
        ("(2) ≥ (1)", (2, 2, 0), (3, 2, 0), "(2) Cột 2 là 2, nhỏ hơn (1) Cột 1 là 3."),
        ("(1) = 0 → (2) = 0", (0, 0, 0), (0, 7, 0), "(1) Cột 1 là 0 nhưng (2) Cột 2 là 7."),
    ],
)
@pytest.mark.parametrize("severity", ["error", "warning"])
def test_each_kind_of_rule(rule, good, bad, said, severity):
    checked = parse_rules(rule, severity, "nguồn")

    def found(values):
        return check_row("Tổng số", COLUMNS, checked, {str(n): Decimal(v) for n, v in enumerate(values, 1)})

    assert found(good) == []
    (finding,) = found(bad)
    assert (finding.message, finding.severity, finding.source, finding.row) == (said, severity, "nguồn", "Tổng số")


def test_nothing_is_said_of_figures_that_nobody_gave():
    checked = rules("(1) = (2) + (3)", "(2) ≤ (1)", "(1) = 0 → (2) = 0")
    assert check_row("x", COLUMNS, checked, {"1": Decimal(9), "2": None, "3": Decimal(1)}) == []
    assert check_row("x", COLUMNS, checked, {"1": None, "2": None, "3": None}) == []
    assert check_row("x", COLUMNS, checked, {"1": Decimal(0), "2": Decimal(0), "3": Decimal(0)}) == []


def test_a_negative_figure_is_looked_at():
    (finding,) = check_row("x", COLUMNS, [], {"1": Decimal(-2)})
    assert finding.severity == "warning" and "số âm (-2)" in finding.message


# --- contradictions -----------------------------------------------------------------------------------------------

FIVE = ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("texts", "at", "said"),
    [
        (["(1) = (1) + (2)"], 0, "chính nó"),
        (["(2) ≤ (2)"], 0, "chính nó"),
        (["(1) = (2) + (9)"], 0, "nhắc cột (9)"),
        (["(1) = (2) + (2)"], 0, "cộng một cột hai lần"),
        (["(2) ≤ (1)", "(2) ≤ (1)"], 1, "đã có ở trên"),
        (["(1) = (2) + (3)", "(2) = (1) + (4)"], 0, "quay vòng"),
        (["(1) = (2) + (3)", "(2) = (4) + (5)", "(4) = (1) + (3)"], 0, "quay vòng"),
        (["(1) = (2) + (3)", "(1) = (2) + (3) + (4)"], 1, "hai cách chia"),
        (["(1) = (2) + (3)", "(1) = (2) + (4)"], 1, "hai cách chia"),
        (["(1) = (2) + (3)", "(2) = (4) + (5)", "(3) = (4)"], 0, "tính cột (4) hai lần"),
        (["(1) ≥ 2 × (2)", "(1) ≤ (2)"], 1, "luôn bằng 0"),
        (["(2) ≥ (1)", "(1) = (2) + (3)"], 1, "buộc cột (3) luôn bằng 0"),
        (["(1) = (2) + (3)", "(2) ≥ 3 × (1)"], 1, "luôn bằng 0"),
    ],
)
def test_contradictions_are_named_with_their_rule(texts, at, said):
    found = contradictions(FIVE, rules(*texts))
    assert any(number == at and said in message for number, message in found), found


@pytest.mark.parametrize(
    "texts",
    [
        ["(1) = (2) + (3) = (4) + (5)"],
        ["(1) = (2) + (3)", "(3) = (4) + (5)"],
        ["(2) ≤ (1)", "(1) ≥ 3 × (2)"],
        ["(2) ≤ (1)", "(1) ≤ (3)", "(3) ≥ 10 × (2)"],
        ["(1) = 0 → (2) = 0", "(2) = 0 → (1) = 0"],
        ["(4) = (2) + (3)", "(5) = (2) + (1)"],  # one part of two different wholes
    ],
)
def test_rules_that_can_hold_are_left_alone(texts):
    assert contradictions(FIVE, rules(*texts)) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 9), st.data())
def test_a_tree_of_sums_never_contradicts_itself_and_closing_it_always_does(size, data):
    # Column 1 is the root; every other column is part of one that came before it.
    parents = {n: data.draw(st.integers(1, n - 1)) for n in range(2, size + 1)}
    codes = [str(n) for n in range(1, size + 1)]
    tree = [
        Rule("sum", str(whole), tuple(str(n) for n in parents if parents[n] == whole))
        for whole in sorted(set(parents.values()))
    ]
    assert contradictions(codes, tree) == []
    leaf = data.draw(st.sampled_from([code for code in codes if int(code) not in parents.values()]))
    assert contradictions(codes, [*tree, Rule("sum", leaf, ("1",))])
    assert contradictions(codes, [*tree, Rule("at_least", leaf, ("1",), factor=2)])


# --- a definition as somebody wrote it ----------------------------------------------------------------------------


def draft(columns=(("1", "A", "PB01"),), texts=(), rows=(("TS", "Tổng số", "mọi cơ quan"),), **head) -> Draft:
    given = {"code": "mau-thu", "form_code": "M/TP", "title": "Biểu mẫu thử", "circular": "Thông tư số 1/2026",
             "effective_from": "01/01/2026", "source": "Công báo"} | head  # fmt: skip
    names = ("code", "level1", "indicators")
    lines = [dict(zip(names, column, strict=True)) for column in columns]
    return Draft(
        head={name: Cell(text, f"Biểu!{name}") for name, text in given.items()},
        rows=[
            {key: Cell(text, f"Dòng!{key}{n}") for key, text in zip(("code", "label", "holds"), row, strict=True)}
            | {"listed": Cell("có", "")}
            for n, row in enumerate(rows, 2)
        ],
        columns=[
            {
                key: Cell(line.get(key, ""), f"Cột!{key}{n}")
                for key in ("code", "level1", "level2", "level3", "unit", "indicators")
            }
            | ({f"level{k}": Cell(t, f"Cột!level{k}{n}") for k, t in enumerate(line["level1"], 1)}
               if isinstance(line["level1"], tuple) else {})
            for n, line in enumerate(lines, 2)
        ],
        rules=[
            {"rule": Cell(text, f"Quy tắc!{n}"), "severity": Cell("", ""), "source": Cell("", "")}
            for n, text in enumerate(texts, 2)
        ],
    )  # fmt: skip


def told(made: Draft, others=()) -> str:
    form, problems = build(made, indicators=KNOWN, others=others)
    assert (form is None) == bool(problems)
    return "\n".join(problem.sentence for problem in problems)


@pytest.mark.parametrize(
    ("made", "at", "said"),
    [
        ({"columns": [("1", "A", "PB99")]}, "Cột!indicators2", "Không có chỉ tiêu “PB99”"),
        ({"columns": [("1", "A", "PB01"), ("1", "B", "PB02")]}, "Cột!code3", "Trùng mã cột (1)"),
        ({"columns": [("1", "A", "PB01"), ("3", "B", "PB02")]}, "Cột!code3", "không liền nhau: chờ (2), gặp (3)"),
        ({"columns": [("x", "A", "PB01")]}, "Cột!code2", "Mã cột “x” không đúng"),
        ({"columns": [("1", "", "PB01")]}, "Cột!level12", "chưa có tiêu đề"),
        ({"columns": [("1", ("", "b"), "PB01")]}, "Cột!level12", "bị trống ở cấp này"),
        ({"columns": [("1", ("A", "", "c"), "PB01")]}, "Cột!level22", "bị trống ở cấp này"),
        ({"columns": [("1", ("A", "a"), "PB01"), ("2", "B", "PB02"), ("3", ("A", "b"), "PB03")]}, "Cột!level14", "bị ngắt quãng"),
        ({"columns": [("1", ("A", "a"), "PB01"), ("2", "A", "PB02")]}, "Cột!level13", "vừa là một cột vừa là nhóm"),
        ({"columns": [("1", "A", "PB01"), ("2", "A", "PB02")]}, "Cột!level13", "trùng với"),
        ({"columns": [("1", "A", "PB01 + HG01")]}, "Cột!indicators2", "số phát sinh với số thời điểm"),
        ({"columns": [("1", "A", "PB05 + PB05a")]}, "Cột!indicators2", "PB05a đã nằm trong PB05"),
        ({"columns": [("1", "A", "PB01, PB01")]}, "Cột!indicators2", "một chỉ tiêu hai lần"),
        ({"texts": ["(1) = (1) + (1)"]}, "Quy tắc!2", "chính nó"),
        ({"texts": ["(1) ≤ (7)"]}, "Quy tắc!2", "nhắc cột (7)"),
        ({"texts": ["nhỏ hơn"]}, "Quy tắc!2", "Không hiểu quy tắc"),
        ({"rows": [("a", "A", "tất cả")]}, "Dòng!holds2", "“tất cả” không có"),
        ({"rows": [("a", "A", "mọi cơ quan"), ("a", "B", "tổng các dòng")]}, "Dòng!code3", "Trùng mã dòng"),
        ({"rows": [("a", "A", "mọi cơ quan"), ("b", "B", "cơ quan thường trực")]}, "Dòng!holds3", "hai lần"),
        ({"rows": [("a", "A", "tổng các dòng")]}, "Trang “Biểu”", "Không có dòng nào lấy số liệu"),
        ({"rows": [("a", "", "mọi cơ quan")]}, "Dòng!label2", "Thiếu tên dòng"),
        ({"code": "tai-len"}, "Biểu!code", "Mã “tai-len”"),
        ({"code": "../x"}, "Biểu!code", "Mã “../x”"),
        ({"effective_from": ""}, "Biểu!effective_from", "Thiếu “Áp dụng từ ngày”"),
        ({"effective_from": "31/02/2026"}, "Biểu!effective_from", "Không có ngày"),
        ({"effective_to": "31/12/2025"}, "Biểu!effective_to", "trước ngày bắt đầu"),
        ({"calendar": "âm lịch"}, "Biểu!calendar", "Lịch “âm lịch” không có"),
        ({"notes": "a\n" * 21}, "Biểu!notes", "Tối đa 20 ghi chú"),
        ({"notes": "a" * 301}, "Biểu!notes", "mỗi ghi chú 300"),
        ({"title": "x" * 301}, "Biểu!title", "tối đa 300"),
        ({"columns": [(str(n), f"C{n}", "") for n in range(1, 42)]}, "Trang “Biểu”", "41 cột, tối đa 40"),
    ],
)  # fmt: skip
def test_every_fault_names_its_cell(made, at, said):
    text = told(draft(**made))
    assert any(line.startswith(f"{at}: ") and said in line for line in text.split("\n")), text


def test_all_faults_come_in_one_pass():
    text = told(
        draft(columns=[("1", "", "PB99"), ("1", "B", "X")], texts=["(1) ≤"], title="", effective_from="32/1/2026")
    )
    assert len(text.split("\n")) >= 6


@pytest.mark.parametrize(
    ("dates", "clash"),
    [
        (("01/01/2025", ""), True),
        (("01/01/2025", "30/10/2025"), True),
        (("01/01/2018", "15/05/2019"), True),
        (("01/11/2025", ""), False),
        (("01/01/2018", "14/05/2019"), False),
    ],
)
def test_dates_of_two_versions_of_a_form_do_not_overlap(dates, clash):
    made = draft(code="09e", effective_from=dates[0], effective_to=dates[1])
    assert ("chồng lên bản 09e/BTP/PBGDPL" in told(made, others=catalogue())) == clash


def test_a_sound_draft_gives_the_form():
    form, problems = build(draft(texts=["(1) ≥ 0 × (1)"]), indicators=KNOWN)
    assert form is None and problems  # a factor starts at 1
    form, problems = build(
        draft(columns=[("1", ("A", "a"), "PB01 + PB03"), ("2", ("A", "b"), "")], texts=["(2) ≤ (1)"]), indicators=KNOWN
    )
    assert problems == [] and form.columns[0].indicators == ("PB01", "PB03") and form.columns[1].indicators == ()
    assert form.rows[0].holds == "all" and form.rows[0].listed and form.rules[0].kind == "at_most"

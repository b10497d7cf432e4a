"""The drafted narrative says what the data says, in official style, and nothing else."""

import dataclasses
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.catalogue import INDICATORS
from reports.drafting import draft_narrative, missing_sentence, partial_sentence, settlement_rates
from reports.outline import OUTLINE
from reports.values import Consolidation, Counts
from reports.wording import count, growth, number, percent, ratio, signed_percent
from tests.reports.values_sample import empty, sample


def with_figures(value: Consolidation, **figures) -> Consolidation:
    """The value with other totals of some indicators: code=Decimal or None."""
    rows = tuple(
        dataclasses.replace(row, value=figures[row.code], by_agency=()) if row.code in figures else row
        for row in value.indicators
    )
    return dataclasses.replace(value, indicators=rows)


def complete() -> Consolidation:
    """The sample with every report accepted: only then is anything compared with earlier periods."""
    value = sample()
    rows = tuple(dataclasses.replace(row, report_state="accepted") for row in value.agencies)
    return dataclasses.replace(value, agencies=rows)


@pytest.mark.parametrize("make", [sample, empty, complete])
def test_every_heading_with_text_gets_a_draft(make):
    draft = draft_narrative(make())
    assert list(draft) == [heading.key for heading in OUTLINE if heading.has_text]
    assert all(text.strip() for text in draft.values())


def test_results_in_official_style():
    text = draft_narrative(complete())["education"]
    assert "Trong Quý II/2024 (từ ngày 15/03/2024 đến ngày 14/06/2024)" in text
    assert "đã tổ chức 69 cuộc phổ biến, giáo dục pháp luật trực tiếp với 9.025 lượt người tham dự" in text
    assert "So với Quý I/2024, số cuộc tăng 13,1% và số lượt người tham dự không thay đổi" in text
    assert "so với cùng kỳ năm 2023, số cuộc tăng 15%" in text


def test_nothing_is_compared_while_reports_are_missing():
    value = sample()
    draft = draft_narrative(value)
    text = "\n".join(draft.values())
    assert "o với " not in text and "tăng " not in text and "giảm " not in text
    told = "Số liệu được tổng hợp từ 07/10 báo cáo đã tiếp nhận nên chưa so sánh với kỳ trước."
    assert draft["education"].split("\n")[-1] == told and text.count(told) == 1
    assert told not in "\n".join(draft_narrative(complete()).values())
    nobody = tuple(dataclasses.replace(row, report_state="draft") for row in value.agencies)
    assert "nên chưa so sánh" not in draft_narrative(dataclasses.replace(value, agencies=nobody))["education"]


def longer(value: Consolidation) -> Consolidation:
    parts = ("Quý I/2024", "Quý II/2024")
    return dataclasses.replace(value, period=dataclasses.replace(value.period, part_labels=parts))


def of_day(value: Consolidation, as_of: date) -> Consolidation:
    return dataclasses.replace(value, as_of=as_of)


@pytest.mark.parametrize(
    "value, opening",
    [
        (complete(), "Tính đến ngày 14/06/2024, "),
        (of_day(complete(), date(2024, 6, 10)), "Tính đến ngày 10/06/2024, "),
        (sample(), "Tính đến ngày 14/06/2024, theo 07/10 báo cáo đã tiếp nhận, "),
        (of_day(sample(), date(2024, 6, 10)), "Tính đến ngày 10/06/2024, theo 07/10 báo cáo đã tiếp nhận, "),
        (longer(complete()), "Tính đến ngày 14/06/2024, "),
        (longer(sample()), "Tính đến ngày 14/06/2024, theo số liệu gần nhất đã tiếp nhận trong kỳ, "),
    ],
    ids=["all", "all, before the cut-off", "part", "part, before the cut-off", "longer, all", "longer, part"],
)
def test_stocks_say_of_which_day_they_are_and_what_they_rest_on(value, opening):
    draft = draft_narrative(value)
    assert draft["people"].startswith(f"{opening}đội ngũ có 142 báo cáo viên")
    assert draft["mediation"].startswith(f"{opening}toàn địa bàn có 640 tổ hòa giải")
    nothing = draft_narrative(with_figures(value, **dict.fromkeys(("PB08", "PB09", "HG01", "HG02"))))
    lead = f"{opening}chưa có số liệu về" if value.missing else "Chưa có số liệu về"
    assert nothing["people"].startswith(f"{lead} đội ngũ báo cáo viên, tuyên truyền viên pháp luật.")
    assert nothing["mediation"].startswith(f"{lead} tổ hòa giải, hòa giải viên.")


def test_a_longer_period_is_not_compared_even_when_no_agency_is_complete():
    rows = tuple(dataclasses.replace(row, report_state="draft") for row in sample().agencies)
    value = longer(dataclasses.replace(sample(), agencies=rows))
    told = "Còn thiếu báo cáo quý của 10 cơ quan, đơn vị nên số liệu chưa so sánh với kỳ trước."
    assert partial_sentence(value) == told
    assert partial_sentence(dataclasses.replace(value, indicators=())) == ""


def test_small_counts_carry_a_leading_zero():
    draft = draft_narrative(sample())
    assert "03 cuộc thi tìm hiểu pháp luật" in draft["contests"]
    assert "04 lớp tập huấn" in draft["people"]
    assert "656,8 triệu đồng" in draft["budget"]


def test_a_comparison_with_zero_has_no_percentage():
    text = draft_narrative(complete())["contests"]
    assert "số cuộc thi tăng 03 cuộc" in text and "tỷ lệ" not in text
    assert "số cuộc thi tăng 50%" in text


def test_unknown_is_not_none():
    unknown = draft_narrative(with_figures(sample(), PB01=None, PB02=None, PB03=None))
    assert "Chưa có số liệu" in unknown["education"] and "Chưa có số liệu" in unknown["contests"]
    none = draft_narrative(with_figures(sample(), PB01=Decimal(0), PB03=Decimal(0)))
    assert "không tổ chức cuộc phổ biến, giáo dục pháp luật trực tiếp nào" in none["education"]
    assert "không tổ chức cuộc thi" in none["contests"]


def test_settlement_rate_names_its_formula():
    text = draft_narrative(sample())["mediation"]
    assert "là 64,4% theo công thức: hòa giải thành ÷ (hòa giải thành + hòa giải không thành)" in text
    assert "là 57,6% theo công thức: hòa giải thành ÷ tổng số vụ việc tiếp nhận" in text


def test_settlement_rate_without_denominator():
    value = with_figures(sample(), HG15=Decimal(0), HG19=Decimal(0), HG11=Decimal(0))
    assert settlement_rates(value) == (None, None)
    decided = with_figures(sample(), HG15=Decimal(0), HG19=Decimal(0), HG11=Decimal(4))
    assert "chưa tính được theo công thức: hòa giải thành ÷ (hòa giải thành" in draft_narrative(decided)["mediation"]


def test_plans_say_the_totals_and_the_reasons_of_delay():
    text = draft_narrative(sample())["plans"]
    assert "05 kế hoạch phối hợp có 15 nhiệm vụ" in text
    assert "Sở Tư pháp chủ trì 02 nhiệm vụ: hoàn thành 01, đúng tiến độ 01." in text
    assert (
        "quá hạn 01 nhiệm vụ: “Giám sát việc thực hiện pháp luật về hòa giải ở cơ sở” (hạn 31/05/2024, lý do: "
    ) in text
    assert "“Mô hình ‘Chi hội phụ nữ không có người vi phạm pháp luật’” (hạn 30/04/2024" in text
    assert "lý do: Trùng thời gian phục vụ Đại hội Mặt trận các cấp nên phải lùi lịch; dự kiến hoàn thành" in text
    assert "đơn vị chưa nêu lý do" in text


def test_an_overdue_task_is_found_by_its_place_in_its_plan():
    value = sample()
    tasks = tuple(dataclasses.replace(task, place="II.3.") if task.state == "overdue" else task for task in value.tasks)
    text = draft_narrative(dataclasses.replace(value, tasks=tasks))["plans"]
    assert "(mục II.3 Kế hoạch số 01/KHPH-STP-UBMTTQVN, hạn 31/05/2024, lý do: " in text


def test_own_words_carry_the_name_of_their_agency_one_line_each():
    lines = draft_narrative(sample())["difficulties"].split("\n")
    assert lines[1].startswith("Ủy ban Mặt trận Tổ quốc Việt Nam thành phố: ")
    assert lines[2].endswith("Kinh phí cho mô hình còn thấp. Một số chi hội chưa có tài liệu riêng.")


def test_missing_agencies_are_named_once():
    value = sample()
    told = "Chưa có báo cáo của: Ban Dân tộc thành phố; Thành đoàn Cần Thơ; Ban An toàn giao thông thành phố."
    assert missing_sentence(value) == told
    assert "\n".join(draft_narrative(value).values()).count("Chưa có báo cáo của:") == 1
    assert missing_sentence(empty()) == ""


def test_a_year_compares_only_once():
    value = complete()
    period = dataclasses.replace(value.period, previous_label="Năm 2023", last_year_label="Năm 2023")
    text = draft_narrative(dataclasses.replace(value, period=period))["education"]
    assert text.count("năm 2023") == 1


@pytest.mark.parametrize(
    "value, decimals, written, in_prose",
    [
        (None, 0, "—", "—"),
        (Decimal(0), 0, "0", "0"),
        (Decimal(2), 0, "2", "02"),
        (Decimal(10), 0, "10", "10"),
        (Decimal(3250), 0, "3.250", "3.250"),
        (Decimal("1234.5"), 1, "1.234,5", "1.234,5"),
        (Decimal("350.0"), 1, "350", "350"),
        (Decimal("0.25"), 1, "0,3", "0,3"),
        (Decimal(1500000), 0, "1.500.000", "1.500.000"),
    ],
)
def test_numbers(value, decimals, written, in_prose):
    assert number(value, decimals) == written
    assert count(value, decimals) == in_prose


def test_percentages():
    assert percent(ratio(1, 8)) == "12,5%"
    assert percent(ratio(1, 0)) == percent(ratio(None, 3)) == "—"
    assert growth(Decimal(3), Decimal(0)) is None and growth(Decimal(3), None) is None
    assert signed_percent(growth(Decimal(9), Decimal(8))) == "+12,5%"
    assert signed_percent(growth(Decimal(7), Decimal(8))) == "-12,5%"
    assert signed_percent(growth(Decimal(100000), Decimal(100001))) == "0%"


figures = st.none() | st.decimals(min_value=0, max_value=10**9, places=0)


@settings(deadline=None, max_examples=50)
@given(st.lists(figures, min_size=len(INDICATORS), max_size=len(INDICATORS)), figures, figures)
def test_any_figures_make_a_draft(values, previous, last_year):
    value = sample()
    rows = tuple(
        dataclasses.replace(row, value=figure, previous=previous, last_year=last_year)
        for row, figure in zip(value.indicators, values, strict=True)
    )
    draft = draft_narrative(dataclasses.replace(value, indicators=rows))
    text = "\n".join(draft.values())
    assert "None" not in text and "E+" not in text and "NaN" not in text
    assert all(line.strip() == line for line in text.split("\n"))


tallies = st.builds(
    lambda done, on_track, due_soon, overdue, suspended: Counts(
        done + on_track + due_soon + overdue, done, on_track, due_soon, overdue, suspended
    ),
    *[st.integers(0, 500)] * 5,
)


@settings(deadline=None, max_examples=50)
@given(st.lists(tallies, min_size=10, max_size=10), st.lists(st.text(max_size=30), min_size=11, max_size=11))
def test_json_round_trip(counts, texts):
    value = sample()
    value = dataclasses.replace(
        value,
        totals=sum(counts, Counts()),
        agencies=tuple(
            dataclasses.replace(row, counts=tally) for row, tally in zip(value.agencies, counts, strict=True)
        ),
        words=tuple(dataclasses.replace(words, text=text) for words, text in zip(value.words, texts, strict=True)),
    )
    again = Consolidation.from_json(value.to_json())
    assert again == value
    assert sum((row.counts for row in again.agencies), Counts()) == again.totals
    assert f"{count(value.totals.tasks)} nhiệm vụ" in draft_narrative(again)["plans"] or not (
        value.totals.tasks or value.totals.suspended
    )

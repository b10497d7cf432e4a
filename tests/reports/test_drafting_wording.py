"""How the draft is worded: each kind of period, none, one, many, unknown, marked comparisons; every sentence traceable."""

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.calendars import following, parse_period, previous, quarters_of, same_period_last_year
from reports.drafting import draft_narrative, draft_sentences, joined
from reports.sources import sources
from reports.values import AgencyFigure, Words
from tests.reports.test_drafting import complete
from tests.reports.values_sample import empty, sample


def over(code, value=None):
    """The sample (every report accepted) as another kind of period."""
    value, span = value or complete(), parse_period(code)
    period = dataclasses.replace(
        value.period,
        code=span.code,
        kind=span.kind,
        label=span.label,
        long_label=span.long_label,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        next_label=following(span).long_label,
        previous_label=previous(span).label,
        last_year_label=same_period_last_year(span).label,
        part_labels=tuple(part.label for part in quarters_of(span)) if span.kind != "quarter" else (),
    )
    return dataclasses.replace(value, period=period)


def figures(value, **given):
    """The value with other figures: code=number, or code=dict(value=…, previous=…, last_year=…, …)."""
    rows = []
    for row in value.indicators:
        if row.code in given:
            more = given[row.code]
            row = dataclasses.replace(row, **(more if isinstance(more, dict) else {"value": more, "by_agency": ()}))
        rows.append(row)
    return dataclasses.replace(value, indicators=tuple(rows))


def one(number):
    return {"value": Decimal(number), "by_agency": (AgencyFigure("stp", Decimal(number)),), "previous": None}


KINDS = [
    ("2024-q1", "Trong Quý I/2024 (từ ngày 15/12/2023 đến ngày 14/03/2024), ",
     "So với Quý IV/2023, số cuộc tăng 13,1% và số lượt người tham dự không thay đổi; so với cùng kỳ năm 2023, ",
     "Trong Quý II năm 2024, các"),
    ("2024-6t", "Trong 6 tháng đầu năm 2024 (từ ngày 15/12/2023 đến ngày 14/06/2024), ",
     "So với cùng kỳ năm 2023, số cuộc tăng 15%", "Trong 6 tháng cuối năm 2024, các"),
    ("2024-6tc", "Trong 6 tháng cuối năm 2024 (từ ngày 15/06/2024 đến ngày 14/12/2024), ",
     "So với 6 tháng đầu năm 2024, số cuộc tăng 13,1%", "Trong 6 tháng đầu năm 2025, các"),
    ("2024-9t", "Trong 9 tháng đầu năm 2024 (từ ngày 15/12/2023 đến ngày 14/09/2024), ",
     "So với cùng kỳ năm 2023, số cuộc tăng 15%", "Trong Quý IV năm 2024, các"),
    ("2024", "Trong năm 2024 (từ ngày 15/12/2023 đến ngày 14/12/2024), ",
     "So với năm 2023, số cuộc tăng 15%", "Trong năm 2025, các"),
]  # fmt: skip


@pytest.mark.parametrize("code, during, compared, coming", KINDS, ids=[row[0] for row in KINDS])
def test_each_kind_of_period_is_named_as_officials_name_it(code, during, compared, coming):
    draft = draft_narrative(over(code))
    assert draft["education"].startswith(during)
    assert compared in draft["education"]
    assert draft["next_steps"].startswith(coming)
    assert draft["education"].count("o với ") == (2 if "-q" in code or code.endswith("6tc") else 1)


CASES = [
    ("education", {"PB01": one(1), "PB02": one(1)},
     "Sở Tư pháp đã tổ chức 01 cuộc phổ biến, giáo dục pháp luật trực tiếp với 01 lượt người tham dự"),
    ("education", {"PB01": one(0)}, "Sở Tư pháp không tổ chức cuộc phổ biến, giáo dục pháp luật trực tiếp nào."),
    ("education", {"PB01": dict(value=Decimal(0), previous=Decimal(61), last_year=None)}, "So với Quý I/2024, số cuộc giảm 61 cuộc."),
    ("education", {"PB01": dict(previous=Decimal(2), last_year=None)}, "số cuộc gấp 34,5 lần"),
    ("education", {"PB01": None, "PB02": Decimal(90)}, "; số lượt người tham dự được báo cáo là 90 lượt người."),
    ("education", {"PB01": dict(by_agency=(AgencyFigure("stp", Decimal(40)), AgencyFigure("cand", Decimal(29))))},
     "\nHai cơ quan, đơn vị có tổ chức: Sở Tư pháp (40 cuộc) và Công an thành phố (29 cuộc)."),
    ("contests", {"PB03": Decimal(0), "PB04": None}, "không tổ chức cuộc thi tìm hiểu pháp luật nào."),
    ("contests", {"PB03": None, "PB04": Decimal(60)}, "; số lượt người dự thi được báo cáo là 60 lượt người."),
    ("materials", {"PB05": Decimal(0), "PB05i": Decimal(0), "PB06": None, "PB07": None},
     "Trong kỳ, các cơ quan, đơn vị không phát hành tài liệu miễn phí hoặc đăng tải tài liệu trên Internet."),
    ("materials", {"PB05": None, "PB05i": None, "PB06": Decimal(1), "PB07": None},
     "Trong kỳ, các cơ quan, đơn vị đã phát sóng chương trình pháp luật 01 lần."),
    ("people", {"PB08": None, "PB09": None}, "Chưa có số liệu về đội ngũ báo cáo viên, tuyên truyền viên pháp luật."),
    ("people", {"TH01": one(1), "TH02": one(30), "TH03": None}, "Sở Tư pháp đã tổ chức 01 lớp tập huấn, bồi dưỡng cho 30 lượt người."),
    ("mediation", {"HG11": Decimal(1), "HG15": Decimal(1), "HG19": Decimal(0), "HG20": Decimal(0)},
     "tiếp nhận 01 vụ việc (trong đó: tranh chấp dân sự 140 vụ việc, hôn nhân và gia đình 71 vụ việc, mâu thuẫn, xích mích, khác 112 vụ việc). "
     "Kết quả: hòa giải thành 01 vụ việc, không có vụ việc hòa giải không thành, chưa giải quyết hoặc đang giải quyết."),
    ("mediation", {"HG11": Decimal(0)}, "Trong kỳ, các tổ hòa giải không tiếp nhận vụ việc nào."),
    ("mediation", {"HG01": None, "HG02": None}, "Chưa có số liệu về tổ hòa giải, hòa giải viên."),
    ("budget", {"PB10": Decimal(0)}, "Trong kỳ, các cơ quan, đơn vị báo cáo không phát sinh kinh phí."),
    ("budget", {"PB10": None}, "Chưa có số liệu về kinh phí trong kỳ."),
]  # fmt: skip


@pytest.mark.parametrize("heading, given, words", CASES)
def test_none_one_many_and_unknown_read_well(heading, given, words):
    assert words in draft_narrative(figures(complete(), **given))[heading]


def test_the_standard_of_access_to_law_is_told_in_the_agencies_words_or_not_at_all():
    nothing = "Chưa có số liệu về cấp xã đạt chuẩn tiếp cận pháp luật trong kỳ"
    assert draft_narrative(empty())["standards"] == f"{nothing}."
    assert draft_narrative(sample())["standards"].startswith(f"{nothing}; báo cáo của các cơ quan")
    said = Words("stp", "Sở Tư pháp", "highlights", "- Mô hình tốt.\n- 71/80 xã đạt chuẩn tiếp cận pháp luật")
    value = dataclasses.replace(sample(), words=(*sample().words, said))
    heading = draft_sentences(value)["standards"]
    assert heading[1].text == "Sở Tư pháp: 71/80 xã đạt chuẩn tiếp cận pháp luật."
    assert heading[1].words == (said,)


MERGED = "(*) Số liệu Quý II/2023 là của các cơ quan trước khi sắp xếp tổ chức: A → B từ ngày 01/07/2023."
APART = "Không so sánh với Quý I/2024: từ ngày 01/05/2024, C được sắp xếp vào D, khác địa bàn."


def test_a_marked_comparison_carries_its_note_once_at_the_end_of_the_heading():
    text = draft_narrative(figures(complete(), PB01={"last_year_note": MERGED}, PB02={"last_year_note": MERGED}))
    lines = text["education"].split("\n")
    assert "số cuộc tăng 15% (*) và số lượt người tham dự tăng 8,7% (*)." in lines[0]
    assert lines[-1] == MERGED and text["education"].count("sắp xếp tổ chức") == 1
    assert "(*)" not in text["contests"]


def test_a_comparison_left_out_is_said_beside_the_figure():
    suppressed = {"previous": None, "previous_note": APART, "last_year_note": MERGED}
    text = draft_narrative(figures(complete(), PB01=suppressed, PB02=suppressed))["education"]
    assert "lượt người dân tộc thiểu số" not in text
    first, *_others, note, second = text.split("\n")
    assert "người dân tộc thiểu số 317 lượt người) (**). So với cùng kỳ năm 2023, số cuộc tăng 15% (*)" in first
    assert "Quý I/2024" not in first.split("So với")[1]
    assert (note, second) == (MERGED, f"(**) {APART}")


def test_words_of_several_quarters_stand_under_one_name():
    said = [
        Words("cand", "Công an thành phố", "direction", "Ban hành kế hoạch năm.", "Quý I/2024"),
        Words("stp", "Sở Tư pháp", "direction", "Hướng dẫn.", "Quý I/2024"),
        Words("cand", "Công an thành phố", "direction", "Đôn đốc các đơn vị", "Quý II/2024"),
        Words("stp", "Sở Tư pháp", "direction", "Hướng dẫn.", "Quý II/2024"),
        Words("stp", "Sở Tư pháp", "next_steps", "Việc đã qua.", "Quý I/2024"),
        Words("stp", "Sở Tư pháp", "next_steps", "Việc sắp tới.", "Quý II/2024"),
    ]
    value = dataclasses.replace(over("2024-6t"), words=tuple(said))
    draft = draft_narrative(value)
    assert draft["direction"].split("\n")[1:3] == [
        "Công an thành phố: (Quý I/2024) Ban hành kế hoạch năm. (Quý II/2024) Đôn đốc các đơn vị.",
        "Sở Tư pháp: Hướng dẫn.",
    ]
    assert draft["next_steps"].split("\n")[1:] == ["Sở Tư pháp: Việc sắp tới."]
    found = [source for source in sources(draft_sentences(value)["direction"], value) if source.quotes]
    assert [quote.period for source in found for quote in source.quotes] == ["2024-q1", "2024-q2", "2024-q1", "2024-q2"]


def test_missing_quarters_are_named_with_their_agency():
    value = over("2024-6t", sample())
    rows = tuple(
        dataclasses.replace(row, missing_parts=("Quý I/2024",)) if row.code == "doan" else row for row in value.agencies
    )
    value = dataclasses.replace(value, agencies=rows, notes=("Chưa mở kỳ Quý I/2024.",))
    text = draft_narrative(value)["direction"]
    assert "Thành đoàn Cần Thơ (Quý I/2024);" in text and text.endswith("Chưa mở kỳ Quý I/2024.")
    assert "được cộng từ báo cáo Quý I/2024 và Quý II/2024 đã tiếp nhận; 07/10 cơ quan, đơn vị đã có đủ" in text
    assert "chưa có báo cáo Quý I/2024 được tiếp nhận." in draft_narrative(value)["plans"]
    assert "Còn thiếu báo cáo quý của 03 cơ quan, đơn vị" in draft_narrative(value)["education"]


@pytest.mark.parametrize("make", [sample, empty, complete, lambda: over("2024"), lambda: over("2024-6tc", sample())])
def test_every_sentence_is_traceable(make):
    """Each sentence has a key of its own and leads to figures, words, tasks or reports that exist."""
    value = make()
    draft = draft_sentences(value)
    for heading, sentences in draft.items():
        assert joined(sentences) and len({one.key for one in sentences}) == len(sentences), heading
        for sentence, source in zip(sentences, sources(sentences, value), strict=True):
            found = source.figures or source.again or source.quotes or source.tasks or source.counted or source.agencies
            assert found or not (value.agencies and value.indicators), (heading, sentence.text)


def test_the_numbers_of_a_sentence_are_those_of_its_figures():
    """Whatever is counted in a sentence about figures is the value of a figure that it names."""
    value = complete()
    sentence = draft_sentences(value)["education"][0]
    (source,) = sources((sentence,), value)
    assert [figure.row.code for figure in source.figures] == ["PB01", "PB02", "PB02n", "PB02d"]
    assert sum(many for _, many in source.figures[0].agencies) == source.figures[0].row.value == 69


numbers = st.none() | st.decimals(min_value=0, max_value=10**9, places=0)
notes = st.sampled_from(["", MERGED, APART])


@settings(deadline=None, max_examples=60)
@given(st.data(), st.sampled_from(["2024-q2", "2024-6t", "2024-6tc", "2024-9t", "2024"]))
def test_any_figures_of_any_period_make_clean_sentences(data, code):
    value = over(code)
    rows = tuple(
        dataclasses.replace(
            row,
            value=data.draw(numbers),
            previous=data.draw(numbers),
            last_year=data.draw(numbers),
            previous_note=data.draw(notes),
            last_year_note=data.draw(notes),
            by_agency=(),
        )
        for row in value.indicators
    )
    for key, text in draft_narrative(dataclasses.replace(value, indicators=rows)).items():
        assert "  " not in text and " ." not in text and ".." not in text.replace("...", ""), (key, text)
        assert "None" not in text and " ," not in text and "—" not in text
        assert text.count("(*)") != 1 and text.count("(**)") != 1, text  # a mark and its note, never one alone

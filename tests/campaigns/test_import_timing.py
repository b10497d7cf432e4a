"""The "Thời gian" column: a table of what is written and how it is read, and what is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.tables.problems import CellError
from agencies.vietnamese import fold
from campaigns.imports.timing import read_timing

TWO_YEARS = {"plan_starts": date(2024, 1, 1), "plan_ends": date(2025, 12, 31)}
ONE_YEAR = {"plan_starts": date(2024, 1, 1), "plan_ends": date(2024, 12, 31)}


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "recurrence"),
    [
        ("Thường xuyên", "ongoing"),
        ("THƯỜNG XUYÊN", "ongoing"),
        ("thuong xuyen", "ongoing"),
        ("Thường xuyên, liên tục", "ongoing"),
        ("Thường xuyên hằng năm", "ongoing"),
        ("Thường xuyên, gắn với nhiệm vụ chính trị của ngành", "ongoing"),
        ("Hằng quý", "quarterly"),
        ("Hàng quý", "quarterly"),
        ("Mỗi quý", "quarterly"),
        ("Hằng quý (trước ngày 14/3, 14/6, 14/9 và 14/12)", "quarterly"),
        ("Quý, 6 tháng, năm", "quarterly"),
        ("Hằng tháng", "monthly"),
        ("Mỗi tháng một lần", "monthly"),
        ("Hằng năm", "yearly"),
        ("Hàng năm", "yearly"),
        ("Cả năm", "yearly"),
        ("6 tháng, năm", "half_yearly"),
        ("06 tháng, hằng năm", "half_yearly"),
        ("Định kỳ 6 tháng và hằng năm", "half_yearly"),
        ("6 tháng một lần", "half_yearly"),
        ("Khi phát sinh", "on_demand"),
        ("Theo yêu cầu", "on_demand"),
        ("Khi có văn bản mới", "on_demand"),
        ("Theo yêu cầu/Khi có văn bản mới", "on_demand"),
        ("Theo từng văn bản", "on_demand"),
        ("Theo kế hoạch", "on_demand"),
        ("Đột xuất", "on_demand"),
        ("Quý I hằng năm", "yearly"),
        ("Tháng 11 hằng năm", "yearly"),
        ("Tháng 10 – 11 hằng năm", "yearly"),
        ("Trước ngày 15/11 hằng năm", "yearly"),
    ],
)
def test_recurrences(text, recurrence):
    timing = read_timing(text, **TWO_YEARS)
    assert (timing.recurrence, timing.starts_on, timing.due_date, timing.text) == (recurrence, None, None, text)


@pytest.mark.parametrize(
    ("text", "starts_on", "due_date"),
    [
        ("Quý II/2024", "2024-04-01", "2024-06-30"),
        ("Quý 3/2024", "2024-07-01", "2024-09-30"),
        ("quý i năm 2025", "2025-01-01", "2025-03-31"),
        ("Quý II–III/2024", "2024-04-01", "2024-09-30"),
        ("Quý II, III năm 2024", "2024-04-01", "2024-09-30"),
        ("Quý II và quý III/2024", "2024-04-01", "2024-09-30"),
        ("Quý IV/2024 - Quý I/2025", "2024-10-01", "2025-03-31"),
        ("Quý 02/2024", "2024-04-01", "2024-06-30"),
        ("Quý2/2024", "2024-04-01", "2024-06-30"),
        ("Cuối năm 2024", None, "2024-12-31"),
        ("Cuối 2024", None, "2024-12-31"),
        ("Cuối quý II/2024", None, "2024-06-30"),
        ("6 tháng cuối năm 2024", "2024-07-01", "2024-12-31"),
        ("Tháng 11/2024", "2024-11-01", "2024-11-30"),
        ("Tháng 02/2024", "2024-02-01", "2024-02-29"),
        ("11/2024", "2024-11-01", "2024-11-30"),
        ("Tháng 10–11/2024", "2024-10-01", "2024-11-30"),
        ("Tháng 9/2024 đến tháng 5/2025", "2024-09-01", "2025-05-31"),
        ("Trước 15/11/2024", None, "2024-11-15"),
        ("Trước ngày 15/11/2024", None, "2024-11-15"),
        ("Chậm nhất ngày 5.6.2024", None, "2024-06-05"),
        ("Ngày 03/04/2024", None, "2024-04-03"),
        ("Trước ngày 30 tháng 6 năm 2024", None, "2024-06-30"),
        ("15/11/2024", None, "2024-11-15"),
        ("Từ 10/10 đến 09/11/2024", "2024-10-10", "2024-11-09"),
        ("Từ ngày 10/10/2024 đến ngày 09/01/2025", "2024-10-10", "2025-01-09"),
        ("Năm 2024", "2024-01-01", "2024-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("Giai đoạn 2024 - 2025", "2024-01-01", "2025-12-31"),
        ("Năm 2024-2025", "2024-01-01", "2025-12-31"),
        ("Năm học 2024-2025", "2024-09-01", "2025-05-31"),
        ("6 tháng đầu năm 2024", "2024-01-01", "2024-06-30"),
        ("Thường xuyên; báo cáo trước 15/11/2024", None, "2024-11-15"),
        ("Thường xuyên; báo cáo kết quả về Sở Tư pháp trước ngày 15/11/2024", None, "2024-11-15"),
        ("Quý II/2024 (xong trước 15/6/2024)", None, "2024-06-15"),
    ],
)
def test_spans(text, starts_on, due_date):
    timing = read_timing(text, **TWO_YEARS)
    assert timing.recurrence == ""
    assert timing.starts_on == (d(starts_on) if starts_on else None)
    assert timing.due_date == d(due_date)


@pytest.mark.parametrize(
    ("text", "due_date"),
    [
        ("Tháng 9", "2024-09-30"),
        ("Quý I", "2024-03-31"),
        ("Trước 15/11", "2024-11-15"),
        ("Trong năm", "2024-12-31"),
        ("Cuối năm", "2024-12-31"),
    ],
)
def test_the_year_comes_from_a_plan_of_one_year_only(text, due_date):
    assert read_timing(text, **ONE_YEAR).due_date == d(due_date)
    with pytest.raises(CellError, match="thiếu năm"):
        read_timing(text, **TWO_YEARS)


def test_a_recurrence_within_a_named_year_keeps_both():
    timing = read_timing("Hằng quý năm 2024", **TWO_YEARS)
    assert (timing.recurrence, timing.due_date) == ("quarterly", date(2024, 12, 31))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Thiếu thời gian"),
        ("   ", "Thiếu thời gian"),
        ("31/02/2024", "không có thật"),
        ("Trước ngày 29/02/2025", "không có thật"),
        ("11/15/2024", "không có thật"),
        ("Tháng 13/2024", "chỉ có 12 tháng"),
        ("Tháng 0/2024", "chỉ có 12 tháng"),
        ("Quý V/2024", "chỉ có bốn quý"),
        ("Quý 5/2024", "chỉ có bốn quý"),
        ("Quý5/2024", "chỉ có bốn quý"),
        ("Quý 05/2024", "chỉ có bốn quý"),
        ("Quý 0/2024", "chỉ có bốn quý"),
        ("Quý 12/2024", "chỉ có bốn quý"),
        ("Đầu năm 2024", "chưa rõ hạn"),
        ("Đầu tháng 5/2024", "chưa rõ hạn"),
        ("Giữa năm 2024", "chưa rõ hạn"),
        ("Giữa năm", "chưa rõ hạn"),
        ("15/11/24", "Không hiểu"),
        ("sớm nhất có thể", "Không hiểu"),
        ("Trước tháng 11/2024", "chưa rõ hạn"),
        ("Từ ngày 01/01/2024", "chỉ có ngày bắt đầu"),
        ("30/6/2024 và 30/11/2024", "nhiều hạn"),
        ("Thường xuyên, hằng quý", "hai chu kỳ"),
        ("Quý I/2024 và năm 2025", "nhiều cách"),
        ("Từ 10/11 đến 09/10/2024", "sau ngày kết thúc"),
        ("Năm học 2024-2026", "Năm học"),
        ("Tháng 11/2024, 2025", "Không hiểu"),
        ("x" * 301, "300 ký tự"),
    ],
)
def test_never_a_guess(text, says):
    with pytest.raises(CellError) as caught:
        read_timing(text, **TWO_YEARS)
    message, fix = caught.value.found[0]
    assert says in message
    assert fix


DAYS = st.dates(min_value=date(2001, 1, 1), max_value=date(2098, 12, 31))


@given(DAYS, st.sampled_from(["{}", "Trước {}", "Trước ngày {}", "Đến hết ngày {}", "Thường xuyên; báo cáo trước {}"]))
def test_any_real_day_is_read_day_first(day, pattern):
    text = pattern.format(f"{day:%d/%m/%Y}")
    assert read_timing(text, **TWO_YEARS).due_date == day
    assert read_timing(fold(text).upper(), **TWO_YEARS).due_date == day


@given(DAYS, st.integers(min_value=0, max_value=4000))
def test_any_range_keeps_its_ends(day, length):
    end = min(day + timedelta(days=length), date(2099, 12, 31))
    timing = read_timing(f"Từ ngày {day:%d/%m/%Y} đến ngày {end:%d/%m/%Y}", **TWO_YEARS)
    assert (timing.starts_on, timing.due_date) == (day, end)


@given(st.text(alphabet="qQuúýyYthángTnămhọcIVX0123456789/.-–, ;()", max_size=40) | st.text(max_size=60))
def test_any_text_is_read_in_order_or_refused_in_words(text):
    try:
        timing = read_timing(text, **TWO_YEARS)
    except CellError as error:
        assert error.found
    else:
        assert timing.recurrence or timing.due_date
        assert timing.starts_on is None or timing.starts_on <= timing.due_date


@given(DAYS, st.integers(min_value=0, max_value=1000), st.sampled_from(["day", "month", "quarter"]))
def test_a_first_and_a_last_time_make_one_span(day, length, kind):
    """ "Bắt đầu" and "Hoàn thành" in two columns are read as "Từ … đến …"."""
    end = min(day + timedelta(days=length), date(2099, 12, 31))
    written = {
        "day": lambda d: f"{d:%d/%m/%Y}",
        "month": lambda d: f"Tháng {d:%m/%Y}",
        "quarter": lambda d: f"Quý {['I', 'II', 'III', 'IV'][(d.month - 1) // 3]}/{d.year}",
    }[kind]
    timing = read_timing(f"Từ {written(day)} đến {written(end)}", **TWO_YEARS)
    first = {"day": day, "month": day.replace(day=1), "quarter": date(day.year, day.month - (day.month - 1) % 3, 1)}
    assert timing.starts_on == first[kind]
    assert timing.due_date >= end and written(timing.due_date) == written(end)
    assert timing.recurrence == ""

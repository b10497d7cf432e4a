"""What deserves a close look in a report: a table of cases, and what must hold for any figures and words."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.beside import compared
from reports.differences import Stretch
from reports.review import (
    KINDS,
    FigureFacts,
    LineFacts,
    Look,
    Said,
    copied,
    look_at_figure,
    look_at_line,
    look_at_words,
    places,
    unusual,
)

UNTIL = date(2024, 6, 10)
TALK = "Đã tổ chức 02 cuộc tuyên truyền về an toàn giao thông cho học sinh các trường trung học phổ thông"


def line(**facts) -> LineFacts:
    return LineFacts("dong-1", "II.1. Tuyên truyền", **facts)


def kinds(facts: LineFacts, **more) -> list[str]:
    return [look.kind for look in look_at_line(facts, UNTIL, **more)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (line(percent=40, before=Said("in_progress", 20, "Đang chuẩn bị")), []),
        (line(updated=False), ["untouched"]),
        (line(updated=False, leads=False), []),
        # done without a file: graver without a reason
        (line(status="done", percent=100), ["unproved"]),
        (line(status="done", percent=100, no_evidence_reason="Lưu tại đơn vị"), ["no_file"]),
        (line(status="done", percent=100, files=1), []),
        (line(status="done", percent=100, leads=False), []),
        # falling back
        (line(percent=30, before=Said("in_progress", 50)), ["percent_down"]),
        (line(percent=50, before=Said("in_progress", 50)), []),
        (line(percent=50, before=Said("done", 100)), ["status_back", "percent_down"]),
        (line(percent=50, repeats=True, before=Said("done", 100)), []),
        (line(percent=30, repeats=True, before=Said("in_progress", 50)), ["percent_down"]),
        (line(status="not_started", percent=0, before=Said("in_progress", 0)), ["status_back"]),
        (line(status="on_hold", percent=50, before=Said("in_progress", 50)), []),
        # late: the day itself is not late, and a paused or done task never is
        (line(due_on=date(2024, 6, 9)), ["overdue"]),
        (line(due_on=date(2024, 6, 10)), []),
        (line(due_on=date(2024, 6, 9), difficulty="Trùng lịch thi"), ["overdue"]),
        (line(due_on=date(2024, 6, 9), difficulty="Trùng lịch thi", new_expected_on=date(2024, 7, 1)), []),
        (line(due_on=date(2024, 6, 9), status="on_hold", percent=10), []),
        # last period's words
        (line(result=TALK, before=Said("in_progress", 20, TALK)), ["copied"]),
        (line(leads=False, status="", result=TALK, before=Said("", None, TALK)), ["copied"]),
        (line(result=TALK.upper(), before=Said("in_progress", 20, TALK)), ["copied"]),
        (line(result=TALK.replace("02", "03"), before=Said("in_progress", 20, TALK)), []),
        (line(result=TALK + " thành phố", before=Said("in_progress", 20, TALK)), ["copied"]),
        (line(status="not_started", percent=0, result=TALK, before=Said("not_started", 0, TALK)), []),
        (line(status="done", percent=100, files=1, result=TALK, before=Said("done", 100, TALK)), []),
        (line(result="Chưa phát sinh.", before=Said("in_progress", 20, "Chưa phát sinh.")), []),
    ],
)  # fmt: skip
def test_a_line_says_why_it_is_worth_reading(facts, expected):
    assert kinds(facts) == expected


def test_nothing_happened_is_no_missing_line():
    assert kinds(line(updated=False), nothing_to_report=True) == []


def test_what_is_missing_of_a_late_task_is_named():
    (look,) = look_at_line(line(due_on=date(2024, 6, 9), difficulty="Trùng lịch"), UNTIL)
    assert look.said == "quá hạn 09/06/2024, chưa nêu ngày dự kiến"


def figure(value, previous=None, *history, **more) -> FigureFacts:
    numbers = tuple(Decimal(one) for one in history)
    return FigureFacts(
        "so-lieu-PB01", "Số cuộc (PB01)", None if value is None else Decimal(value),
        None if previous is None else Decimal(previous), numbers, **more
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "kind", "said"),
    [
        (figure(12, 4), "jump", "kỳ trước 4, kỳ này 12 (gấp 3 lần)"),
        (figure(11, 4), "", ""),
        (figure("119", "40"), "", ""),
        (figure(1234, 120), "jump", "kỳ trước 120, kỳ này 1.234 (gấp 10,2 lần)"),
        (figure(4, 12), "fall", "kỳ trước 12, kỳ này 4 (còn 33,3%)"),
        (figure(5, 12), "", ""),
        (figure(0, 12), "fall", "kỳ trước 12, kỳ này 0 (còn 0%)"),
        # a handful more or less is chance
        (figure(3, 1), "", ""),
        (figure(0, 2), "", ""),
        # nothing to compare with
        (figure(500, None), "", ""),
        (figure(500, 0), "", ""),
        (figure(None, 12, 12, 12), "", ""),
        # a stock falls by a fifth
        (figure(79, 100, is_stock=True), "fall", "kỳ trước 100, kỳ này 79 (còn 79%)"),
        (figure(80, 100, is_stock=True), "", ""),
        (figure(79, 100), "", ""),
        # the agency's own median, of two periods or more
        (figure(42, 20, 20, 10, 9, 8), "unusual", "cao bất thường (gấp 4,4 lần trung vị 4 kỳ)"),
        (figure(42, 10, 10, 10, 10, 10), "jump",
         "kỳ trước 10, kỳ này 42 (gấp 4,2 lần); cao bất thường (gấp 4,2 lần trung vị 4 kỳ)"),
        (figure(2, 4, 4, 30, 30), "unusual", "thấp bất thường (bằng 6,7% trung vị 3 kỳ)"),
        (figure(42, 20, 10), "", ""),
    ],
)  # fmt: skip
def test_a_figure_says_how_far_it_is_from_the_usual(facts, kind, said):
    looks = look_at_figure(facts)
    assert [(look.kind, look.said) for look in looks] == ([(kind, said)] if kind else [])


def test_what_the_agency_explained_is_less_grave_and_keeps_its_note():
    open_one, explained = figure(90, 10), figure(90, 10, note="Có hội thi toàn quốc")
    (first,), (second,) = look_at_figure(open_one), look_at_figure(explained)
    assert (first.tone, second.tone) == ("warn", "info") and second.note == "Có hội thi toàn quốc"
    assert first.gravity < second.gravity


def test_each_place_stands_once_and_the_gravest_come_first():
    looks = [
        Look("copied", "dong-1", "một", "nguyên văn"),
        Look("jump", "so-lieu-PB01", "hai", "gấp 4 lần"),
        Look("unproved", "dong-1", "một", "không có minh chứng"),
        Look("untouched", "dong-2", "ba", "chưa cập nhật"),
    ]
    assert [(place.anchor, [look.kind for look in place.looks]) for place in places(looks)] == [
        ("dong-2", ["untouched"]),
        ("dong-1", ["unproved", "copied"]),
        ("so-lieu-PB01", ["jump"]),
    ]


def test_the_reports_own_words_are_looked_at_too():
    (look,) = look_at_words("danh-gia-causes", "Nguyên nhân", TALK, TALK)
    assert (look.kind, look.said, look.anchor) == ("copied", "nguyên văn lời kỳ trước", "danh-gia-causes")
    assert look_at_words("danh-gia-causes", "Nguyên nhân", "", TALK) == []


counts = st.integers(0, 10**12)


@given(value=counts, previous=counts, history=st.lists(counts, max_size=4), is_stock=st.booleans())
def test_any_figure_is_flagged_exactly_by_its_thresholds(value, previous, history, is_stock):
    looks = look_at_figure(figure(value, previous, *history, is_stock=is_stock))
    assert len(looks) <= 1
    kind = looks[0].kind if looks else ""
    far = previous > 0 and abs(value - previous) >= 3
    assert (kind == "jump") == (far and value >= 3 * previous)
    assert (kind == "fall") == (far and (value * 3 <= previous or (is_stock and value * 5 < previous * 4)))
    assert kind in {"", "jump", "fall", "unusual"} and all(look.said for look in looks)


@given(value=counts, usual=st.integers(1, 10**9), periods=st.integers(2, 4))
def test_the_words_of_an_outlier_never_exaggerate(value, usual, periods):
    said = unusual(Decimal(value), (Decimal(usual),) * periods)
    if "gấp" in said:
        times = Decimal(said.split("gấp ")[1].split(" lần")[0].replace(".", "").replace(",", "."))
        assert 3 <= times <= Decimal(value) / usual
    assert ("thấp" in said) == (value * 3 <= usual and usual - value >= 3)


words = st.text(st.sampled_from("aăâbcđ 12.,\n"), max_size=120)


@given(now=words, before=words)
def test_any_two_texts_can_be_set_side_by_side(now, before):
    mine, theirs = compared(now, before)
    assert "".join(part.text for part in mine) == now
    assert "".join(part.text for part in theirs) == before
    assert {part.kind for part in mine} <= {"same", "ins"} and {part.kind for part in theirs} <= {"same", "del"}
    assert copied(now, before) in {"", "nguyên văn lời kỳ trước"} or "gần như nguyên văn" in copied(now, before)


def test_a_change_is_marked_word_by_word_and_another_text_is_not_marked_at_all():
    mine, theirs = compared("Đã tổ chức 03 cuộc tuyên truyền", "Đã tổ chức 02 cuộc tuyên truyền")
    assert Stretch("ins", "03 ") in mine and Stretch("del", "02 ") in theirs
    mine, theirs = compared("Đã phát 500 tờ gấp", "Chưa đến thời gian thực hiện nhiệm vụ này")
    assert {part.kind for part in (*mine, *theirs)} == {"same"}


def test_every_kind_has_an_icon_that_exists_and_a_word():
    from portal.templatetags.portal import icon

    for label, name, tone in KINDS.values():
        assert label and "<svg" in icon(name, 16) and tone in {"bad", "warn", "info"}

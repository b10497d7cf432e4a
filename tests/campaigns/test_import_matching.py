"""Agency names as annexes write them."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.tables.problems import CellError
from agencies.vietnamese import fold
from campaigns.imports.matching import AgencyMatcher


def agency(pk, code, name, short_name, abbreviation="", aliases=(), valid_to=None):
    return SimpleNamespace(
        pk=pk,
        code=code,
        name=name,
        short_name=short_name,
        abbreviation=abbreviation,
        aliases=list(aliases),
        valid_from=date(2004, 1, 1),
        valid_to=valid_to,
    )


AGENCIES = [
    agency(1, "stp", "Sở Tư pháp thành phố Cần Thơ", "Sở Tư pháp", "STP"),
    agency(2, "mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam thành phố Cần Thơ", "Ủy ban MTTQVN thành phố", "UBMTTQVN"),
    agency(3, "gddt", "Sở Giáo dục và Đào tạo thành phố Cần Thơ", "Sở GD&ĐT", "SGDĐT"),
    agency(4, "noi-vu", "Sở Nội vụ thành phố Cần Thơ", "Sở Nội vụ", "SNV"),
    agency(5, "cong-an", "Công an thành phố Cần Thơ", "Công an thành phố", "CATP"),
    agency(6, "phu-nu", "Hội Liên hiệp Phụ nữ thành phố Cần Thơ", "Hội LHPN", "HLHPN"),
    agency(7, "dan-toc", "Ban Dân tộc thành phố Cần Thơ", "Ban Dân tộc", "BDT"),
    agency(8, "thanh-doan", "Đoàn TNCS Hồ Chí Minh thành phố Cần Thơ", "Thành đoàn"),
    agency(9, "atgt", "Ban An toàn giao thông thành phố Cần Thơ", "Ban ATGT"),
    agency(10, "luat-gia", "Hội Luật gia thành phố Cần Thơ", "Hội Luật gia", aliases=["Hội LG"]),
]
GONE = [agency(11, "ldtbxh", "Sở Lao động - Thương binh và Xã hội", "Sở LĐTBXH", valid_to=date(2023, 3, 1))]
MATCHER = AgencyMatcher(AGENCIES, place="Cần Thơ", others=GONE)


def codes(text):
    return [found.code for found in MATCHER.supporting(text).agencies]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("STP", "stp"),
        ("so tu phap", "stp"),
        ("SỞ TƯ PHÁP", "stp"),
        ("Sở Tư pháp (Phòng PBGDPL)", "stp"),
        ("UB MTTQ", "mttq"),
        ("Ủy ban MTTQVN thành phố", "mttq"),
        ("Uỷ ban MTTQ Việt Nam TP", "mttq"),
        ("Mặt trận Tổ quốc", "mttq"),
        ("Mặt trận Tổ quốc Việt Nam TP. Cần Thơ", "mttq"),
        ("UBMTTQVN thành phố Cần Thơ", "mttq"),
        ("Sở GDĐT", "gddt"),
        ("Sở GD&ĐT", "gddt"),
        ("Sở Giáo dục & Đào tạo", "gddt"),
        ("Sở Giáo dục và Đào tạo thành phố", "gddt"),
        ("CATP", "cong-an"),
        ("Công an", "cong-an"),
        ("Công an TP Cần Thơ", "cong-an"),
        ("CA thành phố", "cong-an"),
        ("Hội Phụ nữ", "phu-nu"),
        ("Hội Liên hiệp Phụ nữ Việt Nam thành phố", "phu-nu"),
        ("Hội LHPN TP", "phu-nu"),
        ("Thành đoàn", "thanh-doan"),
        ("Thành Đoàn Cần Thơ", "thanh-doan"),
        ("Đoàn TNCS HCM thành phố", "thanh-doan"),
        ("Ban ATGT thành phố", "atgt"),
        ("Hội LG", "luat-gia"),
        ("cong-an", "cong-an"),
        ("- Sở Nội vụ.", "noi-vu"),
        ("Sở Giáo dục\nvà Đào tạo", "gddt"),
    ],
)
def test_one_name(text, code):
    assert MATCHER.lead(text).code == code


@pytest.mark.parametrize(
    ("text", "expected", "collective"),
    [
        ("", [], []),
        ("Không", [], []),
        ("-", [], []),
        ("Sở Tư pháp; Công an thành phố", ["stp", "cong-an"], []),
        ("- Sở Tư pháp\n- Công an thành phố;\n+ Hội Luật gia.", ["stp", "cong-an", "luat-gia"], []),
        ("Sở Giáo dục và Đào tạo và Thành đoàn", ["gddt", "thanh-doan"], []),
        ("Sở Tư pháp, Sở Giáo dục và Đào tạo, Hội LHPN", ["stp", "gddt", "phu-nu"], []),
        ("Sở Tư pháp, Nội vụ, Giáo dục và Đào tạo", ["stp", "noi-vu", "gddt"], []),
        ("Các sở: Tư pháp, Nội vụ", ["stp", "noi-vu"], []),
        ("Sở Tư pháp - Công an thành phố", ["stp", "cong-an"], []),
        ("STP, STP", ["stp"], []),
        ("các cơ quan, đơn vị liên quan", [], ["các cơ quan, đơn vị liên quan"]),
        ("Sở Tư pháp, các cơ quan, đơn vị liên quan", ["stp"], ["các cơ quan, đơn vị liên quan"]),
        ("Các sở, ban, ngành, đoàn thể thành phố", [], ["Các sở, ban, ngành, đoàn thể thành phố"]),
        ("Các đơn vị có liên quan; Thành đoàn", ["thanh-doan"], ["Các đơn vị có liên quan"]),
        ("UBND các quận, huyện", [], ["UBND các quận, huyện"]),
        ("UBND quận, huyện", [], ["UBND quận, huyện"]),
        ("các bên", [], ["các bên"]),
        ("Các bên ký kết", [], ["Các bên ký kết"]),
        ("Các sở, ban, ngành, Sở Giáo dục và Đào tạo", ["gddt"], ["Các sở, ban, ngành"]),
    ],
)
def test_several_names_in_a_cell(text, expected, collective):
    found = MATCHER.supporting(text)
    assert [agency.code for agency in found.agencies] == expected
    assert list(found.collective) == collective


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Thiếu cơ quan chủ trì"),
        ("Các bên", "không chỉ rõ"),
        ("Mỗi bên", "không chỉ rõ"),
        ("Sở Tư pháp và Công an", "2 cơ quan"),
        ("Sở Y tế", "Không biết cơ quan “Sở Y tế”"),
        ("Công an quận Ninh Kiều", "Không biết cơ quan"),
        ("UBND thành phố", "Không biết cơ quan"),
        ("Sở Lao động - Thương binh và Xã hội", "Không biết cơ quan"),
    ],
)
def test_a_lead_is_exactly_one_known_agency(text, says):
    with pytest.raises(CellError) as caught:
        MATCHER.lead(text)
    assert says in caught.value.found[0][0]


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(CellError) as caught:
        MATCHER.supporting("Sở Tư phápp; Hội Luật sư")
    assert len(caught.value.found) == 2
    assert "Có phải “Sở Tư pháp”" in caught.value.found[0][1]


def test_an_agency_that_has_ended_is_named_as_such():
    with pytest.raises(CellError) as caught:
        MATCHER.lead("Sở LĐTBXH")
    assert "không tồn tại" in caught.value.found[0][0]
    assert "01/03/2023" in caught.value.found[0][1]


def test_two_agencies_of_the_same_name_are_an_error_not_a_guess():
    twins = [
        agency(1, "p1", "Phòng Tư pháp Ninh Kiều", "Phòng Tư pháp"),
        agency(2, "p2", "Phòng Tư pháp Ô Môn", "Phòng Tư pháp"),
    ]
    with pytest.raises(CellError) as caught:
        AgencyMatcher(twins).lead("Phòng Tư pháp")
    message = caught.value.found[0][0]
    assert "Ninh Kiều" in message
    assert "Ô Môn" in message


@given(
    st.lists(st.sampled_from(AGENCIES), min_size=1, max_size=6, unique_by=lambda a: a.pk),
    st.sampled_from([", ", "; ", "\n", " và "]),
)
def test_any_list_of_full_names_is_read_back(agencies, separator):
    text = separator.join(found.name for found in agencies)
    assert codes(text) == [found.code for found in agencies]
    assert codes(fold(text.replace(" và ", ", ")) if separator == " và " else text.upper()) is not None


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        MATCHER.supporting(text)
    except CellError as error:
        assert error.found

"""Agency names as annexes write them."""

from datetime import date
from itertools import combinations
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.tables.problems import CellError
from agencies.vietnamese import fold
from campaigns.imports.matching import AgencyMatcher
from portal.demo.councils import CAN_THO, CAN_THO_AGENCIES, TIEN_GIANG, TIEN_GIANG_AGENCIES


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
        ("Sở Lao động - Thương binh và Xã hội", "không tồn tại"),
        ("Sở", "Không biết cơ quan “Sở”"),
        ("Các sở, ban, ngành liên quan", "không chỉ rõ"),
        ("Sở Tư pháp và các sở, ban, ngành liên quan", "không chỉ rõ"),
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


# --- words that name nobody, and names of which only such words are left ---------------------------------------------


def council(place, texts):
    agencies = [
        agency(at, text.code, text.name, text.short_name, text.abbreviation, text.aliases)
        for at, text in enumerate(texts, 1)
    ]
    return AgencyMatcher(agencies, place=place), agencies


COUNCILS = [council(CAN_THO.place, CAN_THO_AGENCIES), council(TIEN_GIANG.place, TIEN_GIANG_AGENCIES)]
EVERY_NAME = [
    pytest.param(matcher, found, name, id=f"{matcher.agencies[0].name[-9:]}-{name}")
    for matcher, agencies in COUNCILS
    for found in agencies
    for name in dict.fromkeys([found.name, found.short_name, found.code, found.abbreviation, *found.aliases])
]
KINDS = [
    "sở", "ban", "ngành", "hội", "phòng", "ủy ban", "UB", "đoàn", "đoàn thể", "cơ quan", "đơn vị", "tổ chức", "cục",
    "trung tâm", "trường", "liên hiệp", "LH", "hội đồng", "thành phố", "TP", "tỉnh", "quận", "huyện", "xã", "địa phương",
]  # fmt: skip


def read(matcher, text):
    try:
        return [found.code for found in matcher.supporting(text).agencies]
    except CellError:
        return []


@pytest.mark.parametrize(("matcher", "found", "name"), EVERY_NAME)
def test_every_name_of_an_agency_is_its_own(matcher, found, name):
    place = "thành phố Cần Thơ" if matcher is COUNCILS[0][0] else "tỉnh Tiền Giang"
    for text in (name, name.upper(), fold(name), f"- {name}.", f"{name} {place}", f"{name}; các sở, ban, ngành"):
        assert read(matcher, text) == [found.code], text
    assert matcher.lead(name).code == found.code


@pytest.mark.parametrize(("matcher", "found", "name"), EVERY_NAME)
def test_a_name_without_some_of_its_words_is_still_nobody_elses(matcher, found, name):
    """Few of its words, or all but a few, in order: the same agency or none, and none for kinds and places alone."""
    words = name.split()
    nobody = {fold(kind) for kind in KINDS} | {"can tho", "tien giang"}
    lengths = [length for length in range(1, len(words)) if length <= 3 or length >= len(words) - 2]
    for length in lengths:
        for kept in combinations(words, length):
            text = " ".join(kept)
            assert read(matcher, text) in ([], [found.code]), text
            if fold(text) in nobody:
                assert read(matcher, text) == [], text


@pytest.mark.parametrize("matcher", [COUNCILS[0][0], COUNCILS[1][0], MATCHER])
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_agency_alone_matches_nothing(matcher, kind):
    for text in (
        kind,
        f"Các {kind}",
        f"{kind} thành phố",
        f"{kind} TP Cần Thơ",
        f"các {kind} tỉnh",
        f"{kind} liên quan",
    ):
        if fold(text).startswith("so tp"):
            continue  # in the councils of the demo this is a name of Sở Tư pháp
        assert read(matcher, text) == [], text
        with pytest.raises(CellError):
            matcher.lead(text)


@pytest.mark.parametrize("matcher", [COUNCILS[0][0], COUNCILS[1][0], MATCHER])
@pytest.mark.parametrize(
    "text",
    [
        "Các sở, ban, ngành liên quan",
        "các sở, ban, ngành",
        "Các Sở, Ban, ngành, đoàn thể TP",
        "Các sở",
        "Các sở TP",
        "Sở, ban, ngành",
        "Sở, ngành có liên quan",
        "sở ngành liên quan",
        "Ban, ngành, đoàn thể",
        "Các ban, ngành và đoàn thể",
        "các cơ quan, đơn vị liên quan",
        "các cơ quan và đơn vị có liên quan",
        "các đơn vị có liên quan",
        "Các cơ quan Công an",
        "Công an các quận, huyện",
        "Công an quận, huyện",
        "UBND các quận, huyện",
        "UBND quận, huyện",
        "UBND cấp huyện",
        "Tất cả các sở, ban, ngành",
        "các sở, ban ngành thành phố, UBND các quận, huyện",
    ],
)
def test_words_for_many_are_kept_as_written_and_given_to_nobody(matcher, text):
    found = matcher.supporting(text)
    assert (found.agencies, found.collective) == ((), (text,))
    beside = matcher.supporting(f"Sở Tư pháp, {text}")
    assert ([a.code for a in beside.agencies], beside.collective) == (["stp"], (text,))
    with pytest.raises(CellError) as caught:
        matcher.lead(text)
    assert "không chỉ rõ" in caught.value.found[0][0]


@pytest.mark.parametrize(
    ("text", "expected", "collective"),
    [
        ("Các sở, ban, ngành: Sở Tư pháp, Sở Nội vụ", ["stp", "noivu"], ["Các sở, ban, ngành"]),
        ("Các sở, ngành: Nội vụ, Công an", ["noivu", "congan"], ["Các sở, ngành"]),
        ("Các cơ quan: Công an, MTTQ", ["congan", "mttq"], []),
        ("Các sở, ban, ngành, Công an thành phố, đoàn thể", ["congan"], ["Các sở, ban, ngành", "đoàn thể"]),
        ("Các sở, ban Dân tộc", ["dantoc"], ["Các sở"]),
        ("Công an, các sở, ban, ngành", ["congan"], ["các sở, ban, ngành"]),
    ],
)
def test_names_among_words_for_many(text, expected, collective):
    found = COUNCILS[0][0].supporting(text)
    assert ([a.code for a in found.agencies], list(found.collective)) == (expected, collective)


def test_an_alias_that_is_only_a_kind_matches_nothing():
    matcher = AgencyMatcher([agency(1, "stp", "Sở Tư pháp", "Sở Tư pháp", aliases=["Sở", "Sở thành phố", "các sở"])])
    assert [read(matcher, text) for text in ("Sở", "Sở thành phố", "Các sở", "sở TP", "Sở Tư pháp")] == [[]] * 4 + [
        ["stp"]
    ]


# --- unknown names with "và" in them -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "as_lead", "as_supporting"),
    [
        ("Sở Văn hoá và Du lịch", ["Sở Văn hoá và Du lịch"], None),
        ("Sở Văn hóa, Thể thao và Du lịch", ["Sở Văn hóa, Thể thao và Du lịch"], None),
        ("Sở Khoa học & Công nghệ", ["Sở Khoa học & Công nghệ"], None),
        ("Sở Công nghiệp - Thương mại", ["Sở Công nghiệp - Thương mại"], None),
        ("Sở Văn hóa và Sở Y tế", ["Sở Văn hóa", "Sở Y tế"], None),
        ("Sở Văn hóa và TAND", ["Sở Văn hóa", "TAND"], None),
        ("Sở Văn hóa và Nội vụ", ["Sở Văn hóa"], None),
        ("Sở Văn hóa và Thành đoàn", ["Sở Văn hóa"], None),
        ("Sở Văn hóa và các đơn vị liên quan", ["Sở Văn hóa"], None),
        ("Sở Y tế, Xây dựng và Du lịch", ["Sở Y tế, Xây dựng và Du lịch"], ["Sở Y tế", "Xây dựng", "Du lịch"]),
        ("Sở Nội vụ và Du lịch", ["Du lịch"], None),
    ],
)
def test_an_unknown_name_keeps_its_own_va(text, as_lead, as_supporting):
    for method, names in (("lead", as_lead), ("supporting", as_supporting or as_lead)):
        matcher = AgencyMatcher(AGENCIES, place="Cần Thơ")
        with pytest.raises(CellError) as caught:
            getattr(matcher, method)(text)
        assert [name for name, _times in matcher.unknown.values()] == names
        assert [f"“{name}”" in said[0] for name, said in zip(names, caught.value.found, strict=True)] == [True] * len(
            names
        )


def test_what_is_offered_to_be_explained_is_found_again():
    for text in ("Sở Văn hoá và Du lịch", "Sở Y tế, Xây dựng và Du lịch"):
        first = AgencyMatcher(AGENCIES, place="Cần Thơ")
        with pytest.raises(CellError):
            first.lead(text)
        given_names = dict.fromkeys(first.unknown, AGENCIES[3])
        second = AgencyMatcher(AGENCIES, place="Cần Thơ", given=given_names)
        assert second.lead(text).code == "noi-vu"
        both = second.supporting(f"Công an, {text}")
        assert [found.code for found in both.agencies] == ["cong-an", "noi-vu"]


def test_words_that_a_person_set_aside_do_not_stop_the_lead():
    told = {"so van hoa": AGENCIES[3], "du lich": None}
    matcher = AgencyMatcher(AGENCIES, place="Cần Thơ", given=told)
    assert matcher.lead("Sở Văn hoá và Du lịch").code == "noi-vu"
    assert matcher.lead("Sở Tư pháp và Du lịch").code == "stp"
    for text in ("Du lịch", "Sở Tư pháp, Du lịch, các đơn vị liên quan"):
        with pytest.raises(CellError) as caught:
            matcher.lead(text)
        assert "không chỉ rõ" in caught.value.found[0][0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hội LH Phụ nữ", "phunu"),
        ("Hội LH Phụ nữ TP", "phunu"),
        ("LH Hội Phụ nữ", "phunu"),
        ("HLHPN thành phố Cần Thơ", "phunu"),
        ("Hội PN", "phunu"),
        ("ĐTN", "thanhdoan"),
        ("Đoàn TN thành phố", "thanhdoan"),
        ("TĐ", "thanhdoan"),
        ("Sở NV", "noivu"),
    ],
)
def test_common_abbreviations(text, code):
    assert COUNCILS[0][0].lead(text).code == code


def test_an_abbreviation_of_two_agencies_is_not_guessed():
    twins = [agency(1, "a", "Tỉnh đoàn Tiền Giang", "Tỉnh đoàn"), agency(2, "b", "Thành đoàn Mỹ Tho", "Thành đoàn")]
    with pytest.raises(CellError) as caught:
        AgencyMatcher(twins).lead("TĐ")
    assert "có thể là" in caught.value.found[0][0]
    with pytest.raises(CellError) as caught:
        MATCHER_WITHOUT_YOUTH.lead("TĐ")
    assert "Không biết cơ quan" in caught.value.found[0][0]


MATCHER_WITHOUT_YOUTH = AgencyMatcher([found for found in AGENCIES if found.code != "thanh-doan"])


# --- known names that hold the signs by which names are separated ---------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sở Tư pháp; Sở Văn hóa, Thể thao và Du lịch thành phố Cần Thơ", ["stp", "vh"]),
        ("Sở Văn hóa, Thể thao và Du lịch; Sở Tư pháp", ["vh", "stp"]),
        ("Sở Tư pháp, Sở Văn hóa, Thể thao và Du lịch, Báo và Phát thanh, Truyền hình Cần Thơ", ["stp", "vh", "bao"]),
        ("Báo và Phát thanh, Truyền hình Cần Thơ\nSở Tư pháp", ["bao", "stp"]),
        ("Sở Tư pháp và Báo và Phát thanh, Truyền hình", ["stp", "bao"]),
        ("Các sở: Tư pháp; Văn hóa, Thể thao và Du lịch", ["stp", "vh"]),
        ("Sở Văn hoá, Thể thao, Du lịch; Sở Tư pháp", ["vh", "stp"]),
    ],
)
def test_a_known_name_keeps_its_own_commas_in_a_list(text, expected):
    matcher = AgencyMatcher(
        [
            agency(1, "stp", "Sở Tư pháp thành phố Cần Thơ", "Sở Tư pháp"),
            agency(2, "vh", "Sở Văn hóa, Thể thao và Du lịch thành phố Cần Thơ", "Sở VHTTDL"),
            agency(3, "bao", "Báo và Phát thanh, Truyền hình Cần Thơ", "Báo và PTTH"),
        ],
        place="Cần Thơ",
    )
    assert read(matcher, text) == expected

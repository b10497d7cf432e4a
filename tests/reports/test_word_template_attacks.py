"""Word templates made to harm: tags that the parser chokes on, fields that fetch, files that cost minutes."""

import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from reports.exports.nd30.rules import check
from reports.exports.word_package import active_content, open_word
from reports.exports.word_template import council_report_template
from reports.exports.word_template_check import check_template, preview
from reports.exports.word_template_check_bounds import MAX_ELEMENTS
from tests.reports import nd30_mutations as m
from tests.reports.test_word_template_check import docx_with, field, with_paragraph

VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'


def told(content: bytes) -> str:
    return " ".join(check_template(content).problems)


# 8: tags and attributes on which a library gives up

DEEP = [
    ("not", ["{{ " + "not " * 3000 + "draft }}"], "quá dài"),
    ("brackets", ["{{ " + "(" * 500 + "draft" + ")" * 500 + " }}"], "lớp ngoặc"),
    ("few brackets", ["{{ " + "(" * 20 + "draft" + ")" * 20 + " }}"], "lớp ngoặc"),
    ("filters", ["{{ subject" + "|upper" * 3000 + " }}"], "quá dài"),
    ("filters in a string", ["{{ '{{}}' ~ subject" + "|upper" * 3000 + " }}"], "chưa đóng"),
    ("ifs", ["{% if draft %}" * 300 + "x" + "{% endif %}" * 300], "lồng nhau quá"),
    ("paragraph ifs", ["{%p if draft %}"] * 400 + ["x"] + ["{%p endif %}"] * 400, "lồng nhau quá"),
    ("elifs", ["{% if draft %}x" + "{% elif draft %}x" * 200 + "{% endif %}"], "elif"),
    ("digits", ["{{ " + "9" * 5000 + " }}"], "quá dài"),
]


@pytest.mark.parametrize("typed, words", [row[1:] for row in DEEP], ids=[row[0] for row in DEEP])
def test_a_tag_too_long_or_too_deep_is_refused_in_words(typed, words):
    assert words in told(with_paragraph(*typed))


def test_an_error_of_the_parser_is_a_refusal(monkeypatch):
    """The second wall: what the bounds let through and the parser does not bear."""
    from reports.exports import word_template_check as checking

    for error in (RecursionError(), ValueError("Exceeds the limit"), MemoryError()):

        def fails(*_args, error=error):
            raise error

        monkeypatch.setattr(checking.Reader, "read", fails)
        assert "lồng nhau quá sâu" in told(council_report_template())


UNREADABLE = [
    ("sz", lambda document: set_size(document, "abc")),
    ("sz", lambda document: set_size(document, "1e999")),
    ("line", lambda document: set_property(document, "spacing", line="abc")),
    ("before", lambda document: set_property(document, "spacing", before="x")),
    ("left", lambda document: set_property(document, "ind", left="x")),
]


def set_size(document, value: str) -> None:
    properties = m.the(document, "BÁO CÁO").runs[0]._r.get_or_add_rPr()
    for known in properties.findall(qn("w:sz")):
        properties.remove(known)
    size = OxmlElement("w:sz")
    size.set(qn("w:val"), value)
    properties.append(size)


def set_property(document, name: str, **values: str) -> None:
    properties = m.the(document, "BÁO CÁO")._p.get_or_add_pPr()
    element = properties.find(qn(f"w:{name}"))
    if element is None:
        element = OxmlElement(f"w:{name}")
        properties.append(element)
    for attribute, value in values.items():
        element.set(qn(f"w:{attribute}"), value)


@pytest.mark.parametrize("name, change", UNREADABLE)
def test_a_size_that_is_no_number_is_a_finding_not_a_crash(name, change):
    found = [finding for finding in check(m.edited(preview(None), change)) if finding.rule == "L00"]
    assert len(found) == 1 and f"w:{name}=“" in found[0].found


def test_a_template_with_such_a_size_is_answered():
    checked = check_template(m.edited(council_report_template(), lambda document: set_size(document, "abc")))
    assert checked.problems == () and any("w:sz=“abc”" in finding.found for finding in checked.findings)


def test_a_number_of_a_document_as_long_as_a_page_is_a_finding():
    long = m.edited(preview(None), m.words("Số:", "Số: " + "9" * 5000 + "/BC-X ", first=True))
    assert any(finding.found.startswith("“Số: 999") for finding in check(long))


@pytest.mark.parametrize(
    "root", ["<w:document %s/>", "<w:document %s><w:p/></w:document>", "<document/>"], ids=["empty", "bare", "other"]
)
def test_a_document_without_body_is_refused(root):
    xml = (root.replace("%s", nsdecls("w"))).encode()
    assert "không có phần nội dung" in told(docx_with(**{"word/document.xml": xml}))


# 9: what fetches


def simple_field(instruction: str) -> bytes:
    def change(document):
        element = OxmlElement("w:fldSimple")
        element.set(qn("w:instr"), instruction)
        m.the(document, "BÁO CÁO")._p.append(element)

    return m.edited(council_report_template(), change)


def inserted(xml: str) -> bytes:
    """The built-in template with something in a run of its title."""

    def change(document):
        m.the(document, "BÁO CÁO").add_run()._r.append(parse_xml(xml))

    return m.edited(council_report_template(), change)


def marks(*pieces: str) -> bytes:
    """A field from pieces: begin, separate, end are its marks, all else is typed as text."""

    def change(document):
        paragraph = m.the(document, "BÁO CÁO")
        for piece in pieces:
            run = paragraph.add_run()
            if piece in ("begin", "separate", "end"):
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), piece)
                run._r.append(mark)
            elif piece.startswith("code:"):
                code = OxmlElement("w:instrText")
                code.text = piece.removeprefix("code:")
                run._r.append(code)
            else:
                run.text = piece

    return m.edited(council_report_template(), change)


SMUGGLED = [
    ("tag in code", lambda: field(' {{ "INCLUDE" }}PICTURE "http://evil/x.png" \\d '), "trong mã của một trường"),
    ("tag in simple", lambda: simple_field(' {{ "INCLUDE" }}PICTURE "http://evil/x.png" \\d '), "trong mã của một"),
    ("comment in code", lambda: field("INCL{# #}UDEPICTURE http://evil/x.png"), "trong mã của một trường"),
    ("comment in simple", lambda: simple_field("INCL{# #}UDEPICTURE x"), "trong mã của một trường"),
    ("tag as text in code", lambda: marks("begin", "{{ 'INCLUDE' }}", "code:PICTURE x", "end"), "trong mã của một"),
    ("hidden mark", lambda: marks("begin", "code:PAGE", "{% if 1 %}", "separate", "{% endif %}", "end"), "trong mã"),
    ("IF", lambda: simple_field('IF 1=1 INCLUDEPICTURE "http://evil/x.png"'), "trường IF"),
    ("QUOTE", lambda: field('QUOTE "x"'), "trường QUOTE"),
    ("formula", lambda: field("= 1 + 1"), "trường ="),
    ("nested", lambda: marks("begin", "code:REF ", "begin", "code:PAGE", "end", "end"), "lồng trong mã"),
    ("split", lambda: marks("begin", "code:INCL", "code:UDETEXT x", "separate", "x", "end"), "INCLUDETEXT"),
    ("open", lambda: marks("begin", "code:INCLUDETEXT x"), "INCLUDETEXT"),
    ("loose", lambda: marks("code:INCLUDETEXT x"), "INCLUDETEXT"),
    ("link out", lambda: field('HYPERLINK "http://evil/"'), "HYPERLINK"),
    ("link out and in", lambda: field('HYPERLINK "http://evil/" \\l "a"'), "HYPERLINK"),
    ("VML image", lambda: inserted(f'<w:pict {nsdecls("w")} {VML}><v:shape><v:imagedata src="http://evil/x.png"/></v:shape></w:pict>'), "lấy từ ngoài: http://evil"),
    ("VML share", lambda: inserted(f'<w:pict {nsdecls("w")} {VML}><v:rect><v:fill o:href="\\\\evil\\x"/></v:rect></w:pict>'), "lấy từ ngoài"),
    ("VML link", lambda: inserted(f'<w:pict {nsdecls("w")} {VML}><v:rect href="http://evil/"/></w:pict>'), "lấy từ ngoài"),
    ("VML tag", lambda: inserted(f'<w:pict {nsdecls("w")} {VML}><v:rect alt="{{{{ subject }}}}"/></w:pict>'), "Thẻ chỉ được đặt trong chữ"),
    ("SVG", lambda: docx_with(**{"word/media/a.svg": b'<svg><image href="http://evil/x"/></svg>'}), "lấy từ ngoài"),
    ("other name", lambda: docx_with(**{"word/a.dat": b'<a src="http://evil/x"/>'}), "lấy từ ngoài"),
    ("other folder", lambda: docx_with(**{"b/_rels/c.RELS": relation('Target="http://evil/"')}), "liên kết ra ngoài"),
    ("mode in small", lambda: docx_with(**{"b/_rels/c.rels": relation('Target="x" TargetMode="external"')}), "liên kết ra ngoài"),
    ("share", lambda: docx_with(**{"b/_rels/c.rels": relation('Target="\\\\evil\\x"')}), "liên kết ra ngoài"),
    ("other main part", lambda: docx_with(**{"_rels/.rels": main_part("evil/document.xml")}), "bị hỏng"),
]  # fmt: skip


def relation(attributes: str, kind: str = "hyperlink") -> bytes:
    base = "http://schemas.openxmlformats.org"
    return (
        f'<Relationships xmlns="{base}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{base}/officeDocument/2006/relationships/{kind}" {attributes}/></Relationships>'
    ).encode()


def main_part(target: str) -> bytes:
    return relation(f'Target="{target}"', "officeDocument")


@pytest.mark.parametrize("make, words", [row[1:] for row in SMUGGLED], ids=[row[0] for row in SMUGGLED])
def test_what_fetches_is_refused_however_it_is_put(make, words):
    assert words in told(make())


HARMLESS = ["PAGE", " PAGE \\* MERGEFORMAT ", "PAGE\\* Arabic", "NUMPAGES", "SECTIONPAGES", ' TOC \\o "1-3" \\h \\z \\u ',
            "PAGEREF _Toc1 \\h", 'STYLEREF "Heading 1"', "SEQ Bảng \\* ARABIC", "REF _Ref1 \\h",
            'HYPERLINK \\l "_Toc1"', "HYPERLINK \\l _Toc1 \\h", ""]  # fmt: skip


@pytest.mark.parametrize("instruction", HARMLESS)
def test_fields_that_count_and_point_inside_are_taken(instruction):
    for made in (field(instruction), simple_field(instruction)):
        assert active_content(open_word(made)) == []


def test_the_trial_document_is_looked_at_too(monkeypatch):
    """The second wall: what only comes into being when the tags are run."""
    from reports.exports import word_template_check as checking

    smuggled = field("INCLUDEPICTURE http://evil/x.png")
    monkeypatch.setattr(checking, "preview", lambda content, draft: smuggled)
    assert "INCLUDEPICTURE" in told(council_report_template())


# 10: small files that cost minutes


def crowded(xml: str, count: int) -> bytes:
    known = m.part(council_report_template(), "word/document.xml").decode()
    return docx_with(**{"word/document.xml": known.replace("<w:body>", "<w:body>" + xml * count, 1).encode()})


@pytest.mark.parametrize(
    "xml, count, words",
    [
        ("<w:p/>", 20_000, "đoạn, quá mức 3.000"),
        ("<w:p/>", 100_000, "đoạn, quá mức 3.000"),
        ("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>", MAX_ELEMENTS + 1, "bảng, quá mức 3.000"),
        ("<w:bookmarkStart/>", 60_000, "phần tử, quá mức 60.000"),
        ("<w:p><w:pPr><w:sectPr/></w:pPr></w:p>", 100, "phần (section), quá mức 50"),
    ],
)
def test_a_crowded_template_is_refused_before_it_is_run(xml, count, words, monkeypatch):
    from reports.exports import word_template_check as checking

    monkeypatch.setattr(checking, "preview", None)  # calling it would fail
    monkeypatch.setattr(checking, "_sources", None)
    problems = told(crowded(xml, count))
    assert words in problems or "bất thường" in problems


def test_loops_do_not_multiply_what_a_template_may_hold():
    loop = ["{%p for h in headings %}", "{%p for a in agencies %}", *["x"] * 200, "{%p endfor %}", "{%p endfor %}"]
    assert "in ra quá nhiều đoạn" in told(with_paragraph(*loop))


def test_a_long_template_is_still_a_template():
    def longer(document):
        place = m.the(document, "{%p for heading in headings %}")
        for number in range(600):
            place.insert_paragraph_before(f"Đoạn cố định {number}.", style="Report Body")

    assert check_template(m.edited(council_report_template(), longer)).problems == ()

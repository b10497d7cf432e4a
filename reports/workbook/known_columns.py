"""Which columns of the ministry's forms are which of our indicators (domain.md §2.4).

A column is known by its code and by the words on its path of headings together: the same code means another thing on
another form, and the same leaf ('Tổng số') stands under several parents. Patterns are searched in the folded path,
levels joined by ' / '. TT 17/2025 is not here: its columns are not known.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class KnownColumn:
    """One column of one form: its code there, our indicator, words the path must have and must not have."""

    form: str
    number: int
    indicator: str
    needs: tuple[str, ...]
    avoids: str = ""

    def fits(self, path: str) -> bool:
        """Whether a folded header path speaks of this column."""
        return all(re.search(need, path) for need in self.needs) and not (self.avoids and re.search(self.avoids, path))


_MEDIATED = r"\bthanh\b(?! pho)"
_OF_TEAMS = r"hoa giai vien|\bhgv\b"
_CONTEST = r"\b(?:cuoc thi|du thi|hoi thi|thi tim hieu)\b"

# form, column, indicator, words needed, words that speak against it
_ROWS = (
    ("09e", 1, "PB08", ("bao cao vien",), "truc tiep|tuyen truyen vien"),
    ("09e", 2, "PB08a", ("bao cao vien", "truc tiep"), "tuyen truyen vien"),
    ("09e", 3, "PB01", ("cuoc", "truc tiep|tuyen truyen|pho bien|pbgdpl"), f"luot|bao cao vien|{_CONTEST}"),
    ("09e", 4, "PB02", ("luot nguoi",), f"bao cao vien|{_CONTEST}"),
    ("09e", 5, "PB03", (_CONTEST, "cuoc"), "luot"),
    ("09e", 6, "PB04", ("luot nguoi", _CONTEST), ""),
    ("09e", 7, "PB05", ("tai lieu",), "internet|tieng |ngon ngu|khac|trong do"),
    ("09e", 8, "PB05i", ("internet|mang",), ""),
    ("09e", 9, "PB10", ("kinh phi",), "thuong xuyen|chuong trinh|de an|khac|ho tro"),
    ("09e", 10, "PB10a", ("kinh phi|nsnn|ngan sach", "thuong xuyen"), ""),
    ("09e", 11, "PB10b", ("kinh phi|nsnn|ngan sach", "chuong trinh|de an"), ""),
    ("09e", 12, "PB10c", ("kinh phi|nguon", "ho tro|khac"), "thuong xuyen|chuong trinh"),
    ("20/2013 PBGDPL", 1, "PB01", ("cuoc", "truc tiep|pho bien"), f"luot|bao cao vien|{_CONTEST}"),
    ("20/2013 PBGDPL", 2, "PB02", ("luot nguoi",), f"bao cao vien|{_CONTEST}"),
    ("20/2013 PBGDPL", 3, "PB03", (_CONTEST, "cuoc"), "luot"),
    ("20/2013 PBGDPL", 4, "PB04", ("luot nguoi", _CONTEST), ""),
    ("20/2013 PBGDPL", 5, "PB05", ("tai lieu",), "internet|tieng |khac"),
    ("20/2013 PBGDPL", 6, "PB05a", ("tai lieu", "tieng viet"), ""),
    ("20/2013 PBGDPL", 7, "PB05b", ("tai lieu", "dan toc"), ""),
    ("20/2013 PBGDPL", 8, "PB05c", ("tai lieu", "khac"), "tieng viet|dan toc"),
    ("20/2013 PBGDPL", 9, "PB06", ("phat song|phat thanh",), ""),
    ("20/2013 PBGDPL", 10, "PB07", ("tin bai|tin va bai",), ""),
    ("10c", 1, "HG01", (r"to hoa giai\b",), _OF_TEAMS),
    ("10c", 2, "HG02", (_OF_TEAMS, "tong so"), r"\bnam\b|\bnu\b|luat|dan toc|boi duong"),
    ("10c", 3, "HG03", (_OF_TEAMS, r"\bnam\b(?! \d)"), "trinh do|dan toc|boi duong"),
    ("10c", 4, "HG04", (_OF_TEAMS, r"\bnu\b"), "trinh do|dan toc|boi duong"),
    ("10c", 5, "HG05", (_OF_TEAMS, "luat", "co trinh do|trinh do"), "chua"),
    ("10c", 6, "HG06", (_OF_TEAMS, "chua", "luat|dao tao"), ""),
    ("10c", 7, "HG07", (_OF_TEAMS, "dan toc"), ""),
    ("10c", 8, "HG08", (_OF_TEAMS, "boi duong"), ""),
    ("20/2013 HGCS", 1, "HG11", ("vu viec", "tiep nhan|tong so"), f"{_MEDIATED}|dan su|hon nhan|mau thuan|giai quyet"),
    ("20/2013 HGCS", 2, "HG12", ("dan su",), _MEDIATED),
    ("20/2013 HGCS", 3, "HG13", ("hon nhan",), _MEDIATED),
    ("20/2013 HGCS", 4, "HG14", ("mau thuan|xich mich",), _MEDIATED),
    ("20/2013 HGCS", 5, "HG15", (rf"hoa giai {_MEDIATED}",), "khong thanh|dan su|hon nhan|mau thuan"),
    ("20/2013 HGCS", 6, "HG16", (rf"hoa giai {_MEDIATED}", "dan su"), ""),
    ("20/2013 HGCS", 7, "HG17", (rf"hoa giai {_MEDIATED}", "hon nhan"), ""),
    ("20/2013 HGCS", 8, "HG18", (rf"hoa giai {_MEDIATED}", "mau thuan|xich mich|khac"), "dan su|hon nhan"),
    ("20/2013 HGCS", 9, "HG19", ("khong thanh",), ""),
    ("20/2013 HGCS", 10, "HG20", ("chua giai quyet",), "dang"),
    ("20/2013 HGCS", 11, "HG21", ("dang giai quyet",), ""),
)
KNOWN_COLUMNS = tuple(KnownColumn(*row) for row in _ROWS)


_FORM_NAMED = re.compile(r"\b(09e|10c)\b")


def form_named(about: str) -> str:
    """The form that the words above a table name ('Biểu số 09e/BTP/PBGDPL' → '09e'); '' when they name none of ours."""
    match = _FORM_NAMED.search(about.casefold())
    return match[1] if match else ""


def indicators_of(number: int | None, path: str, form: str = "") -> list[str]:
    """The indicators whose code and header path both fit, in order; with no code, those whose path fits.

    ``form`` keeps to the columns of one form.
    """
    fitting = [
        column.indicator
        for column in KNOWN_COLUMNS
        if column.fits(path) and number in (None, column.number) and form in ("", column.form)
    ]
    return list(dict.fromkeys(fitting))

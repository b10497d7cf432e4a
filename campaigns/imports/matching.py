"""Agency names as annexes write them → the council's agencies. A name that fits two is an error, not a guess."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agencies.tables.problems import CellError
from agencies.vietnamese import clean, fold_words

# Abbreviations of administrative Vietnamese, folded, longest first; both sides of a comparison are written out.
_EXPANSIONS = {
    "ubmttqvn": "uy ban mat tran to quoc",
    "ubmttq": "uy ban mat tran to quoc",
    "mttqvn": "mat tran to quoc",
    "mttq": "mat tran to quoc",
    "ubnd": "uy ban nhan dan",
    "ub": "uy ban",
    "stp": "so tu phap",
    "sgddt": "so giao duc va dao tao",
    "sgd dt": "so giao duc va dao tao",
    "gddt": "giao duc va dao tao",
    "gd va dt": "giao duc va dao tao",
    "gd dt": "giao duc va dao tao",
    "giao duc dao tao": "giao duc va dao tao",
    "snv": "so noi vu",
    "hlhpn": "hoi lien hiep phu nu",
    "lhpn": "lien hiep phu nu",
    "lien hiep hoi phu nu": "hoi lien hiep phu nu",
    "atgt": "an toan giao thong",
    "catp": "cong an thanh pho",
    "ca tp": "cong an thanh pho",
    "ca thanh pho": "cong an thanh pho",
    "tncs": "thanh nien cong san",
    "hcm": "ho chi minh",
    "pbgdpl": "pho bien giao duc phap luat",
    "hdph": "hoi dong phoi hop",
    "hdnd": "hoi dong nhan dan",
    "tw": "trung uong",
    "tp": "thanh pho",
    "vn": "viet nam",
}
_ABBREVIATIONS = re.compile(r"\b(" + "|".join(sorted(_EXPANSIONS, key=len, reverse=True)) + r")\b")
_NATION = re.compile(r"\b(to quoc|hoi lien hiep phu nu|luat gia) viet nam\b")
_BULLET = re.compile(r"^\s*(?:[-–+•*]|\d{1,2}[.)]|[a-zđ]\))\s*")
_BRACKETS = re.compile(r"\([^()]*\)")
_STRONG = re.compile(r"[\n;]")
_WEAK = re.compile(r",|/|\s[-–]\s|\s&\s|\bvà\b", re.IGNORECASE)
_OPENERS = re.compile(r"^(?:(?:cac )?(?:co quan|don vi|dong chi)|va|cac|cung|voi) (?=\S)")

# Words that name nobody in particular: "các cơ quan, đơn vị có liên quan", "các sở, ban, ngành, đoàn thể thành phố".
_COLLECTIVE = re.compile(
    r"\b(cac|moi|tung|nhung|tat ca|toan the) |\bhai ben\b|\b(?:co quan|don vi|to chuc|ca nhan|dia phuong|ben|nganh)"
    r"(?: co)? lien quan\b|\bso ban nganh\b|\b(?:cap|tuyen) (?:huyen|xa)\b|\bthanh vien hoi dong\b|"
    r"\buy ban nhan dan (?:cap |quan huyen|quan $|huyen $|xa phuong|xa $|phuong $)"
)
_NOBODY = frozenset({"", "khong", "khong co", "0", "x"})
UNKNOWN = "Không biết cơ quan"  # how the message of a name that no agency answers to begins
_GENERIC = frozenset(
    "co quan don vi so ban nganh doan the hoi to chuc ca nhan lien khac cac quan huyen thi xa phuong tran thanh pho "
    "tinh dia chinh tri xa hoi va o cap co so truong hoc dong phoi hop pho bien giao duc phap luat tren ban ap khu vuc "
    "cong tac chuc nang ky ket ben tham gia uy nhan dan".split()
)


@dataclass(frozen=True)
class Supporting:
    """Who supports a task: the agencies that are named, and the words that name nobody in particular."""

    agencies: tuple = ()
    collective: tuple[str, ...] = ()


class AgencyMatcher:
    """The names of a council's agencies, ready to be compared.

    ``agencies`` are those that exist when the plan starts; ``others`` are known only in order to say that they do not
    exist then. ``place`` is the province's name ("Cần Thơ"), which annexes add or leave out. ``given`` are names that a
    person has explained, folded: an agency, or None for nobody in particular. What could not be read is counted in
    ``unknown``, what was read as explained in ``explained``: folded name → (name as written, how many times).
    """

    def __init__(
        self, agencies: Iterable, *, place: str = "", others: Iterable = (), given: Mapping[str, object] | None = None
    ):
        self._given = dict(given or {})
        self.unknown: dict[str, tuple[str, int]] = {}
        self.explained: dict[str, tuple[str, int]] = {}
        self._place = fold_words(place)
        self.agencies = list(agencies)
        self._exact, self._loose, self._written = defaultdict(dict), defaultdict(dict), {}
        for agency in self.agencies:
            for name in _names(agency):
                self._exact[fold_words(name)][agency.pk] = agency
                for key in _variants(self._plain(name)):
                    self._loose[key][agency.pk] = agency
                self._written.setdefault(fold_words(name), agency.short_name)
        self._gone = {self._plain(name): agency for agency in others for name in _names(agency)}

    def lead(self, text: str):
        """The one agency that leads. Raises CellError for none, several, unknown and collective names."""
        if not clean(text):
            raise CellError(("Thiếu cơ quan chủ trì.", "Mỗi nhiệm vụ có đúng một cơ quan chủ trì."))
        found = self._read(text)
        if found.collective:
            raise CellError(
                (
                    f"“{clean(text)}” không chỉ rõ một cơ quan chủ trì.",
                    "Mỗi nhiệm vụ có đúng một cơ quan chủ trì; tách thành nhiều nhiệm vụ nếu mỗi bên có việc riêng.",
                )
            )
        if len(found.agencies) > 1:
            names = " và ".join(agency.short_name for agency in found.agencies)
            raise CellError(
                (
                    f"Ô chủ trì có {len(found.agencies)} cơ quan: {names}.",
                    "Giữ lại một cơ quan chủ trì, chuyển cơ quan còn lại sang cột Phối hợp.",
                )
            )
        return found.agencies[0]

    def supporting(self, text: str) -> Supporting:
        """All agencies named in a cell, once each, in the order written. Raises CellError for an unknown name."""
        return Supporting() if fold_words(text) in _NOBODY else self._read(text)

    def suggestions(self, text: str) -> list[str]:
        """Up to three known names that look like this one."""
        near = difflib.get_close_matches(fold_words(text), self._written, n=6, cutoff=0.72)
        near += difflib.get_close_matches(self._plain(text), self._written, n=6, cutoff=0.72)
        return list(dict.fromkeys(self._written[name] for name in near))[:3]

    # --- reading a cell ----------------------------------------------------------------------------------------------

    def _read(self, text: str) -> Supporting:
        agencies, collective, wrong = {}, [], []
        if (said := fold_words(text)) in self._given:
            _count(self.explained, clean(text))
            return Supporting((self._given[said],)) if self._given[said] else Supporting((), (clean(text),))
        if (whole := self._find([clean(text)], False)) is not None and not isinstance(whole, CellError):
            return Supporting((whole,))  # one name, perhaps broken over two lines
        for segment in _STRONG.split(_without_brackets(text)):
            pieces = [piece for piece in (_BULLET.sub("", part).strip(" .:") for part in _WEAK.split(segment)) if piece]
            for name, match in self._walk(pieces):
                if isinstance(match, CellError):
                    _count(self.unknown, name)
                    wrong += match.found
                elif match is None:
                    collective.append(clean(name))
                else:
                    agencies.setdefault(match.pk, match)
        if wrong:
            raise CellError(*wrong)
        if not agencies and not collective:
            _count(self.unknown, clean(text))
            raise self._unknown(clean(text))
        return Supporting(tuple(agencies.values()), tuple(collective))

    def _walk(self, pieces: list[str]):
        """Yield (text, agency | None for collective words | CellError), the longest known name first at each place."""
        at, after_department = 0, False
        while at < len(pieces):
            for end in range(len(pieces), at, -1):
                joined = pieces[at:end]
                if (said := fold_words(", ".join(joined))) in self._given:
                    _count(self.explained, ", ".join(joined))
                    yield ", ".join(joined), self._given[said]
                    break
                match = self._find(joined, after_department)
                if match is not None:
                    yield ", ".join(joined), match
                    break
            else:
                end = self._collective_end(pieces, at)
                if end > at:
                    yield ", ".join(pieces[at:end]), None
                else:
                    end = at + 1
                    yield pieces[at], self._unknown(pieces[at])
            after_department = after_department or fold_words(pieces[at]).startswith(("so ", "cac so "))
            at = end

    def _find(self, pieces: list[str], after_department: bool):
        """The agency that these pieces name together, a CellError when it is two, or None."""
        spellings = [" ".join(pieces)]
        if len(pieces) > 1:
            spellings.append(" và ".join(pieces))  # "Giáo dục và Đào tạo" was split at its own "và"
        for spelling in spellings:
            plain = self._plain(spelling)
            tries = [plain]
            if (bare := _OPENERS.sub("", plain)) != plain:
                tries.append(bare)
            if after_department:
                tries.append(f"so {plain}")  # "Sở Tư pháp, Nội vụ": the word is said once for both
            for found in (self._exact.get(fold_words(spelling)), *(self._loose.get(key) for key in tries)):
                if found:
                    return self._only(spelling, found)
        return None

    def _only(self, text: str, found: dict):
        if len(found) == 1:
            return next(iter(found.values()))
        names = ", ".join(sorted(f"“{agency.name}”" for agency in found.values()))
        return CellError((f"Tên “{text}” có thể là {names}.", "Ghi tên đầy đủ của cơ quan."))

    def _collective_end(self, pieces: list[str], at: int) -> int:
        """How far words that name nobody in particular go from here; ``at`` itself when they do not begin here."""
        end, marked = at, False
        while end < len(pieces) and not self._names_someone(pieces, end):
            words = _expand(fold_words(pieces[end]))
            mark = bool(_COLLECTIVE.search(f"{words} "))
            if not mark and not set(self._plain(pieces[end]).split()) <= _GENERIC:
                break
            end, marked = end + 1, marked or mark
        return end if marked else at

    def _names_someone(self, pieces: list[str], at: int) -> bool:
        return any(self._find(pieces[at:end], False) is not None for end in range(at + 1, len(pieces) + 1))

    def _unknown(self, text: str) -> CellError:
        if gone := self._gone.get(self._plain(text)):
            until = f"đến {gone.valid_to:%d/%m/%Y}" if gone.valid_to else "đến nay"
            return CellError(
                (
                    f"“{text}” ({gone.name}) không tồn tại vào ngày bắt đầu kế hoạch.",
                    f"Cơ quan này tồn tại từ {gone.valid_from:%d/%m/%Y} {until}; ghi tên cơ quan đang tồn tại.",
                )
            )
        near = self.suggestions(text)
        hint = f"Có phải {' hoặc '.join(f'“{name}”' for name in near)}? " if near else ""
        return CellError(
            (
                f"{UNKNOWN} “{text}”.",
                f"{hint}Sửa tên trong tệp, hoặc thêm cơ quan hay tên gọi khác trong mục Cơ quan.",
            )
        )

    def _plain(self, text: str) -> str:
        """A name without abbreviations and without the words that only say which province: 'cong an'."""
        words = _NATION.sub(r"\1", _expand(fold_words(text)))
        tails = [" thanh pho", " tinh", *([f" {self._place}"] if self._place else [])]
        shorter = True
        while shorter:
            shorter = False
            for tail in tails:
                if words.endswith(tail) and len(words) > len(tail):
                    words, shorter = words.removesuffix(tail).strip(), True
        return words


def _names(agency) -> list[str]:
    names = [agency.name, agency.short_name, agency.code, agency.abbreviation, *agency.aliases]
    return [name for name in names if name and fold_words(name)]


def _count(names: dict[str, tuple[str, int]], name: str) -> None:
    written, times = names.get(fold_words(name), (name, 0))
    names[fold_words(name)] = (written, times + 1)


def _expand(words: str) -> str:
    return _ABBREVIATIONS.sub(lambda match: _EXPANSIONS[match[1]], words)


def _variants(plain: str) -> set[str]:
    """The name itself and the shorter forms in which everybody knows it."""
    forms = {plain}
    if plain.startswith("uy ban mat tran"):
        forms |= {plain.removeprefix("uy ban "), f"ban thuong truc {plain}"}
    elif plain.startswith("mat tran to quoc"):
        forms.add(f"uy ban {plain}")
    if "hoi lien hiep phu nu" in plain:
        forms |= {plain.replace("hoi lien hiep phu nu", form) for form in ("hoi phu nu", "lien hiep phu nu", "phu nu")}
    if plain in {"thanh doan", "tinh doan"} or plain.startswith("doan thanh nien cong san"):
        forms |= {"doan thanh nien", "doan thanh nien cong san ho chi minh", "doan thanh nien cong san"}
    return forms


def _without_brackets(text: str) -> str:
    """ "Sở Tư pháp (Phòng PBGDPL)" → "Sở Tư pháp "; an explanation names nobody new."""
    shorter = _BRACKETS.sub(" ", text)
    return shorter if clean(shorter) else text

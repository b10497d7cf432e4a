"""Agency names as annexes write them → the council's agencies. A name that fits two is an error, not a guess."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agencies.tables.problems import CellError
from agencies.vietnamese import clean, fold_words
from campaigns.imports.agency_words import (
    COLLECTIVE,
    GENERIC,
    KINDS,
    ONE_PER_LEVEL,
    begins_a_name,
    expand,
    only_kinds,
)

_NATION = re.compile(r"\b(to quoc|hoi lien hiep phu nu|luat gia) viet nam\b")
_BULLET = re.compile(r"^\s*(?:[-–+•*]|\d{1,2}[.)]|[a-zđ]\))\s*")
_BRACKETS = re.compile(r"\([^()]*\)")
_STRONG = re.compile(r"[\n;]")
_WEAK = re.compile(r"(,|/|\s[-–]\s|\s&\s|\bvà\b)", re.IGNORECASE)
_OPENERS = re.compile(r"^(?:(?:cac )?(?:co quan|don vi|dong chi)|va|cac|cung|voi) (?=\S)")
_MOST_PIECES = 8  # no agency's name has more separators in it; a cell of a hundred names is read quickly
_CULTURE = re.compile(r"\bvan hoa the thao$")  # the one department with a comma in its name: "Văn hóa, Thể thao và …"
_NOBODY = frozenset({"", "khong", "khong co", "0", "x"})
UNKNOWN = "Không biết cơ quan"  # how the message of a name that no agency answers to begins


@dataclass(frozen=True)
class Supporting:
    """Who supports a task: the agencies that are named, and the words that name nobody in particular.

    ``set_aside`` are those of the words of which a person has said that they mean no agency.
    """

    agencies: tuple = ()
    collective: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Piece:
    """A part of a cell between separators, and the separator in front of it: ',', '/', '-', '&' or 'và'."""

    joiner: str
    text: str


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
                if name == agency.name or not self._says_only_kind(self._without_place(fold_words(name))):
                    self._exact[fold_words(name)][agency.pk] = agency
                if not self._says_only_kind(plain := self._plain(name)):  # "Sở TP" must not become every "sở"
                    for key in _variants(plain):
                        self._loose[key][agency.pk] = agency
                        self._loose[key.replace(" va ", " ")][agency.pk] = agency  # "Văn hóa, Thể thao, Du lịch"
                self._written.setdefault(fold_words(name), agency.short_name)
        gone = ((self._plain(name), agency) for agency in others for name in _names(agency))
        self._gone = {plain: agency for plain, agency in gone if not self._says_only_kind(plain)}

    def lead(self, text: str):
        """The one agency that leads. Raises CellError for none, several, unknown and collective names."""
        if not clean(text):
            raise CellError(("Thiếu cơ quan chủ trì.", "Mỗi nhiệm vụ có đúng một cơ quan chủ trì."))
        found = self._read(text, one=True)
        if not found.agencies or set(found.collective) - set(found.set_aside):
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

    def _read(self, text: str, *, one: bool = False) -> Supporting:
        """What a cell says; ``one`` when it should name one agency, so that commas may belong to its name."""
        agencies, collective, set_aside, wrong = {}, [], [], []
        if (said := fold_words(text)) in self._given:
            _count(self.explained, clean(text))
            told = self._given[said]
            return Supporting((told,)) if told else Supporting((), (clean(text),), (clean(text),))
        if (whole := self._find([_Piece("", clean(text))], False)) is not None and not isinstance(whole, CellError):
            return Supporting((whole,))  # one name, perhaps broken over two lines
        for pieces, after_department in _segments(text):
            for name, match in self._walk(pieces, after_department, one):
                if isinstance(match, CellError):
                    _count(self.unknown, name)
                    wrong += match.found
                elif match is None:
                    collective.append(name)
                    set_aside += [name] if fold_words(name) in self._given else []
                else:
                    agencies.setdefault(match.pk, match)
        if wrong:
            raise CellError(*wrong)
        if not agencies and not collective:
            _count(self.unknown, clean(text))
            raise self._unknown(clean(text))
        return Supporting(tuple(agencies.values()), tuple(collective), tuple(set_aside))

    def _walk(self, pieces: list[_Piece], after_department: bool, one: bool):
        """Yield (text, agency | None for collective words | CellError), the longest known name first at each place."""
        at = 0
        while at < len(pieces):
            for end in range(min(len(pieces), at + _MOST_PIECES), at, -1):
                written = _written(pieces[at:end])
                if (said := self._given_as(pieces[at:end])) is not None:
                    _count(self.explained, said)
                    yield said, self._given[fold_words(said)]
                    break
                match = self._find(pieces[at:end], after_department)
                if match is not None:
                    yield written, match
                    break
            else:
                end = self._collective_end(pieces, at)
                if end > at:
                    yield _written(pieces[at:end]), None
                else:
                    end = self._name_end(pieces, at, one)
                    name = _written(pieces[at:end])
                    yield name, self._unknown(name)
            after_department = after_department or fold_words(pieces[at].text).startswith(("so ", "cac so "))
            at = end

    def _given_as(self, pieces: list[_Piece]) -> str | None:
        """The words of these pieces by which a person has explained them, with their "và" or without."""
        spellings = (_written(pieces), ", ".join(piece.text for piece in pieces))
        return next((words for words in spellings if fold_words(words) in self._given), None)

    def _find(self, pieces: list[_Piece], after_department: bool):
        """The agency that these pieces name together, a CellError when it is two, or None."""
        texts = [piece.text for piece in pieces]
        if only_kinds(self._without_place(fold_words(" ".join(texts)))):
            return None  # "các sở, ban, ngành" is nobody, whatever it resembles
        # As written first: "Văn hóa, Thể thao và Du lịch" was split at its own comma and its own "và"; then as others
        # write them, with "và" throughout.
        for spelling in dict.fromkeys([_written(pieces), " ".join(texts), " và ".join(texts)]):
            plain = self._plain(spelling)
            tries = [plain]
            bare = _OPENERS.sub("", plain)
            if bare != plain and not (plain.startswith("cac ") and bare in ONE_PER_LEVEL):
                tries.append(bare)  # but "các cơ quan công an" are many
            if after_department:
                tries.append(f"so {plain}")  # "Sở Tư pháp, Nội vụ": the word is said once for both
            words = fold_words(spelling)
            exact = (self._exact.get(words), self._exact.get(self._without_place(words)))
            for found in (*exact, *(self._loose.get(key) for key in tries)):
                if found:
                    return self._only(spelling, found)
        return None

    def _only(self, text: str, found: dict):
        if len(found) == 1:
            return next(iter(found.values()))
        names = ", ".join(sorted(f"“{agency.name}”" for agency in found.values()))
        return CellError((f"Tên “{text}” có thể là {names}.", "Ghi tên đầy đủ của cơ quan."))

    def _collective_end(self, pieces: list[_Piece], at: int) -> int:
        """How far words that name nobody in particular go from here; ``at`` itself when they do not begin here."""
        end, marked = at, False
        for stop in range(min(len(pieces), at + _MOST_PIECES), at, -1):
            if only_kinds(self._without_place(fold_words(_written(pieces[at:stop])))):
                end, marked = stop, True
                break
        while end < len(pieces) and not self._names_someone(pieces, end):
            words = expand(fold_words(pieces[end].text))
            mark = bool(COLLECTIVE.search(f"{words} "))
            if not mark and not set(self._plain(pieces[end].text).split()) <= GENERIC:
                break
            end, marked = end + 1, marked or mark
        return end if marked else at

    def _name_end(self, pieces: list[_Piece], at: int, one: bool) -> int:
        """How far an unknown name goes: "Sở Văn hóa và Du lịch" is one, "Sở Y tế và Hội Nông dân" are two."""
        end = at + 1
        if at and not begins_a_name(fold_words(pieces[at].text)):
            return end  # the last of a list: "Sở Y tế, Xây dựng và Du lịch"
        last = end
        while end < min(len(pieces), at + _MOST_PIECES) and self._goes_on(pieces, at, end):
            end += 1
            if pieces[end - 1].joiner not in {",", "/"}:
                last = end  # commas belong to the name only when an "và" follows them
            elif not one and not _CULTURE.search(fold_words(_written(pieces[at:end]))):
                break
        return last

    def _goes_on(self, pieces: list[_Piece], first: int, at: int) -> bool:
        """Whether the piece at ``at`` may be a part of the unknown name that begins at ``first``."""
        if begins_a_name(fold_words(pieces[at].text)) or self._given_as(pieces[at : at + 1]) is not None:
            return False
        department = fold_words(pieces[first].text).startswith(("so ", "cac so "))
        return not self._names_someone(pieces, at, department) and self._collective_end(pieces, at) == at

    def _names_someone(self, pieces: list[_Piece], at: int, after_department: bool = False) -> bool:
        ends = range(at + 1, min(len(pieces), at + _MOST_PIECES) + 1)
        return any(self._find(pieces[at:end], after_department) is not None for end in ends)

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
        return self._without_place(_NATION.sub(r"\1", expand(fold_words(text))))

    def _says_only_kind(self, words: str) -> bool:
        """Whether nothing but a kind or the place is left of a name: 'so', 'thanh pho', 'can tho'."""
        return words in KINDS or words == self._place

    def _without_place(self, words: str) -> str:
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


def _segments(text: str):
    """Yield the pieces of each line or clause, and whether "Sở" was said of all of them: "Các sở: Tư pháp, Nội vụ"."""
    of_departments = False
    for segment in _STRONG.split(_without_brackets(text)):
        head, _colon, rest = segment.partition(":")
        kinds = expand(fold_words(head))
        if not clean(rest) or not (only_kinds(kinds) or kinds in KINDS):
            yield _pieces(segment), of_departments  # "Các sở: Tư pháp; Nội vụ"
            continue
        if kinds.removeprefix("cac ") not in KINDS:
            yield _pieces(head), False  # "Các sở, ban, ngành: Sở Tư pháp" may say more than it lists
        of_departments = "so" in kinds.split()
        yield _pieces(rest), of_departments


def _pieces(segment: str) -> list[_Piece]:
    pieces, joiner = [], ""
    for at, part in enumerate(_WEAK.split(segment)):
        if at % 2:
            joiner = part.strip()
        elif text := clean(_BULLET.sub("", part).strip(" .:")):
            pieces.append(_Piece(joiner, text))
    return pieces


def _written(pieces: list[_Piece]) -> str:
    """Pieces put together again as they were written."""
    text = pieces[0].text
    for piece in pieces[1:]:
        text += {",": ", ", "/": "/"}.get(piece.joiner, f" {piece.joiner} ") + piece.text
    return text


def _count(names: dict[str, tuple[str, int]], name: str) -> None:
    written, times = names.get(fold_words(name), (name, 0))
    names[fold_words(name)] = (written, times + 1)


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
    if plain in {"thanh doan", "tinh doan"}:
        forms.add("td")  # "TĐ" is this only because the council has such an agency; two of them are an error
    return forms


def _without_brackets(text: str) -> str:
    """ "Sở Tư pháp (Phòng PBGDPL)" → "Sở Tư pháp "; an explanation names nobody new."""
    shorter = _BRACKETS.sub(" ", text)
    return shorter if clean(shorter) else text

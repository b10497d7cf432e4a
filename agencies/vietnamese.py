"""Vietnamese text: one spelling inside, forgiving comparison outside.

Text is kept in Unicode NFC. People type the same word in several ways ("hòa giải", "hoà giải", "hoa giai"); search,
import and matching compare *folded* text, which has no case, no diacritics and single spaces.
"""

import re
import unicodedata

# Letter ranks: Vietnamese order puts đ after d, ă and â after a; tones rank only between words equal without them.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{index + 10:02d}" for index, letter in enumerate(_ALPHABET)}
# ngang < huyền < hỏi < ngã < sắc < nặng
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
# Old files write Đ with the Icelandic letter that looks like it (U+00D0, U+00F0).
_LOOKALIKES = str.maketrans({"ð": "đ"})
# What is pasted from Word and the web may carry marks that nobody sees: zero-width spaces and byte order marks, and
# control characters that no file can hold. Marks that turn the direction of writing ("fdp.exe" shown as "exe.pdf") and
# tags are never needed in Vietnamese; half a surrogate pair is no letter at all.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
# Word writes a line break as a vertical tab; the others end a line for some programs and not for others.
_LINE_ENDS = str.maketrans(dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n"))
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[^0-9a-z]+")


# Text typed in an old encoding and read as Unicode. TCVN3 puts signs inside words ("C«ng an"); VNI writes the tones as
# letters that Vietnamese does not have ("Coâng an tænh", "ñoäi vieân").
_TCVN3 = re.compile("[A-Za-z][µ¸¶·¹¨»¾¼½Æ©®ªÐ«¬¦§]+[A-Za-z]|[®§][A-Za-zµ¸¶·¹¨»¾¼½Æ©ªÐ«¬¦]|[a-z][µ¸¶·¹]\\b")
_VNI = re.compile("[äåëïñöûüøæçÿ]|[aeo][ùøûõïâê]")


def nfc(text: str) -> str:
    """The text as it is kept: in Unicode NFC (rule V28: diacritics preserved), without what nobody sees."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text.translate(_LINE_ENDS)))


def old_encoding(text: str) -> bool:
    """Whether the text seems to be in TCVN3 or VNI instead of Unicode (rule V28). A few odd letters are no proof."""
    return len(_TCVN3.findall(text)) >= 2 or len(_VNI.findall(nfc(text).casefold())) >= 4


def clean(text: object) -> str:
    """One line of NFC text without outer or repeated white space; '' for None."""
    return "" if text is None else _SPACES.sub(" ", nfc(str(text))).strip()


def fold(text: str) -> str:
    """Text for comparison: no case, no diacritics, đ as d, single spaces."""
    decomposed = unicodedata.normalize("NFD", _UNSEEN.sub("", text).casefold().translate(_LOOKALIKES))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SPACES.sub(" ", bare.replace("đ", "d")).strip()


def fold_words(text: str) -> str:
    """Folded text of letters and digits only: 'Ủy ban MTTQVN, TP.' → 'uy ban mttqvn tp'."""
    return _WORDS.sub(" ", fold(text)).strip()


def sort_key(text: str) -> str:
    """A string of digits whose plain order is the Vietnamese dictionary order (no ICU needed).

    Numbers inside the text are compared as numbers, so that "10." comes after "9.".
    """
    letters, tones = [], []
    for number, other in re.findall(r"([0-9]+)|([^0-9])", nfc(text.casefold().translate(_LOOKALIKES))):
        if number:
            number = number.lstrip("0") or "0"
            letters.append("05" + f"{len(number):03d}{number}")
            continue
        base, tone = _split_tone(other)
        if base in _RANK:
            letters.append(_RANK[base])
            tones.append(tone)
        elif base.isspace():
            letters.append("01")
            tones.append("0")
    return "".join(letters) + "00" + "".join(tones)


def _split_tone(char: str) -> tuple[str, str]:
    tone, rest = "0", []
    for part in unicodedata.normalize("NFD", char):
        if part in _TONES:
            tone = _TONES[part]
        else:
            rest.append(part)
    return unicodedata.normalize("NFC", "".join(rest)), tone


_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


def roman_to_int(text: str) -> int:
    """'IV' → 4. Raises ValueError when the text is not a Roman numeral up to LXXXIX."""
    values = [_ROMAN.get(char, 0) for char in text.strip().casefold()]
    if not values or 0 in values:
        raise ValueError(text)
    total = sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
    if int_to_roman(total) != text.strip().upper():
        raise ValueError(text)
    return total


def int_to_roman(number: int) -> str:
    """4 → 'IV' (quarters and chapters are written in Roman numerals). Raises ValueError outside 1–89."""
    if not 1 <= number <= 89:
        raise ValueError(number)
    pairs = [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    out = ""
    for value, letters in pairs:
        while number >= value:
            out, number = out + letters, number - value
    return out


def show_number(value) -> str:
    """A number as officials write it: Decimal('1234.500') → '1.234,5'; no trailing zeros after the comma."""
    text = f"{value:,f}" if not isinstance(value, int) else f"{value:,}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.translate(str.maketrans(",.", ".,"))

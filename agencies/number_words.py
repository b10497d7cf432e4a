"""Numbers in Vietnamese words, as one reads a figure aloud to check it: 1234 → 'một nghìn hai trăm ba mươi bốn'."""

from decimal import Decimal

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
# Above a billion the scales repeat: 'nghìn tỷ', 'triệu tỷ'.
_SCALES = ("", " nghìn", " triệu")


def number_words(value: int | Decimal) -> str:
    """The number in words; a fraction is read digit by digit after 'phẩy'. Raises ValueError below 0."""
    if value < 0:
        raise ValueError(value)
    whole = int(value)
    _point, _dot, fraction = f"{Decimal(value):f}".partition(".")
    words = _whole(whole)
    if fraction := fraction.rstrip("0"):
        words += " phẩy " + " ".join(_DIGITS[int(digit)] for digit in fraction)
    return words


def _whole(value: int) -> str:
    if value == 0:
        return _DIGITS[0]
    billions, rest = divmod(value, 1_000_000_000)
    words = [f"{_whole(billions)} tỷ"] if billions else []
    for power in (2, 1, 0):
        group, rest = divmod(rest, 1000**power)
        if group:
            words.append(_below_thousand(group, full=bool(words)) + _SCALES[power])
    return " ".join(words)


def _below_thousand(value: int, *, full: bool) -> str:
    """Three digits; ``full`` when something stands before them: 1.005 is 'một nghìn không trăm linh năm'."""
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens == 0 and ones:
        words += ["linh", _DIGITS[ones]] if words else [_DIGITS[ones]]
    elif tens == 1:
        words += ["mười"] + ([] if not ones else ["lăm"] if ones == 5 else [_DIGITS[ones]])
    elif tens:
        words += [_DIGITS[tens], "mươi"]
        words += {0: [], 1: ["mốt"], 5: ["lăm"]}.get(ones, [_DIGITS[ones]])
    return " ".join(words)

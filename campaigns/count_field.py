"""A figure as people type it (rules V09, V29): whole or with decimals, never read wrongly in silence.

'1234' and '1 234' are plain. '1.234' may be a thousand or, for those used to other programs, a little more than one:
it is read as 1234 only after the person has confirmed it; until then everything typed stays in the form. A number that
the portal itself wrote with dots, and that nobody touched, is not asked about.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from agencies.number_words import number_words
from agencies.vietnamese import clean, fold, show_number

CONFIRM_ALL = "so-dung"  # one box for every dotted number of a page; its value names them: "v_PB01=1.234|v_PB02=2.500"
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+")
_MULTIPLIERS = ("nghin", "ngan", "trieu", "tr", "ty", "ti", "k")
_PERCENT = re.compile(r"(.*[0-9]) ?[%٪％]")
_PERCENT_RANGE = "Tỷ lệ phải từ 0 đến 100 (V29)."
_FRACTION = re.compile(r"(.*?)(?:,([0-9]+))?")


class Typed(str):
    """What somebody typed into a field, with what the field showed before and what has been confirmed."""

    shown: str = ""
    confirmed: bool = False

    @property
    def is_asked_about(self) -> bool:
        """Whether a dot stands in a number that the person, not the portal, wrote."""
        return "." in self and clean(self) != clean(self.shown)


@dataclass(frozen=True)
class Reading:
    """How a dotted number is understood, for the person to confirm."""

    typed: str
    value: Decimal
    confirmed: bool

    @property
    def words(self) -> str:
        """'1.234 (một nghìn hai trăm ba mươi bốn)'."""
        return f"{show_number(self.value)} ({number_words(self.value)})"


class CountBoundField(BoundField):
    """The field on a page: its box and, when a dotted number was typed, the question how it is meant."""

    @property
    def data(self):
        typed = super().data
        if not isinstance(typed, str):
            return typed
        value = Typed(typed)
        shown = self.field.prepare_value(self.initial)
        value.shown = "" if shown is None else shown
        value.confirmed = clean(self.form.data.get(self.confirm_name, "")) == clean(typed) or (
            f"{self.html_name}={clean(typed)}" in self.form.data.get(CONFIRM_ALL, "").split("|")
        )
        return value

    @property
    def confirm_name(self) -> str:
        return f"{self.html_name}-dung"

    @property
    def reading(self) -> Reading | None:
        """What to confirm, confirmed or not; None when nothing is unclear."""
        if not self.form.is_bound or not self.field.asks or not getattr(self.data, "is_asked_about", False):
            return None
        try:
            value = self.field.read(self.data)
        except ValidationError:
            return None
        return Reading(clean(self.data), Decimal(value), self.data.confirmed)

    @property
    def box(self) -> SafeString:
        """The input alone."""
        return super().as_widget()

    @property
    def question(self) -> SafeString:
        """The confirm box, '' when there is nothing to ask."""
        if self.reading is None:
            return SafeString("")
        return render_to_string("campaigns/_confirm_number.html", {"bound": self, "reading": self.reading})

    def as_widget(self, *args, **kwargs):
        return super().as_widget(*args, **kwargs) + self.question


class CountField(forms.CharField):
    """A count, or with ``decimals`` an amount. '' is no answer (None), 0 is one.

    The value is an int, with ``decimals`` a Decimal. ``asks`` False: an order, where a dot means nothing else.
    ``percent``: from 0 to 100, its sign typed or not. A text that does not come from a form is not asked about.
    """

    bound_field_class = CountBoundField

    def __init__(
        self, *, limit: int = 9_999_999_999, decimals: int = 0, asks: bool = True, percent: bool = False, **kwargs
    ):
        self.limit, self.decimals, self.asks, self.percent = limit, decimals, asks and not percent, percent
        if percent:
            self.limit = 100
        mode = "decimal" if decimals else "numeric"
        widget = forms.TextInput(attrs={"inputmode": mode, "class": "num", "autocomplete": "off"})
        super().__init__(**{"widget": widget, "required": False, **kwargs})

    def to_python(self, value) -> int | Decimal | None:
        number = self.read(value)
        if self.asks and number is not None and getattr(value, "is_asked_about", False) and not value.confirmed:
            reading = Reading(clean(value), Decimal(number), False)
            raise ValidationError(
                f"Bạn gõ “{reading.typed}” có dấu chấm. Hiểu là {reading.words}? "
                "Đánh dấu xác nhận, hoặc sửa lại (V09).",
                code="confirm",
            )
        return number

    def read(self, value) -> int | Decimal | None:
        """The number that a text says, None for ''. Raises ValidationError in words a person can act on."""
        text = clean(value)
        if not text:
            return None
        if self.percent and (signed := _PERCENT.fullmatch(text)):
            text = signed[1]
        if re.fullmatch(r"[-−–] ?[0-9., ]+", text):
            raise ValidationError(_PERCENT_RANGE if self.percent else "Số liệu không được âm.")
        whole, fraction = _FRACTION.fullmatch(text).groups()
        if not _WHOLE.fullmatch(whole):
            raise ValidationError(self._why_not(text))
        digits = re.sub("[. ]", "", whole).lstrip("0") or "0"
        if len(digits) > len(str(self.limit)) or int(digits) > self.limit:
            if self.percent:
                raise ValidationError(_PERCENT_RANGE)
            raise ValidationError(f"Số quá lớn; nhiều nhất là {show_number(self.limit)}.")
        fraction = (fraction or "").rstrip("0")
        if len(fraction) > self.decimals or ("," in text and not self.decimals):
            raise ValidationError(self._too_fine(text))
        return Decimal(f"{digits}.{fraction or 0}") if self.decimals else int(digits)

    def _too_fine(self, text: str) -> str:
        rule = f"có tối đa {self.decimals} chữ số sau dấu phẩy" if self.decimals else "là số nguyên"
        hint = ""
        if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", text):
            plain = text.replace(",", "")
            hint = f" Nếu là {number_words(int(plain))}, hãy ghi {plain}."
        return f"Số này {rule}; bạn gõ “{text[:40]}”.{hint}"

    def _why_not(self, text: str) -> str:
        """Why a text is no number here, and what to type instead."""
        shown = text[:40]
        if number := re.fullmatch(r"([0-9][0-9., ]*?) ?[%٪％]", text):
            return f"Không gõ dấu %: hãy ghi {number[1]} (V29)."
        if number := re.fullmatch(r"([0-9][0-9., ]*?) ?([^\W\d_][^0-9]*)", text):
            times = fold(number[2]).startswith(_MULTIPLIERS)
            hint = "ghi đủ các chữ số" if times else f"hãy ghi {number[1]}"
            return f"Chỉ ghi số, không ghi chữ “{number[2][:20]}”: {hint}."
        if re.fullmatch(r"[0-9]+(\.[0-9]+)+(,[0-9]+)?", text):
            whole, _dot, rest = text.partition(".")
            if self.decimals and rest.isdecimal() and len(rest) <= self.decimals:
                return f"Phần lẻ ghi bằng dấu phẩy: hãy ghi {whole},{rest} thay cho {shown}."
            return f"“{shown}” không rõ là số nào: dấu chấm chỉ ngăn cách hàng nghìn (1.234). Hãy ghi lại."
        kind = "số" if self.decimals else "số nguyên"
        example = "1234 hoặc 12,5" if self.decimals else "1234 hoặc 1.234"
        return f"“{shown}” không phải là {kind}; hãy ghi bằng chữ số, ví dụ {example}."

    def prepare_value(self, value):
        """A stored number as it is written here; what somebody typed stays as typed."""
        return value if value is None or isinstance(value, str) else show_number(value)

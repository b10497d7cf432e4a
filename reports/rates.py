"""Every rate the portal computes, with what is divided by what in words: no percentage is shown without its formula.

Pure arithmetic (rule V17, domain.md §2.4.4): a rate without a denominator is None and shown as "—", never 0 %. Two
settlement rates exist side by side because both are in use; each names its own formula.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from reports.wording import NO_FIGURE, number, percent, ratio


@dataclass(frozen=True)
class Rate:
    """A rate: the indicators of its numerator and of its denominator, each added up.

    ``per`` 0 gives a percentage. Otherwise the denominator is counted in lots of ``per``, a begun one whole: one
    trainer per 100 teams is, for 640 teams, seven trainers.
    """

    id: str
    name: str
    formula: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    per: int = 0
    unit: str = "%"

    @property
    def codes(self) -> tuple[str, ...]:
        """Every indicator the rate is made of, once."""
        return tuple(dict.fromkeys(self.numerator + self.denominator))

    def of(self, figures: Mapping[str, Decimal | None]) -> "RateValue":
        """The rate of these figures: indicator code → value; None and absent both mean unknown."""
        part = _total(figures.get(code) for code in self.numerator)
        whole = _total(figures.get(code) for code in self.denominator)
        if whole is not None and self.per:
            whole = (whole / self.per).to_integral_value(rounding=ROUND_CEILING)
        value = ratio(part, whole)
        if value is not None and self.per:
            value /= 100
        return RateValue(self, part, whole, value)


@dataclass(frozen=True)
class RateValue:
    """A rate computed: numerator, denominator and value, each None when unknown (value also for a denominator of 0)."""

    rate: Rate
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None

    @property
    def text(self) -> str:
        """'57,6%', '1,3 người/100 tổ', or '—'."""
        return shown(self.value, self.rate.unit)

    @property
    def told(self) -> str:
        """The value with its formula: '57,6% (hòa giải thành ÷ tổng số vụ việc tiếp nhận)'."""
        return f"{self.text} ({self.rate.formula})"


def shown(value: Decimal | None, unit: str, decimals: int = 1) -> str:
    """A value in its unit as people write it: no blank before %, a blank before a word (rule V29)."""
    if value is None:
        return NO_FIGURE
    if unit == "%":
        return percent(value) if decimals == 1 else f"{number(value, decimals)}%"
    return f"{number(value, max(decimals, 2))} {unit}"


def _total(values: Iterable[Decimal | None]) -> Decimal | None:
    known = list(values)
    return None if any(value is None for value in known) else sum(known, Decimal(0))


SETTLED_OF_RECEIVED = Rate(
    "settled_of_received",
    "Tỷ lệ hòa giải thành trên số vụ việc tiếp nhận",
    "hòa giải thành ÷ tổng số vụ việc tiếp nhận",
    ("HG15",),
    ("HG11",),
)
SETTLED_OF_DECIDED = Rate(
    "settled_of_decided",
    "Tỷ lệ hòa giải thành trên số vụ việc đã có kết quả",
    "hòa giải thành ÷ (hòa giải thành + hòa giải không thành)",
    ("HG15",),
    ("HG15", "HG19"),
)

RATES: tuple[Rate, ...] = (
    SETTLED_OF_RECEIVED,
    SETTLED_OF_DECIDED,
    Rate(
        "trainers_per_100_teams",
        "Tập huấn viên cấp tỉnh cho mỗi 100 tổ hòa giải",
        "số tập huấn viên cấp tỉnh ÷ (số tổ hòa giải ÷ 100, làm tròn lên)",
        ("DA01",),
        ("HG01",),
        per=100,
        unit="người/100 tổ",
    ),
    Rate(
        "trainers_trained",
        "Tỷ lệ tập huấn viên đã được tập huấn",
        "tập huấn viên cấp tỉnh đã được tập huấn ÷ số tập huấn viên cấp tỉnh",
        ("DA01a",),
        ("DA01",),
    ),
    Rate(
        "teams_consolidated",
        "Tỷ lệ tổ hòa giải đã kiện toàn",
        "số tổ đã kiện toàn đủ số lượng, thành phần ÷ số tổ hòa giải",
        ("DA02",),
        ("HG01",),
    ),
    Rate(
        "teams_supported",
        "Tỷ lệ tổ hòa giải được luật sư, luật gia, hội thẩm… hỗ trợ",
        "số tổ được hỗ trợ ÷ số tổ hòa giải",
        ("DA03",),
        ("HG01",),
    ),
    Rate(
        "mediators_with_materials",
        "Tỷ lệ hòa giải viên tiếp cận, sử dụng Bộ tài liệu",
        "số hòa giải viên tiếp cận, sử dụng Bộ tài liệu ÷ tổng số hòa giải viên",
        ("DA04",),
        ("HG02",),
    ),
    Rate(
        "pilot_settled_of_received",
        "Tỷ lệ hòa giải thành tại xã điểm",
        "hòa giải thành tại xã điểm ÷ số vụ việc tiếp nhận tại xã điểm",
        ("DA05a",),
        ("DA05",),
    ),
    Rate(
        "mediators_trained",
        "Tỷ lệ hòa giải viên được bồi dưỡng",
        "số hòa giải viên được bồi dưỡng ÷ tổng số hòa giải viên",
        ("HG08",),
        ("HG02",),
    ),
)
RATE_BY_ID = {rate.id: rate for rate in RATES}


def rates_of(value_of: Callable[[str], Decimal | None]) -> tuple[RateValue, ...]:
    """Every rate, in the order of the list, of the figures that ``value_of`` gives by indicator code."""
    return tuple(rate.of({code: value_of(code) for code in rate.codes}) for rate in RATES)

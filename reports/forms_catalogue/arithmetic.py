"""The arithmetic of a form's columns: reading rules, finding rules that contradict each other, checking figures."""

import bisect
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from agencies.vietnamese import show_number
from reports.forms_catalogue.definition import Column, Rule

_COLUMN = r"\(\s*([0-9]{1,2}[a-z]?)\s*\)"
_ONE = re.compile(_COLUMN)
_SUM = re.compile(rf"{_COLUMN}(?:\s*\+\s*{_COLUMN})*")
_ZERO_IF = re.compile(rf"{_COLUMN}\s*=\s*0\s*→\s*{_COLUMN}\s*=\s*0")
_BOUND = re.compile(rf"{_COLUMN}\s*([≤≥])\s*(?:([1-9][0-9]{{0,2}})\s*×\s*)?{_COLUMN}")
_SPELLINGS = (("<=", "≤"), (">=", "≥"), ("=>", "→"), ("->", "→"), ("⇒", "→"), ("*", "×"), (" x ", " × "))


def parse_rules(text: str, severity: str = "error", source: str = "") -> list[Rule]:
    """The rules in one line of text; '(2) = (3) + (4) = (5) + (6)' gives two. Raises ValueError, in words."""
    line = text.strip().casefold()
    for typed, meant in _SPELLINGS:
        line = line.replace(typed, meant)
    if match := _ZERO_IF.fullmatch(line):
        return [Rule("zero_if", match[1], (match[2],), severity, source)]
    if match := _BOUND.fullmatch(line):
        factor = int(match[3] or 1)
        if match[2] == "≥":
            return [Rule("at_least", match[1], (match[4],), severity, source, factor)]
        if factor == 1:
            return [Rule("at_most", match[1], (match[4],), severity, source)]
    left, *sums = [part.strip() for part in line.split("=")]
    if _ONE.fullmatch(left) and sums and all(_SUM.fullmatch(part) for part in sums):
        whole = _ONE.fullmatch(left)[1]
        return [Rule("sum", whole, tuple(_ONE.findall(part)), severity, source) for part in sums]
    raise ValueError(
        f"Không hiểu quy tắc “{text.strip()}”. "
        "Viết như (5) = (6) + (7) · (2) ≤ (1) · (2) ≥ 3 × (1) · (3) = 0 → (4) = 0."
    )


# --- do the rules contradict each other? ----------------------------------------------------------------------------


def contradictions(codes: Sequence[str], rules: Sequence[Rule]) -> list[tuple[int, str]]:
    """What cannot hold among the rules: (number of the rule in the list, what is wrong, in words)."""
    known, found = set(codes), []
    for at, rule in enumerate(rules):
        for code in dict.fromkeys((rule.left, *rule.right)):
            if code not in known:
                found.append((at, f"Quy tắc “{rule.text}” nhắc cột ({code}), biểu không có cột này."))
        if rule.left in rule.right:
            found.append((at, f"Quy tắc “{rule.text}” so cột ({rule.left}) với chính nó."))
        if len(set(rule.right)) < len(rule.right):
            found.append((at, f"Quy tắc “{rule.text}” cộng một cột hai lần."))
        if rule in rules[:at]:
            found.append((at, f"Quy tắc “{rule.text}” đã có ở trên."))
    # Rules that are wrong in themselves are told so; the others are looked at together.
    sound = [(at, rule) for at, rule in enumerate(rules) if at not in {number for number, _message in found}]
    sums = [(at, rule) for at, rule in sound if rule.kind == "sum"]
    return found + (_cycles(sums) or _counted_twice(sums) or _forced_to_zero(list(dict.fromkeys(codes)), sound))


def _parts(sums) -> dict[str, set[str]]:
    """Column → every column that it is made of, directly or through others."""
    parts: dict[str, set[str]] = {}
    for _at, rule in sums:
        parts.setdefault(rule.left, set()).update(rule.right)
    for _round in parts:
        for held in parts.values():
            for code in list(held):
                held |= parts.get(code, set())
    return parts


def _cycles(sums) -> list[tuple[int, str]]:
    parts = _parts(sums)
    return [
        (at, f"Quy tắc “{rule.text}” quay vòng: cột ({rule.left}) là phần của chính nó qua các quy tắc khác.")
        for at, rule in sums
        if rule.left in parts[rule.left]
        and any(code in parts and rule.left in parts[code] | {code} for code in rule.right)
    ]


def _counted_twice(sums) -> list[tuple[int, str]]:
    parts, found = _parts(sums), []
    for at, rule in sums:
        for first, second in itertools.combinations(rule.right, 2):
            both = ({first} | parts.get(first, set())) & ({second} | parts.get(second, set()))
            if both:
                code = sorted(both)[0]
                found.append((at, f"Quy tắc “{rule.text}” tính cột ({code}) hai lần vào cột ({rule.left})."))
        for _earlier, other in sums[: [number for number, _rule in sums].index(at)]:
            shared = set(rule.right) & set(other.right)
            if other.left == rule.left and shared:
                code = sorted(shared)[0]
                found.append(
                    (
                        at,
                        f"Cột ({code}) đứng trong hai cách chia của cột ({rule.left}): “{other.text}” và "
                        f"“{rule.text}”; hai cách chia không thể cùng đúng nếu có chung một phần.",
                    )
                )
    return found


def _forced_to_zero(codes: Sequence[str], numbered: Sequence[tuple[int, Rule]]) -> list[tuple[int, str]]:
    """Rules are linear and figures are not negative: a column that could only ever be 0 gives a contradiction away.

    Told of the first rule with which it happens; more rules never give a column back.
    """
    rules = [rule for _at, rule in numbered]
    if not _always_zero(codes, rules):
        return []
    first = bisect.bisect_left(range(1, len(rules) + 1), True, key=lambda n: bool(_always_zero(codes, rules[:n])))
    forced = ", ".join(f"({code})" for code in _always_zero(codes, rules[: first + 1]))
    at, rule = numbered[first]
    return [(at, f"Quy tắc “{rule.text}” cùng các quy tắc trên nó buộc cột {forced} luôn bằng 0.")]


def _always_zero(codes: Sequence[str], rules: Sequence[Rule]) -> list[str]:
    """The columns that are 0 in every set of figures that keeps the rules, in exact arithmetic."""
    linear = [rule for rule in rules if rule.kind != "zero_if"]
    place = {name: at for at, name in enumerate(codes)}
    rows, slack = [], len(codes)
    for rule in linear:
        row = {place[rule.left]: Fraction(1)}
        for part in rule.right:
            row[place[part]] = Fraction(-rule.factor)
        if rule.kind != "sum":
            row[slack] = Fraction(1 if rule.kind == "at_most" else -1)
            slack += 1
        rows.append(row)
    zero: set[int] = set()
    positive: set[int] = set()
    for at in sorted({place[code] for rule in linear for code in (rule.left, *rule.right)}):
        if at not in positive:
            found = _with_one(at, [{c: v for c, v in row.items() if c not in zero} for row in rows])
            positive |= found
            zero |= set() if found else {at}
    return [code for code in codes if place[code] in zero]


def _with_one(wanted: int, rows: list[dict[int, Fraction]]) -> set[int]:
    """The variables above 0 in one solution of rows = 0 with x ≥ 0 and x[wanted] = 1; nothing when there is none.

    Phase one of the simplex method with Bland's rule. ``END`` is the right-hand side; artificial variables stand only
    in the basis, numbered below 0.
    """
    rows = [*rows, {wanted: Fraction(1), _END: Fraction(1)}]
    basis = [-1 - at for at in range(len(rows))]
    while True:
        cost: dict[int, Fraction] = {}
        for row, variable in zip(rows, basis, strict=True):
            if variable < 0:
                for column, value in row.items():
                    cost[column] = cost.get(column, 0) + value
        if not cost.get(_END):
            return {v for row, v in zip(rows, basis, strict=True) if v >= 0 and row.get(_END)}
        enter = min((column for column, value in cost.items() if value > 0 and column != _END), default=None)
        if enter is None:
            return set()
        ratios = [
            (row.get(_END, Fraction(0)) / row[enter], variable, at)
            for at, (row, variable) in enumerate(zip(rows, basis, strict=True))
            if row.get(enter, 0) > 0
        ]
        leave = min(ratios)[2]
        pivot = rows[leave][enter]
        chosen = rows[leave] = {column: value / pivot for column, value in rows[leave].items()}
        for at, row in enumerate(rows):
            if at != leave and (times := row.get(enter)):
                for column, value in chosen.items():
                    left = row.get(column, 0) - times * value
                    if left:
                        row[column] = left
                    else:
                        row.pop(column, None)
        basis[leave] = enter


_END = 1_000_000  # after every column and slack


# --- do the figures follow the rules? -------------------------------------------------------------------------------


@dataclass(frozen=True)
class FormFinding:
    """What a rule found in one row of a filled-in form."""

    row: str
    column: str
    severity: str
    message: str
    source: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity == "error"


def check_row(label: str, columns: Sequence[Column], rules: Sequence[Rule],
              values: Mapping[str, Decimal | None]) -> list[FormFinding]:  # fmt: skip
    """Everything the rules find in one row. A rule about a figure that nobody gave says nothing."""
    names = {column.code: column.name for column in columns}
    found = [
        FormFinding(label, code, "warning", f"{names[code]} là số âm ({show_number(value)}): số sửa tay của một quý "
                    "lớn hơn hoạt động trong kỳ này; hãy xem lại ngày của hoạt động.")
        for code, value in values.items()
        if value is not None and value < 0
    ]  # fmt: skip
    for rule in rules:
        left, right = values.get(rule.left), [values.get(code) for code in rule.right]
        if left is None or any(value is None for value in right):
            continue
        if message := _broken(rule, left, right, names):
            found.append(FormFinding(label, rule.left, rule.severity, message, rule.source))
    return found


def _broken(rule: Rule, left: Decimal, right: list[Decimal], names: Mapping[str, str]) -> str:
    name, told = names[rule.left], show_number(left)
    if rule.kind == "sum" and left != sum(right):
        return f"{name} là {told}, khác tổng {' + '.join(f'({c})' for c in rule.right)} là {show_number(sum(right))}."
    other, beside = names[rule.right[0]], show_number(right[0])
    if rule.kind == "at_most" and left > right[0]:
        return f"{name} là {told}, lớn hơn {other} là {beside}."
    if rule.kind == "at_least" and left < rule.factor * right[0]:
        times = f"{rule.factor} lần " if rule.factor != 1 else ""
        return f"{name} là {told}, nhỏ hơn {times}{other} là {beside}."
    if rule.kind == "zero_if" and left == 0 and right[0] != 0:
        return f"{name} là 0 nhưng {other} là {beside}."
    return ""

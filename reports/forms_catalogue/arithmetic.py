"""The arithmetic of a form's columns: reading rules, finding rules that contradict each other, checking figures."""

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
    if found:
        return found
    sums = [(at, rule) for at, rule in enumerate(rules) if rule.kind == "sum"]
    found = _cycles(sums)
    if found:
        return found
    found = _counted_twice(sums)
    return found or _forced_to_zero(codes, rules)


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


def _forced_to_zero(codes: Sequence[str], rules: Sequence[Rule]) -> list[tuple[int, str]]:
    """Rules are linear and figures are not negative: a column that could only ever be 0 gives a contradiction away."""
    forced = [code for code in codes if not _can_be_positive(code, codes, rules)]
    found = []
    for code in forced:
        upto = next(n for n in range(1, len(rules) + 1) if not _can_be_positive(code, codes, rules[:n]))
        found.append(
            (upto - 1, f"Quy tắc “{rules[upto - 1].text}” cùng các quy tắc trên nó buộc cột ({code}) luôn bằng 0.")
        )
    return found


def _can_be_positive(code: str, codes: Sequence[str], rules: Sequence[Rule]) -> bool:
    """Whether figures exist with that column above 0 and every rule kept (exact simplex, phase one, Bland's rule)."""
    place = {name: at for at, name in enumerate(codes)}
    linear = [rule for rule in rules if rule.kind != "zero_if"]
    width = len(codes) + sum(rule.kind != "sum" for rule in linear)
    rows, slack = [], len(codes)
    for rule in linear:
        row = [Fraction(0)] * width
        row[place[rule.left]] += 1
        for part in rule.right:
            row[place[part]] -= rule.factor
        if rule.kind != "sum":
            row[slack] = Fraction(1 if rule.kind == "at_most" else -1)
            slack += 1
        rows.append([*row, Fraction(0)])
    rows.append([Fraction(int(at == place[code])) for at in range(width)] + [Fraction(1)])
    return _feasible(rows, width)


def _feasible(rows: list[list[Fraction]], width: int) -> bool:
    """Whether Ax = b has a solution x ≥ 0; every b ≥ 0. The artificial variables only stand in the basis."""
    basis = [width + at for at in range(len(rows))]
    while True:
        cost = [sum((row[c] for row, var in zip(rows, basis, strict=True) if var >= width), Fraction(0))
                for c in range(width + 1)]  # fmt: skip
        if cost[-1] == 0:
            return True
        enter = next((c for c in range(width) if cost[c] > 0), None)
        if enter is None:
            return False
        ratios = [(row[-1] / row[enter], var, at) for at, (row, var) in enumerate(zip(rows, basis, strict=True))
                  if row[enter] > 0]  # fmt: skip
        leave = min(ratios)[2]
        pivot = rows[leave][enter]
        rows[leave] = [value / pivot for value in rows[leave]]
        for at, row in enumerate(rows):
            if at != leave and row[enter]:
                rows[at] = [a - row[enter] * b for a, b in zip(row, rows[leave], strict=True)]
        basis[leave] = enter


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

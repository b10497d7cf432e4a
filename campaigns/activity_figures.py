"""The arithmetic of one activity's counts: what is filled in from other counts, and what cannot be. Pure.

Counts are Decimals by indicator code; None and absence are 'no answer', 0 is one. Money is in million đồng.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from agencies.vietnamese import show_number

# A site as typed: name, on line, attendance (None: not known).
Site = tuple[str, bool, int | None]

# "of which" counts may not exceed what they are part of (rules V10, V12 at the source)
PARTS = (("PB02n", "PB02"), ("PB02d", "PB02"), ("PB05i", "PB05"), ("TH03", "TH02"))
# a total is the sum of its parts (rules V10, V11)
SUMS = (("PB05", ("PB05a", "PB05b", "PB05c")), ("PB10", ("PB10a", "PB10b", "PB10c")))
# people came to something (rule V13)
EVENTS = (("PB01", "PB02"), ("TH01", "TH02"), ("PB03", "PB04"))

Problem = tuple[str, str]  # the figure's code, or "sites"; what is wrong


def settled(figures: Mapping[str, Decimal | int | None], sites: Sequence[Site] = ()) -> dict[str, Decimal]:
    """The counts with what follows from them: totals of parts, attendance of the sites, one event when people came.

    What was typed is never changed, only what was left empty is filled in. Codes without an answer are left out.
    """
    values = {code: Decimal(value) for code, value in figures.items() if value is not None}
    for whole, parts in SUMS:
        given = [values[part] for part in parts if part in values]
        if given and whole not in values:
            values[whole] = sum(given, Decimal(0))
    known = [attendance for _name, _online, attendance in sites if attendance is not None]
    if known and (code := attendance_code(values)) not in values:
        values[code] = Decimal(sum(known))
    for events, people in EVENTS:
        if values.get(people) and events not in values:
            values[events] = Decimal(1)
    return values


def attendance_code(values: Mapping[str, Decimal]) -> str:
    """Which count holds the people who came: of a talk (PB02) unless it was a training (TH02) or a contest (PB04)."""
    for events, people in EVENTS:
        if people in values or events in values:
            return people
    return "PB02"


def wrong_figures(values: Mapping[str, Decimal], sites: Iterable[Site] = ()) -> list[Problem]:
    """What is wrong with settled counts, each named by the count to look at (rules V09–V13)."""
    found = [(code, f"{code}: số liệu không được âm (V09).") for code, value in values.items() if value < 0]
    for part, whole in PARTS:
        total = values.get(whole, Decimal(0))
        if part in values and values[part] > total:
            found.append((part, f"{part} là {show_number(values[part])}, lớn hơn {whole} ({show_number(total)})."))
    for whole, parts in SUMS:
        given = [values[part] for part in parts if part in values]
        if given and sum(given) != values.get(whole, 0):
            text = (
                f"{whole} là {show_number(values.get(whole, 0))}, phải bằng tổng {' + '.join(parts)} "
                f"là {show_number(sum(given))}; để trống thì cổng tự cộng."
            )
            found.append((whole, text))
        elif values.get(whole) and not given:
            found.append((whole, f"{whole} cần chia ra {', '.join(parts)}; để trống {whole} thì cổng tự cộng."))
    for events, people in EVENTS:
        if values.get(people) and values.get(events) == 0:
            found.append((events, f"{events} là 0 nhưng {people} là {show_number(values[people])} (V13)."))
    return found + _wrong_sites(values, list(sites))


def _wrong_sites(values: Mapping[str, Decimal], sites: list[Site]) -> list[Problem]:
    """The people of the sites are those who came: all of them when every site is counted, no more otherwise."""
    known = [attendance for _name, _online, attendance in sites if attendance is not None]
    code = attendance_code(values)
    total, summed = values.get(code, Decimal(0)), sum(known)
    whole = bool(known) and len(known) == len(sites)
    if not known or summed == total or (summed < total and not whole):
        return []
    text = (
        f"Các điểm cầu cộng được {show_number(summed)} người, {code} ghi {show_number(total)}; hãy sửa một trong hai, "
        "hoặc để trống tổng số để cổng tự cộng."
    )
    return [(code, text)]

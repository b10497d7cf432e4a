"""Public holidays and make-up days that the portal starts with; afterwards the table belongs to the people who edit it.

Fixed days: Bộ luật Lao động 2019 Điều 112. Tết, Giỗ Tổ and swapped days follow each year's announcement and were
entered from general knowledge: the administrator checks them against the announcement (docs/operate.md).
"""

from datetime import date

from django.db import DEFAULT_DB_ALIAS

_NEW_YEAR, _TET, _KINGS = "Tết Dương lịch", "Tết Nguyên đán", "Giỗ Tổ Hùng Vương"
_SOUTH, _LABOUR, _NATIONAL = "Ngày Chiến thắng", "Ngày Quốc tế lao động", "Quốc khánh"

# (first day, last day, name); weekends inside a range need no row of their own
HOLIDAYS = [
    ("2024-01-01", "2024-01-01", _NEW_YEAR),
    ("2024-02-08", "2024-02-14", _TET),
    ("2024-04-18", "2024-04-18", _KINGS),
    ("2024-04-29", "2024-04-29", "Nghỉ hoán đổi dịp 30/4"),
    ("2024-04-30", "2024-04-30", _SOUTH),
    ("2024-05-01", "2024-05-01", _LABOUR),
    ("2024-09-02", "2024-09-03", _NATIONAL),
    ("2025-01-01", "2025-01-01", _NEW_YEAR),
    ("2025-01-27", "2025-01-31", _TET),
    ("2025-04-07", "2025-04-07", _KINGS),
    ("2025-04-30", "2025-04-30", _SOUTH),
    ("2025-05-01", "2025-05-01", _LABOUR),
    ("2025-05-02", "2025-05-02", "Nghỉ hoán đổi dịp 30/4"),
    ("2025-09-01", "2025-09-02", _NATIONAL),
    ("2026-01-01", "2026-01-01", _NEW_YEAR),
    ("2026-02-16", "2026-02-20", _TET),
    ("2026-04-27", "2026-04-27", _KINGS + " (nghỉ bù)"),
    ("2026-04-30", "2026-04-30", _SOUTH),
    ("2026-05-01", "2026-05-01", _LABOUR),
    ("2026-09-01", "2026-09-02", _NATIONAL),
]
MAKEUP_DAYS = [("2024-05-04", "Làm bù cho ngày 29/4"), ("2025-04-26", "Làm bù cho ngày 02/5")]


def sync_holidays(sender=None, using=DEFAULT_DB_ALIAS, apps=None, **kwargs) -> None:
    """Fill the table once, when it is empty; later edits are never overwritten."""
    from reports.models import Holiday

    table = Holiday.objects.using(using)
    if table.exists():
        return
    rows = [Holiday(day=date.fromisoformat(day), name=name, is_makeup=True) for day, name in MAKEUP_DAYS]
    for first, last, name in HOLIDAYS:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        rows += [
            Holiday(day=date.fromordinal(ordinal), name=name)
            for ordinal in range(start.toordinal(), end.toordinal() + 1)
        ]
    table.bulk_create(rows)

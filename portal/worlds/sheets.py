"""Rows waiting to be copied: one sheet per table, in the text form of PostgreSQL's COPY."""

from django.db import connection

_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"
_CHUNK = 4_000  # rows that go over in one piece


def cell(value) -> str:
    """One value as COPY reads it. Texts are escaped; lists become arrays of texts."""
    if value is None:
        return NULL
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, list | tuple):
        return "{" + ",".join('"' + cell(item).replace('"', '\\\\"') + '"' for item in value) + "}"
    return str(value).translate(_SPECIAL)


class Sheet:
    """The rows of one table; ``base`` is the number before its first row's."""

    def __init__(self, table: str, columns: str, base: int):
        self.table, self.columns, self.base = table, tuple(columns.split()), base
        self.lines: list[str] = []

    @property
    def next(self) -> int:
        """The number that the next row will have."""
        return self.base + len(self.lines) + 1

    def add(self, *values) -> int:
        """Add a row, its own number left out of the values; returns the number."""
        number = self.base + len(self.lines) + 1
        self.lines.append("\t".join((str(number), *map(cell, values))))
        return number

    def copy(self) -> int:
        """Send the rows to the table and forget them; returns how many they were."""
        count, columns = len(self.lines), ", ".join(connection.ops.quote_name(name) for name in self.columns)
        if count:
            statement = f"COPY {self.table} (id, {columns}) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                for start in range(0, count, _CHUNK):
                    copy.write(("\n".join(self.lines[start : start + _CHUNK]) + "\n").encode())
        self.lines = []
        return count

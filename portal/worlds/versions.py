"""The versions that pghistory's triggers would have kept: the first of every row, and states passed through."""

from dataclasses import dataclass, field
from datetime import datetime

import pghistory.models
from django.apps import apps
from django.db import connection

_REPORT_WORDS = ("direction", "highlights", "difficulties", "causes", "next_steps", "proposals")
_NOT_YET = {
    "submitted_at": "NULL", "submitted_by_id": "NULL", "approved_at": "NULL", "approved_by_id": "NULL",
    "returned_at": "NULL", "returned_by_id": "NULL", "return_reason": "''", "warnings": "NULL",
}  # fmt: skip
_NOT_ACCEPTED = {"accepted_at": "NULL", "accepted_by_id": "NULL"}


@dataclass(frozen=True)
class Step:
    """A version: the row as it is now, but for some columns, of the rows that fulfil a condition."""

    label: str = "insert"
    instead: dict[str, str] = field(default_factory=dict)
    where: str = "true"


# Table → the states that its rows passed through; every other table has the row as it was written.
_PASSED: dict[str, tuple[Step, ...]] = {
    "campaigns_plan": (
        Step(instead={"state": "'draft'"}),
        Step("update", {"state": "'active'"}),
        Step("update", where="state = 'completed'"),
    ),
    "campaigns_task": (
        Step(instead={"status": "'not_started'", "percent": "0", "completed_on": "NULL"}),
        Step("update", where="status <> 'not_started' OR percent <> 0"),
    ),
    "reports_progressreport": (
        Step(
            instead={name: "''" for name in _REPORT_WORDS}
            | _NOT_YET
            | _NOT_ACCEPTED
            | {"state": "'draft'", "version": "1"}
        ),
        Step("update", {"state": "'submitted'", "version": "version - 1"} | _NOT_ACCEPTED, "state = 'accepted'"),
        Step("update", where="version > 1"),
    ),
}


def versioned_tables() -> list[tuple[str, str]]:
    """(table, table of its versions) of every model whose versions are kept, but for indicators and days off, which a
    migrate brings with theirs."""
    models = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    pairs = ((model.pgh_tracked_model._meta.db_table, model._meta.db_table) for model in models)
    return sorted(pair for pair in pairs if pair[0] not in _BROUGHT)


_BROUGHT = {"campaigns_indicator", "reports_holiday", "reports_counciltarget"}


def keep_versions(table: str, versions: str, at: datetime) -> int:
    """Write the versions of every row of a table; returns how many."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.column_name FROM information_schema.columns a JOIN information_schema.columns b"
            " USING (table_schema, column_name)"
            " WHERE table_schema = 'public' AND a.table_name = %s AND b.table_name = %s ORDER BY a.ordinal_position",
            [table, versions],
        )
        columns = [name for (name,) in cursor.fetchall()]
        for step in _PASSED.get(table, (Step(),)):
            quote = connection.ops.quote_name
            values = ", ".join(step.instead.get(name, quote(name)) for name in columns)
            cursor.execute(
                f"INSERT INTO {versions} (pgh_created_at, pgh_label, pgh_obj_id, {', '.join(map(quote, columns))})"
                f" SELECT %s, '{step.label}', id, {values} FROM {table} WHERE {step.where} ORDER BY id",
                [at],
            )
            count += cursor.rowcount
    return count

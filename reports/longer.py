"""A half-year, nine months or a year as the sum of its quarters: values in, one value out; no database.

Agencies report by quarter (QĐ 21/2021/QĐ-TTg asks for six months and the year), so the longer reports can differ from
the quarters' in nothing: they are made of the same values.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from reports.due import due_state
from reports.values import AgencyRow, Cell, Consolidation, Counts, IndicatorRow, PeriodPart, TaskRow, Told, Words

# What is planned for the next period is said anew each quarter: only the last word counts.
_LAST_WORD_ONLY = frozenset({"next_steps"})


def merge_quarters(
    values: Sequence[Consolidation],
    *,
    period: PeriodPart,
    as_of: date,
    indicators: tuple[IndicatorRow, ...],
    notes: tuple[str, ...] = (),
) -> Consolidation:
    """The quarters' values, oldest first (at least one), as one value of the longer period.

    Every task counts once, in its latest state; words keep the quarter they were written in. ``indicators`` are added
    up by whoever knows the figures (reports/comparison.py).
    """
    tasks = merge_tasks([(value.period.label, value.tasks) for value in values], as_of=as_of)
    counted = defaultdict(Counts)
    for task in tasks:
        counted[task.lead, task.plan] += Counts.one(task.state)
    return Consolidation(
        council=values[-1].council,
        period=period,
        as_of=as_of,
        indicators=indicators,
        notes=notes,
        tasks=tasks,
        **merge_told(values, counted),
    )


def merge_told(values: Sequence[Told], counted: Mapping[tuple[str, int], Counts]) -> dict[str, Any]:
    """Totals, agencies, plans, cells and words of the longer period; ``counted``: (lead agency, plan) → its tasks."""
    by_agency, by_plan = defaultdict(Counts), defaultdict(Counts)
    for (agency, plan), counts in counted.items():
        by_agency[agency] += counts
        by_plan[plan] += counts
    plans = {plan.id: plan for value in values for plan in value.plans}
    return {
        "totals": sum(counted.values(), Counts()),
        "agencies": tuple(_agency(code, values, by_agency[code]) for code in _order(values)),
        "plans": tuple(
            replace(plan, counts=by_plan[plan.id])
            for plan in sorted(plans.values(), key=lambda plan: (plan.number, plan.id))
            if plan.id in by_plan
        ),
        "cells": tuple(Cell(agency, plan, counts) for (agency, plan), counts in counted.items()),
        "words": _words(values),
    }


def _order(values: Sequence[Told]) -> list[str]:
    """Agency codes in protocol order; one that came later stands after those that it may have followed."""
    order: list[str] = []
    for value in values:
        present, at = {row.code for row in value.agencies}, 0
        for row in value.agencies:
            if row.code in order:
                at = order.index(row.code) + 1
                continue
            while at < len(order) and order[at] not in present:
                at += 1
            order.insert(at, row.code)
            at += 1
    return order


def _agency(code: str, values: Sequence[Told], counts: Counts) -> AgencyRow:
    rows = [(value.period.label, row) for value in values for row in value.agencies if row.code == code]
    newest = rows[-1][1]
    owed = [(label, row) for label, row in rows if row.report_state != "none"]
    missing = [(label, row) for label, row in owed if row.report_state not in ("accepted", "locked")]
    handed_in = [row.handed_in_on for _label, row in owed]
    return replace(
        newest,
        report_state=missing[0][1].report_state if missing else newest.report_state,
        report_state_label=(
            f"{len(owed) - len(missing)}/{len(owed)} quý đã tiếp nhận" if owed else newest.report_state_label
        ),
        handed_in_on=max(handed_in) if handed_in and all(handed_in) else None,
        on_time=all(row.on_time for _label, row in owed) if handed_in and all(handed_in) else None,
        nothing_to_report=bool(owed) and all(row.nothing_to_report for _label, row in owed),
        counts=counts,
        missing_parts=tuple(label for label, _row in missing),
    )


def merge_tasks(quarters: Iterable[tuple[str, Iterable[TaskRow]]], *, as_of: date) -> tuple[TaskRow, ...]:
    """The tasks of the quarters, each (label, tasks), oldest first: every task once, with all of its results."""
    rows: dict[int, list[tuple[str, TaskRow]]] = {}
    for label, tasks in quarters:
        for task in tasks:
            rows.setdefault(task.id, []).append((label, task))
    merged = []
    for said in rows.values():
        latest = said[-1][1]
        results = [(label, task.result) for label, task in said if task.result]
        text = results[0][1] if len(results) == 1 else "\n".join(f"{label}: {result}" for label, result in results)
        merged.append(replace(latest, result=text, state=latest_state(latest.state, latest.due_on, as_of)))
    # Plans in the order of their numbers, the tasks of a plan as the quarters list them.
    return tuple(sorted(merged, key=lambda task: (task.plan_number, task.plan)))


def latest_state(state: str, due_on: date | None, as_of: date) -> str:
    """The state in the longer period of a task that its last quarter left in this one."""
    return state if state in ("done", "suspended") else due_state("", due_on, as_of)


def _words(values: Sequence[Told]) -> tuple[Words, ...]:
    headings = dict.fromkeys(words.heading for value in values for words in value.words)
    return tuple(
        replace(words, period_label=value.period.label)
        for heading in headings
        for value in (values[-1:] if heading in _LAST_WORD_ONLY else values)
        for words in value.words_under(heading)
    )

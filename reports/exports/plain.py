"""The consolidated value as plain JSON for other programs: the same numbers as on the page and in the files."""

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

from reports.goals import TargetRow
from reports.rates import RateValue
from reports.values import AgencyRow, Consolidation, Counts, IndicatorRow, TaskRow


def plain_report(value: Consolidation) -> dict[str, Any]:
    """The consolidation as a dictionary that ``json.dumps`` takes as it is.

    Dates are ISO 8601, a figure that nobody reported is null, ``totals`` and every count follow ``Counts``: ``tasks``
    leaves the suspended ones out.
    """
    period = value.period
    return {
        "council": value.council.code,
        "council_name": value.council.name,
        "period": period.code,
        "period_label": period.label,
        "starts_on": _day(period.starts_on),
        "ends_on": _day(period.ends_on),
        "locked": period.locked,
        "as_of": _day(value.as_of),
        "totals": _counts(value.totals),
        "missing": [row.code for row in value.missing],
        "agencies": [_agency(row) for row in value.agencies],
        "plans": [
            {
                "id": plan.id,
                "number": plan.number,
                "title": plan.title,
                "signed_on": _day(plan.signed_on),
                **_counts(plan.counts),
            }
            for plan in value.plans
        ],
        "cells": [{"agency": cell.agency, "plan": cell.plan, **_counts(cell.counts)} for cell in value.cells],
        "indicators": [_indicator(row) for row in value.indicators],
        "rates": [_rate(row) for row in value.rates],
        "targets": [_target(row) for row in value.targets],
        "tasks": [_task(task) for task in value.tasks],
        "words": [dataclasses.asdict(words) for words in value.words],
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _counts(counts: Counts) -> dict[str, int]:
    return dataclasses.asdict(counts)


def _number(value: Decimal | None, decimals: int) -> int | float | None:
    """An int for a whole figure of an indicator counted in wholes, else a float; null when nobody reported it."""
    if value is None:
        return None
    return int(value) if decimals == 0 and value == value.to_integral_value() else float(value)


def _agency(row: AgencyRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "report_state": row.report_state,
        "handed_in_on": _day(row.handed_in_on),
        "on_time": row.on_time,
        "nothing_to_report": row.nothing_to_report,
        **_counts(row.counts),
    }


def _indicator(row: IndicatorRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "unit": row.unit,
        "nature": row.nature,
        "parent": row.parent,
        "value": _number(row.value, row.decimals),
        "previous": _number(row.previous, row.decimals),
        "last_year": _number(row.last_year, row.decimals),
        "by_agency": {figure.agency: _number(figure.value, row.decimals) for figure in row.by_agency},
    }


def _rate(row: RateValue) -> dict[str, Any]:
    return {
        "id": row.rate.id,
        "name": row.rate.name,
        "formula": row.rate.formula,
        "unit": row.rate.unit,
        "numerator": _number(row.numerator, 0),
        "denominator": _number(row.denominator, 0),
        "value": None if row.value is None else float(row.value),
    }


def _target(row: TargetRow) -> dict[str, Any]:
    return {
        "scope": row.scope,
        "code": row.code,
        "name": row.name,
        "source": row.source,
        "plan": row.plan,
        "task": row.task,
        "year": row.year,
        "until": _day(row.until),
        "direction": row.direction,
        "target": _number(row.target, 0),
        "unit": row.unit,
        "achieved": _number(row.achieved, 0),
        "numerator": _number(row.numerator, 0),
        "denominator": _number(row.denominator, 0),
        "percent": None if row.percent is None else float(row.percent),
        "state": row.state,
        "formula": row.formula,
        "note": row.note,
    }


def _task(task: TaskRow) -> dict[str, Any]:
    return {
        "id": task.id,
        "plan": task.plan,
        "section": task.section,
        "number": task.number,
        "title": task.title,
        "lead": task.lead,
        "supporting": list(task.supporting_names),
        "timing": task.timing_text,
        "due_on": _day(task.due_on),
        "state": task.state,
        "percent": task.percent,
        "completed_on": _day(task.completed_on),
        "result": task.result,
        "difficulty": task.difficulty,
        "proposal": task.proposal,
        "new_expected_on": _day(task.new_expected_on),
        "reported": task.reported,
    }

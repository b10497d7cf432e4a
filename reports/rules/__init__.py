"""The rules of domain.md §8.3 over a report: one function each, in one visible ordered list.

Each looks at a ``Sheet`` and yields findings in words a person can act on. An error blocks handing in; a warning asks
for a look or a note and is shown to the agency and to the secretariat. The same list runs while somebody types, when
the report is shown and in the verb that hands it in. Rules about plans, activities, files and states are enforced where
those are; ``register.py`` lists all thirty and where each one lives.
"""

from collections.abc import Callable, Iterator
from datetime import date

from reports.rules.figures import FIGURE_RULES
from reports.rules.findings import Finding
from reports.rules.lines import LINE_RULES
from reports.rules.whole import REPORT_RULES
from reports.sheet import Sheet

__all__ = ["FIGURE_RULES", "LINE_RULES", "REPORT_RULES", "RULES", "Finding", "check"]

RuleFunction = Callable[[Sheet, date], Iterator[Finding]]
RULES: tuple[RuleFunction, ...] = (*LINE_RULES, *FIGURE_RULES, *REPORT_RULES)


def check(sheet: Sheet, today: date, rules: tuple[RuleFunction, ...] = RULES) -> list[Finding]:
    """Everything the rules find: errors first, then warnings, those answered by a note last; else in list order."""
    findings = [finding for rule in rules for finding in rule(sheet, today)]
    return sorted(findings, key=lambda finding: (not finding.is_error, finding.is_answered))

"""Which agencies signed the plan and which only take part: guessed from its number and tasks, corrected by people."""

import re
from collections import Counter
from dataclasses import dataclass

from agencies.models import Agency
from agencies.vietnamese import fold_words
from campaigns.imports.corrections import Corrections
from campaigns.imports.header import PlanHeader
from campaigns.imports.matching import AgencyMatcher
from campaigns.models import Plan, PlanParty


@dataclass(frozen=True)
class PartyGuess:
    """An agency of the council and its part in the plan; ``role`` is '' for none."""

    agency: Agency
    role: str
    leads: int = 0
    supports: int = 0
    stored: bool = False  # in the plan already

    @property
    def has_tasks(self) -> bool:
        """Whether it carries a task of the file, so that it cannot be left out."""
        return bool(self.leads or self.supports)


def guess_parties(
    plan: Plan | None, header: PlanHeader, tasks, matcher: AgencyMatcher, corrections: Corrections
) -> tuple[PartyGuess, ...]:
    """Every agency that exists then, with its role in the plan.

    Signatories are the agencies whose abbreviation stands in the plan's number ("02/KHPH-STP-UBMTTQVN") and those that
    lead a task; one that only supports takes part. When that makes fewer than two, which no coordination plan has,
    those that support are taken to have signed too. What a plan says already stays as it is.
    """
    stored = dict(plan.parties.values_list("agency", "role")) if plan else {}
    leads = Counter(task.lead.pk for task in tasks if task.lead)
    supports = Counter(agency.pk for task in tasks for agency in task.supporting)
    named = {fold_words(part) for part in re.split(r"[-/–]", header.number.partition("/")[2])}
    signed = {agency.pk for agency in matcher.agencies if leads[agency.pk]}
    signed |= {agency.pk for agency in matcher.agencies if fold_words(agency.abbreviation) in named - {""}}
    if len(signed | set(stored)) < 2:
        signed |= set(supports)
    guesses = []
    for agency in matcher.agencies:
        role = stored.get(agency.pk, "")
        if not role and agency.pk in signed:
            role = PlanParty.Role.SIGNATORY
        elif not role and supports[agency.pk]:
            role = PlanParty.Role.PARTICIPANT
        said = corrections.parties.get(agency.code)
        if said in PlanParty.Role.values or (said == "" and not leads[agency.pk] and not supports[agency.pk]):
            role = said
        guesses.append(PartyGuess(agency, str(role), leads[agency.pk], supports[agency.pk], agency.pk in stored))
    return tuple(guesses)

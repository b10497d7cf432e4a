"""What the field's rules allow, on plain names: the oracle of the walks. It asks the portal nothing."""

from dataclasses import dataclass, field

READERS_OF_AN_AGENCY = {"liaison", "approver", "viewer"}
READERS_OF_A_COUNCIL = {"secretary", "leader"}
AGENCY_ROLES = ("liaison", "approver", "viewer")
COUNCIL_ROLES = ("secretary", "leader", "administrator")

# verb → roles that may try it on an agency's report, and on what stands in a council
ON_AN_AGENCY = {
    "save_line": {"liaison"},
    "save_figures": {"liaison"},
    "save_narrative": {"liaison"},
    "submit_report": {"liaison"},
    "withdraw_report": {"liaison"},
    "approve_report": {"approver"},
    "send_back_report": {"approver"},
    "record_activity": {"liaison"},
}
ON_A_COUNCIL = {
    "accept_report": {"secretary"},
    "undo_accept": {"secretary"},
    "return_report": {"secretary"},
    "lock_period": {"secretary"},
    "reopen_period": {"secretary"},
    "create_plan": {"secretary"},
    "succeed": {"secretary"},
    "join": {"administrator"},
    "leave": {"administrator"},
    "close_account": {"administrator"},
    "reopen_account": {"administrator"},
}
# verb → the states of a report in which it does something, and the state it leads to
MOVES = {
    "submit_report": ({"draft", "returned"}, "submitted"),
    "approve_report": ({"awaiting"}, "submitted"),
    "send_back_report": ({"awaiting"}, "returned"),
    "withdraw_report": ({"awaiting", "submitted"}, "draft"),
    "accept_report": ({"submitted"}, "accepted"),
    "return_report": ({"submitted", "accepted"}, "returned"),
    "undo_accept": ({"accepted"}, "submitted"),
}
EDITABLE = {"draft", "returned"}


@dataclass
class Rules:
    """The world as the rules see it. People, agencies and councils are names; a role is (person, place, role)."""

    council_of: dict[str, str]  # agency → council
    roles: set[tuple[str, str, str]] = field(default_factory=set)
    known: dict[str, set[str]] = field(default_factory=dict)  # person → councils that ever knew them
    closed: set[str] = field(default_factory=set)
    reports: dict[str, str] = field(default_factory=dict)  # agency → state
    asks_approval: set[str] = field(default_factory=set)
    touched: dict[str, set[str]] = field(default_factory=dict)  # agency → who entered or handed in its report
    accepted_by: dict[str, str] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)  # councils whose quarter is locked

    def holds(self, person: str, place: str, roles: set[str]) -> bool:
        """Whether the person has one of the roles there, with an open account."""
        return person not in self.closed and any((person, place, role) in self.roles for role in roles)

    def may(self, person: str, verb: str, place: str) -> bool:
        """Whether the rules let the person try this verb on that agency (its report included) or council."""
        if verb in ON_AN_AGENCY:
            return self.holds(person, place, ON_AN_AGENCY[verb])
        return self.holds(person, self.council_of.get(place, place), ON_A_COUNCIL[verb])

    def sees_agency_work(self, person: str, agency: str) -> bool:
        """Whether reports, activities and tasks of the agency are the person's to see."""
        return self.holds(person, agency, READERS_OF_AN_AGENCY) or self.sees_council(person, self.council_of[agency])

    def sees_council(self, person: str, council: str) -> bool:
        """Whether the whole of a council's business is the person's to see."""
        return self.holds(person, council, READERS_OF_A_COUNCIL)

    def councils(self, person: str) -> set[str]:
        """The councils in which the person has any role now."""
        if person in self.closed:
            return set()
        return {self.council_of.get(place, place) for who, place, _role in self.roles if who == person}

    def moves(self, verb: str, agency: str) -> str | None:
        """The state to which the verb leads the agency's report; None when it does not fit the state it is in."""
        sources, target = MOVES[verb]
        if self.council_of[agency] in self.locked or self.reports[agency] not in sources:
            return None
        return "awaiting" if verb == "submit_report" and agency in self.asks_approval else target

    def join(self, person: str, place: str, role: str) -> None:
        """A role is given."""
        self.roles.add((person, place, role))
        self.known.setdefault(person, set()).add(self.council_of.get(place, place))

    def may_join(self, by: str, person: str, place: str) -> bool:
        """An administrator gives roles in their council, never to themself, never to people of other councils only."""
        council = self.council_of.get(place, place)
        known = self.known.get(person, set())
        return self.may(by, "join", place) and by != person and (not known or council in known)

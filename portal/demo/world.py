"""What the builders pass around: the objects of one council's story, found by the names the content uses."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from agencies.models import Agency, Council, User
from campaigns.models import Plan, Task
from portal.demo.pieces import PlanText, TaskText

SEED = "pbgdpl-2024"
DAY = date(2024, 6, 10)  # the day on which Cần Thơ's story stands


@dataclass
class World:
    """One council: its agencies by code, its people by user name, its plans by key, its tasks by 'plan/code'."""

    council: Council
    agencies: dict[str, Agency]
    people: dict[str, User]
    secretary: User
    plans: dict[str, Plan] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    texts: dict[int, TaskText] = field(default_factory=dict)  # by task id
    helped: dict[tuple[int, int], str] = field(default_factory=dict)  # (agency, task) → what was last said

    def liaison(self, agency: str) -> User:
        return self.people[agency]

    def approver(self, agency: str) -> User:
        return self.people[f"{agency}.duyet"]

    def remember(self, text: PlanText, plan: Plan, tasks: dict[str, Task]) -> None:
        """Keep a plan and its tasks under the names that the content uses."""
        self.plans[text.key] = plan
        for task in text.tasks:
            self.tasks[f"{text.key}/{task.code}"] = tasks[task.code]
            self.texts[tasks[task.code].pk] = task


def dice(*names: str) -> Random:
    """Random numbers that are the same in every build, and do not shift when other content changes."""
    return Random(":".join((SEED, *names)))

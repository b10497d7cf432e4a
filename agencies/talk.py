"""What is said about an object, in conversations, as a page shows it."""

from collections.abc import Collection
from dataclasses import dataclass, field

from agencies.comments import may_comment, may_settle
from agencies.models import Comment, Discussed


@dataclass
class Thread:
    """One remark with its answers, oldest first."""

    first: Comment
    answers: list[Comment] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether everything in it was taken back."""
        return all(row.withdrawn_at for row in (self.first, *self.answers))


@dataclass
class Talk:
    """What is said at one place of a page, and whether this person may say more and mark what is put right."""

    anchor: str
    url: str
    may_speak: bool
    closed: str
    threads: list[Thread] = field(default_factory=list)
    may_settle: bool = False

    @property
    def place(self) -> str:
        """The name of the place in addresses of the page: 'dong-12', 'chung' for the whole."""
        return self.anchor or "chung"

    @property
    def waiting(self) -> list[Comment]:
        """Remarks that still wait for somebody."""
        return [thread.first for thread in self.threads if thread.first.is_waiting]


@dataclass
class Talks:
    """All that is said about one object, by place. Read in one query."""

    url: str
    may_speak: bool
    closed: str
    by_anchor: dict[str, Talk] = field(default_factory=dict)
    may_settle: bool = False

    def at(self, anchor: str) -> Talk:
        """The talk at a place; an empty one where nobody said anything."""
        empty = Talk(anchor, self.url, self.may_speak, self.closed, may_settle=self.may_settle)
        return self.by_anchor.setdefault(anchor, empty)

    @property
    def whole(self) -> Talk:
        """What is said of the object as a whole."""
        return self.at("")

    @property
    def waiting(self) -> list[Comment]:
        """Every remark that still waits, oldest first."""
        return sorted((row for talk in self.by_anchor.values() for row in talk.waiting), key=lambda row: row.pk)


def talks_about(obj: Discussed, user, *, anchor: str | None = None, agencies: Collection[int] | None = None) -> Talks:
    """The conversations about an object that the person sees already; ``anchor`` narrows to one place."""
    closed = obj.talk_closed
    settles = not closed and may_settle(user, obj, agencies)
    speaks = settles or (not closed and may_comment(user, obj, agencies))
    talks = Talks(f"{obj.get_absolute_url()}y-kien/", speaks, closed, may_settle=settles)
    threads: dict[int, Thread] = {}
    for row in Comment.objects.about(obj, anchor).select_related("author", "resolved_by"):
        if row.parent_id is None:
            threads[row.pk] = Thread(row)
        elif row.parent_id in threads:
            threads[row.parent_id].answers.append(row)
    for thread in threads.values():
        if not thread.is_empty:
            talks.at(thread.first.anchor).threads.append(thread)
    return talks

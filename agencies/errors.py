"""Errors of the business, in words for people. Each knows the HTTP status it deserves; views do not translate them."""


class BusinessError(Exception):
    """Something the portal will not do. ``messages`` say what happened, what was kept and what to do."""

    status = 409

    def __init__(self, *messages: str):
        self.messages = list(messages)
        super().__init__("; ".join(messages))


class NotAllowed(BusinessError):
    """The person may see the object but not do this to it."""

    status = 403


class WrongState(BusinessError):
    """The object is not in a state in which this can happen."""


class Incomplete(BusinessError):
    """Something is still missing; ``messages`` list all of it."""

    status = 422


class StaleVersion(BusinessError):
    """Somebody else saved meanwhile. ``current`` is the row as it is stored now."""

    def __init__(self, *messages: str, current=None):
        super().__init__(*messages)
        self.current = current

"""The server's log names nobody: what a database error quotes of a row is dropped, what names a person is masked.

One list of rules (docs/privacy.md) for both ways of writing: a filter before the lines of text, and the formatter of
the lines of JSON, which leaves out the words of an exception altogether (portal/json_log.py).
"""

import logging
import re

# "DETAIL:  Key (username)=(an.nguyen) already exists." and "Failing row contains (…)": the row itself, in the log.
_QUOTED = re.compile(r"^(DETAIL|HINT|CONTEXT):.*(?:\n(?!\s*File |[A-Z]+:).+)*", re.MULTILINE)
_MASKS = (
    (re.compile(r"(/lich/)[^/\s\"']+(\.ics)"), r"\1…\2"),
    (re.compile(r"\?\S+"), "?…"),  # what was searched for
    (re.compile(r"[^\s@'\"<>]+@[\w-]+(?:\.[\w-]+)+"), "•••@•••"),
    (re.compile(r"(?<![\w.])(?:\+84|0)(?:[ .-]?\d){8,11}(?!\w)"), "•••"),  # telephones; identity cards begin with 0
    (re.compile(r"(?<![\w.-])\d{9}(?:\d{3})?(?![\w-])"), "•••"),  # older identity cards
)


def scrubbed(text: str) -> str:
    """The text without what could name a person or let one in."""
    text = _QUOTED.sub(r"\1: (lược bỏ)", text)
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


class NoPersonalData(logging.Filter):
    """Rewrites what is about to be written as text: the message with its arguments, and the traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the line through, scrubbed. A line that cannot be put together is left to its formatter."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            return True
        record.msg, record.args = scrubbed(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text, record.exc_info = scrubbed(record.exc_text), None
        return True

"""The server's log names nobody: what a database error quotes of a row is dropped, addresses and telephones are masked.

A filter of the handler, so that it stands whatever formatter writes the line (docs/privacy.md).
"""

import logging
import re

# "DETAIL:  Key (username)=(an.nguyen) already exists." and "Failing row contains (…)": the row itself, in the log.
_QUOTED = re.compile(r"^(DETAIL|HINT|CONTEXT):.*(?:\n(?!\s*File |[A-Z]+:).+)*", re.MULTILINE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.])(?:\+84|0)(?:[ .]?\d){9,10}(?![\w.])")
_SECRET = re.compile(r"(/lich/)[^/\s\"']+(\.ics)")


def scrubbed(text: str) -> str:
    """The text without what could name a person or let one in."""
    text = _QUOTED.sub(r"\1: (lược bỏ)", text)
    text = _SECRET.sub(r"\1…\2", text)
    return _PHONE.sub("•••", _EMAIL.sub("•••@•••", text))


class NoPersonalData(logging.Filter):
    """Rewrites what is about to be written: the message with its arguments, and the traceback."""

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

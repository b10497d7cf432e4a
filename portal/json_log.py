"""One line of JSON per event, for whatever collects the logs; nobody's data in it.

An exception is told by its kind and the places it passed, not by its words: PostgreSQL's words quote the row. What
remains of other messages is scrubbed (portal/log_privacy.py). It needs the exception itself: no filter may take that.
"""

import json
import logging
import traceback
from datetime import UTC, datetime

from portal import request_trail
from portal.log_privacy import scrubbed


class JsonLines(logging.Formatter):
    """The formatter of PORTAL_LOG=json."""

    def format(self, record: logging.LogRecord) -> str:
        """One event as one line; control characters cannot begin another."""
        event = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_trail.current() or None,
            "message": scrubbed(_words(record)),
        }
        event |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0]:
            event["exception"] = _exception(record.exc_info)
        return json.dumps({key: value for key, value in event.items() if value is not None}, ensure_ascii=False)


def _words(record: logging.LogRecord) -> str:
    """The message; an exception given as one of its arguments shows its kind alone."""
    arguments = record.args
    if isinstance(arguments, tuple):
        arguments = tuple(type(value).__name__ if isinstance(value, BaseException) else value for value in arguments)
    try:
        return str(record.msg) % arguments if arguments else str(record.msg)
    except (TypeError, ValueError):
        return str(record.msg)


def _exception(exc_info) -> dict:
    kind, error, trail = exc_info
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trail)]
    diagnosis = getattr(error.__cause__, "diag", None) or getattr(error, "diag", None)
    told = {"kind": f"{kind.__module__}.{kind.__qualname__}", "frames": frames[-12:]}
    if diagnosis is not None:
        told |= {"sqlstate": diagnosis.sqlstate, "constraint": diagnosis.constraint_name}
    return told

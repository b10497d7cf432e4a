"""Model fields for Vietnamese text: whatever comes in, NFC is what is stored."""

import re

from django.db import models

from agencies.vietnamese import fold, nfc


def stored(text: str) -> str:
    """Text as the database keeps it: NFC, and without what nobody sees (PostgreSQL cannot hold NUL at all)."""
    return nfc(text)


_LINE_ENDS = re.compile(r"\s*[\r\n]+\s*")


class Line(models.CharField):
    """A short text on one line, stored in NFC: it may stand in the head of an e-mail or a file's name."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return _LINE_ENDS.sub(" ", stored(value)) if isinstance(value, str) else value


class Prose(models.TextField):
    """A long text, stored in NFC."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return stored(value) if isinstance(value, str) else value


class Folded(models.TextField):
    """What search compares: the folded text of other fields, filled whenever the row is written."""

    def __init__(self, *sources: str, **kwargs):
        self.sources = sources
        super().__init__(editable=False, default="", blank=True, **kwargs)

    def deconstruct(self):
        name, path, _args, kwargs = super().deconstruct()
        for given in ("editable", "default", "blank"):
            kwargs.pop(given, None)
        return name, path, list(self.sources), kwargs

    def pre_save(self, instance, add):
        values = (getattr(instance, source) or "" for source in self.sources)
        text = fold(" ".join(" ".join(v) if isinstance(v, list) else str(v) for v in values))
        setattr(instance, self.attname, text)
        return text

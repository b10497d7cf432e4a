"""The same HTML drawn by a bare Django view from what is in memory: no session, no person, no database.

The page is asked for once; what its template was given is kept, also the rows behind its select boxes. The bare view
draws the same template with the same things, under Django's own seven middlewares.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.forms.models import ModelChoiceIterator
from django.http import HttpResponse
from django.template.backends.django import Template as Backend
from django.template.context import Context, RequestContext
from django.test import Client, override_settings

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


@dataclass
class Memory:
    """What one page was drawn with."""

    template: Any = None  # django.template.base.Template
    request: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    choices: dict[tuple, list] = field(default_factory=dict)  # rows of select boxes
    drawn: list[str] = field(default_factory=list)


@contextmanager
def remembering() -> Iterator[Memory]:
    """Keep what the first page drawn inside was drawn with."""
    memory = Memory()
    render, bind = Backend.render, RequestContext.bind_template

    def kept_render(self, context=None, request=None):
        if memory.template is None:
            memory.template, memory.request, memory.values = self.template, request, dict(context or {})
        memory.drawn.append(self.template.name)
        return render(self, context, request)

    @contextmanager
    def kept_bind(self, template):
        with bind(self, template):
            if template is memory.template:
                memory.values = self.dicts[self._processors_index] | memory.values
            yield

    with (
        mock.patch.object(Backend, "render", kept_render),
        mock.patch.object(RequestContext, "bind_template", kept_bind),
        _choices_from(memory, keep=True),
    ):
        yield memory


def _choices_from(memory: Memory, *, keep: bool):
    """Select boxes remember their rows, or take them from memory."""
    plain = ModelChoiceIterator.__iter__

    def rows(self):
        key = (type(self.field).__name__, str(self.field.label), str(self.queryset.query))
        if keep:
            memory.choices[key] = list(plain(self))
        return iter(memory.choices[key] if key in memory.choices else list(plain(self)))

    return mock.patch.object(ModelChoiceIterator, "__iter__", rows)


_memory: Memory | None = None


class BareView:
    """Answers as the view would: Django has found the address, the remembered page is drawn, no view of ours is run."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        with _choices_from(_memory, keep=False):
            context = Context(_memory.values)
            context.request = _memory.request  # some tags ask for it
            return HttpResponse(_memory.template.render(context))


def bare_view(memory: Memory):
    """A function that asks the bare view for the remembered page and returns its HTML."""
    with override_settings(MIDDLEWARE=[*MIDDLEWARE, f"{__name__}.BareView"]):
        client = Client()
        client.handler.load_middleware()

    def draw() -> str:
        global _memory
        _memory = memory
        return client.get("/").content.decode()

    return draw

"""The few tags every page uses; built in, so that no template loads them."""

import functools
import re
import uuid
from decimal import Decimal, InvalidOperation

import heroicons
from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from agencies.once import FIELD
from agencies.vietnamese import show_number
from reports.rules.register import BY_ID

register = template.Library()

# Every state of every room, as icon and tone; the word beside it comes from the object (``get_state_display``).
STATES = {
    "draft": ("pencil-square", "neutral"),
    "awaiting": ("clock", "info"),
    "submitted": ("paper-airplane", "info"),
    "returned": ("arrow-uturn-left", "bad"),
    "accepted": ("check-badge", "ok"),
    "locked": ("lock-closed", "neutral"),
    "open": ("lock-open", "info"),
    "done": ("check-circle", "ok"),
    "on_track": ("arrow-trending-up", "ok"),
    "due_soon": ("clock", "warn"),
    "overdue": ("exclamation-triangle", "bad"),
    "suspended": ("pause-circle", "neutral"),
    "not_started": ("minus-circle", "neutral"),
    "in_progress": ("arrow-path", "info"),
    "on_hold": ("pause-circle", "neutral"),
    "cancelled": ("x-circle", "neutral"),
    "active": ("play-circle", "ok"),
    "completed": ("check-circle", "neutral"),
    "superseded": ("arrows-right-left", "neutral"),
    "issued": ("document-check", "ok"),
    "none": ("minus", "neutral"),
    "met": ("check-circle", "ok"),
    "running": ("arrow-path", "info"),
    "missed": ("exclamation-triangle", "bad"),
    # of a long work ("running", "done", "cancelled" as above)
    "waiting": ("clock", "neutral"),
    "failed": ("exclamation-triangle", "bad"),
    # kinds of notices
    "reminder": ("bell-alert", "warn"),
    "opened": ("calendar-days", "info"),
    "mention": ("at-symbol", "info"),
    "comment": ("chat-bubble-left-right", "info"),
    "handed_in": ("paper-airplane", "info"),
    "approval": ("clock", "warn"),
    "long_work": ("queue-list", "info"),
}


@functools.cache
def _svg(name: str, size: int) -> SafeString:
    # The drawing is shipped with the product, not typed by anybody.
    attrs = {"class": "icon", "aria-hidden": "true", "focusable": "false"}
    return mark_safe(heroicons._render_icon("mini", str(name) + "", size, attrs))


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """A heroicon (20px mini), hidden from screen readers: a word always stands beside it.

    Raises heroicons.IconDoesNotExist for a misspelt name.
    """
    return _svg(str(name), int(size))


@register.filter(is_safe=False)
def number(value) -> str:
    """1234.5 → "1.234,5"; None and '' → "—"; no trailing zeros after the comma. What is no number stays as it is."""
    if value is None or value == "":
        return "—"
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not exact.is_finite():
        return "—"
    return show_number(exact)


@register.simple_tag
def form_key() -> SafeString:
    """In a form that creates something: the key by which sending it again is known (agencies/once.py)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())


@register.simple_tag
def state_badge(key: str, label: str) -> SafeString:
    """A state as icon, word and colour; colour alone says nothing. An unknown key is drawn as "none"."""
    name, tone = STATES.get(str(key), STATES["none"])
    return format_html('<span class="badge badge-{}">{}{}</span>', tone, _svg(name, 16), label)


@register.simple_tag
def rule_link(rule: str) -> SafeString:
    """The id of a checking rule, leading to what it says on the page of rules."""
    return format_html('<a class="rule" href="{}#{}" title="Xem quy tắc {}">{}</a>', reverse("rules"), rule, rule, rule)


@register.inclusion_tag("portal/_hint.html")
def hint(*rules: str):
    """A "?" beside a heading or a field: what the rules say and their legal source, from the register of the rules.

    Raises KeyError for an id that is not in the register.
    """
    return {"rules": [BY_ID[rule] for rule in rules]}


_RULE = re.compile(rf"\(({'|'.join(BY_ID)})\)")


@register.filter(is_safe=False)
def with_rules(text) -> SafeString:
    """A message in which '(V04)' leads to what that rule says; everything else is escaped."""
    return mark_safe(_RULE.sub(lambda found: f"({rule_link(found[1])})", conditional_escape(text)))


@register.simple_tag
def progress(value, label: str = "") -> SafeString:
    """A bar with its percentage beside it; ``value`` is 0–100, None draws an em dash."""
    if value is None or value == "":
        return format_html('<span class="progress">{}</span>', "—")
    percent = min(100, max(0, round(float(value))))
    return format_html(
        '<span class="progress"><svg class="progress-bar" viewBox="0 0 100 8" preserveAspectRatio="none"'
        ' aria-hidden="true" focusable="false"><rect class="progress-track" width="100" height="8"/>'
        '<rect class="progress-value" width="{}" height="8"/></svg><span class="num">{}%</span>{}</span>',
        percent,
        percent,
        format_html(' <span class="visually-hidden">{}</span>', label) if label else "",
    )


@register.inclusion_tag("portal/_field.html")
def field(bound):
    """One form field: label, widget, help and errors, tied together for screen readers."""
    kind = getattr(bound.field.widget, "input_type", "")
    return {"field": bound, "single_checkbox": kind == "checkbox" and not bound.use_fieldset}


@register.inclusion_tag("portal/_why.html")
def why(kind: str, pk: int):
    """The foot of an object's page, "Ai làm được gì, vì sao": read only when it is opened (portal/views_why.py)."""
    return {"url": reverse("why", kwargs={"kind": kind, "pk": pk})}


@register.inclusion_tag("portal/_form_errors.html")
def form_errors(form):
    """What is wrong with a form, on top of it, each line leading to its field."""
    visible = form.visible_fields()
    # A password is never sent back to the page, so it cannot be said to be still there.
    secret = any(getattr(bound.field.widget, "input_type", "") == "password" for bound in visible)
    return {"form": form, "wrong": [bound for bound in visible if bound.errors], "secret": secret}

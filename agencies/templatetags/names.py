"""Tags that show old words without the names of erased persons (agencies/pseudonyms.py); one question a page."""

from django import template

from agencies.pseudonyms import pseudonyms_of

register = template.Library()


@register.simple_tag(takes_context=True)
def unnamed(context, text: str) -> str:
    """A text that was written some day: ``{% unnamed notice.text %}``."""
    return pseudonyms_of(context["request"]).instead(text)


@register.simple_tag(takes_context=True)
def named(context, pk: int | None, name: str) -> str:
    """The name that was written down beside a person's id: ``{% named row.by_id row.by_name %}``."""
    return pseudonyms_of(context["request"]).name(pk, name)


@register.simple_tag(takes_context=True)
def actor_of(context, entry) -> str:
    """Who did what a line of the record tells."""
    return pseudonyms_of(context["request"]).actor(entry)


@register.simple_tag(takes_context=True)
def in_line(context, entry, text: str) -> str:
    """A text of a line of the record: ``{% in_line entry entry.summary %}``."""
    return pseudonyms_of(context["request"]).in_line(entry, text)

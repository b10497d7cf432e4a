"""Tags of the talk about reports and tasks: the words of a comment, and what is said at a place of a page."""

import re
from urllib.parse import urlsplit

from django import template
from django.urls import Resolver404, resolve
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from agencies.pseudonyms import pseudonyms_of
from agencies.talk import talks_about

register = template.Library()

_ADDRESS = r"https?://[^\s<>\"']+|(?<![\w/.:@])/[a-z0-9][^\s<>\"']*"
_AT_END = ".,;:!?)]}”…"


@register.simple_tag(takes_context=True)
def comment_words(context, comment) -> SafeString:
    """A comment's text, escaped, with the people it calls in bold and the addresses of this portal as links.

    An address of any other place stays plain text: a comment leads nobody out of the portal.
    """
    pseudonyms = pseudonyms_of(context["request"])
    text = pseudonyms.instead(comment.text)
    names = sorted({f"@{pseudonyms.instead(name)}" for name in comment.mentions}, key=len, reverse=True)
    pattern = re.compile("|".join([_ADDRESS, *map(re.escape, names)]))
    host = context["request"].get_host()
    out, done = [], 0
    for match in pattern.finditer(text):
        found = match[0]
        if found.startswith("@"):
            shown = format_html('<b class="mention">{}</b>', found)
        else:
            found = found.rstrip(_AT_END)
            path = own_path(found, host)
            shown = format_html('<a href="{}">{}</a>', path, found) if path else conditional_escape(found)
        out += [conditional_escape(text[done : match.start()]), shown]
        done = match.start() + len(found)
    return format_html_join("", "{}", ((piece,) for piece in [*out, text[done:]]))


def own_path(address: str, host: str) -> str:
    """The path of an address of this portal, with its query and fragment; '' for any other address."""
    try:
        parts = urlsplit(address)
        if parts.netloc not in ("", host) or not parts.path.startswith("/") or parts.path.startswith("//"):
            return ""
        resolve(parts.path)
    except (ValueError, Resolver404):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")


@register.simple_tag(takes_context=True)
def talk_at(context, obj, anchor: str = ""):
    """What is said at a place of an object's page (agencies/talk.py); one query, whatever is said."""
    return talks_about(obj, context["request"].user, anchor=anchor).at(anchor)


@register.simple_tag(takes_context=True)
def talks_on(context, obj, prefix: str):
    """What is said at the places whose name begins with ``prefix``, those where anything is, in their order."""
    talks = talks_about(obj, context["request"].user)
    return [talk for anchor, talk in sorted(talks.by_anchor.items()) if anchor.startswith(prefix)]

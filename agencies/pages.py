"""What the pages of this room share: buttons, the way back, and the page with one form."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies.errors import BusinessError
from agencies.models import Agency, Council


@dataclass(frozen=True)
class Action:
    """A button: only what the person may do is ever made into one."""

    label: str
    url: str
    icon: str
    primary: bool = False
    danger: bool = False


def address(scope: Agency | Council) -> str:
    """The page of an agency or council."""
    if isinstance(scope, Agency):
        return reverse("agency-detail", args=[scope.pk])
    return reverse("council-detail", args=[scope.code])


def crumbs(*scopes: Agency | Council) -> list[tuple[str, str]]:
    """The way back: words and addresses, from the list of agencies on."""
    return [("Cơ quan", reverse("agency-list"))] + [(str(scope), address(scope)) for scope in scopes]


def answer(request, form: forms.Form, act: Callable[[forms.Form], str], **page):
    """A page with one form (``heading``, ``intro``, ``crumbs``, ``submit``, ``back``, ``danger`` describe it).

    ``act`` does the deed with the valid form and returns the address to go to; when it refuses (a BusinessError), its
    words stand on the page, what was typed stays, and the page has the error's status.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return redirect(act(form))
            except BusinessError as error:
                status = error.status
                for message in error.messages:
                    form.add_error(None, message)
    return render(request, "agencies/form.html", {"form": form, **page}, status=status)


def posted(request):
    """What a form is filled with: nothing at all on GET."""
    return request.POST if request.method == "POST" else None

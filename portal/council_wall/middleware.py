"""Puts the wall around every request: the person's own councils, and none for somebody not signed in."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import Error
from django.http import FileResponse
from django.urls import reverse

from agencies import wall


class CouncilWall:
    """Stands right behind AuthenticationMiddleware. Nothing is asked of the database for a page that asks nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        person = _person(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        with wall.for_person(person):
            response = self.get_response(request)
        if response.streaming and not isinstance(response, FileResponse):
            response.streaming_content = _walled(response.streaming_content, person)
        return response


def _person(request) -> int | None:
    """Who is signed in. Without a database nobody is, on the one page that says so; elsewhere asking raises."""
    try:
        return request.user.pk if request.user.is_authenticated else None
    except Error:
        if request.path_info != reverse("health"):
            raise
        request.user = AnonymousUser()
        return None


def _walled(lines, person):
    """Rows read while they are sent come from behind the same wall."""
    with wall.for_person(person):
        yield from lines

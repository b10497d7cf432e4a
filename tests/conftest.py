"""Fixtures shared by all rooms. The world is built with the portal's own verbs (tests/world.py)."""

import copy
import os

# Sync playwright runs an event loop in the test's thread; the ORM is still used synchronously.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import hypothesis
import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings

from tests.addresses import every_object
from tests.world import World, build_world

# No test judges a time: how long an example takes on a busy machine is not hypothesis's business either.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")

HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; the real one is slow on purpose


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The long files first, those with a browser: a worker that gets one last would leave the others idle."""
    in_browser = {item.path for item in items if item.get_closest_marker("browser")}
    walks = {path for path in in_browser if path.name == "test_every_page_browser.py"}
    items.sort(key=lambda item: 2 - (item.path in in_browser) - (item.path in walks))


@pytest.fixture(autouse=True)
def _test_settings(settings, tmp_path):
    """Files in a folder of the test's own, plain static names, real time, quick password hashes."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    # It lists the static folder anew for every test client.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.PASSWORD_HASHERS = HASHERS
    settings.PORTAL_DEMO, settings.PORTAL_TODAY, settings.PORTAL_DESIGN = False, None, True
    settings.SECOND_FACTOR_FOR = "nobody"  # the rule has tests of its own (tests/portal/test_second_factors.py)
    cache.clear()


@pytest.fixture(scope="module")
def _module_world(django_db_setup, django_db_blocker):
    """The world, built once for a module inside a transaction that is taken back at its end."""
    quick = {"PASSWORD_HASHERS": HASHERS, "PORTAL_DEMO": False, "PORTAL_TODAY": None}
    with django_db_blocker.unblock(), override_settings(**quick):
        outer = transaction.atomic()
        outer.__enter__()
        built = build_world()
    yield built
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def world(_module_world, db, settings) -> World:
    """Two councils, agencies, people in every role, a plan in force and an open quarter; the day is 2024-06-10.

    Each test gets objects of its own and a savepoint of its own on top of the module's world.
    """
    settings.PORTAL_TODAY = _module_world.today
    return copy.deepcopy(_module_world)


@pytest.fixture
def objects(world) -> dict:
    """One object of each kind that stands in an address (tests/addresses.py)."""
    return every_object(world)


@pytest.fixture
def sign_in():
    """A function: user → a client signed in as that user (None: anonymous)."""

    def make(user=None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return make

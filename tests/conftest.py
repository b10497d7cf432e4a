"""Fixtures shared by all rooms. The world is built with the portal's own verbs (tests/world.py)."""

import copy
import gc
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

# Sync playwright runs an event loop in the test's thread; the ORM is still used synchronously.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import hypothesis
import pytest
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client, override_settings

from agencies.journal.guards import guards_back, guards_down
from tests.addresses import every_object
from tests.browser import browser, chromium  # noqa: F401 (fixtures)
from tests.kept_rows import kept
from tests.world import HASHERS, World, build_world

# No test judges a time: how long an example takes on a busy machine is not hypothesis's business either.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")


# Each of these takes minutes: they begin first among their kind.
LONGEST = ("test_every_page_browser.py", "test_access_deep.py", "test_injection.py", "test_walks.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The long files first, those with a browser: a worker that gets one last would leave the others idle.

    Those of the world last and together: it is built once for them all.
    """
    in_browser = {item.path for item in items if item.get_closest_marker("browser")}
    in_world = {item.path for item in items if _uses_world(item)}
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(
        key=lambda item: (item.path not in in_browser, item.path in in_world, order.get(item.path.name, len(order)))
    )


def pytest_collection_finish():
    """Modules, models and tests live until the end: the collector no longer looks at them again and again for rubbish.

    It took a fifth of the processor's time: each of its rounds walked 300,000 objects that never go.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


_flush = DatabaseOperations.sql_flush


def _flush_without_guards(self, style, tables, **options):
    """Emptying the database after a test that commits: the record refuses TRUNCATE, also to the tables' owner."""
    return [*guards_down(), *_flush(self, style, tables, **options), *guards_back()] if tables else []


DatabaseOperations.sql_flush = _flush_without_guards
# After the emptying Django would have all lists written anew and every trigger and policy looked at: they are laid in.
flush.emit_post_migrate_signal = lambda *_args, **_kwargs: kept.lay_ground()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, its first rows kept (tests/kept_rows.py)."""
    with django_db_blocker.unblock():
        kept.keep_ground()


@pytest.fixture(scope="session")
def _folders(tmp_path_factory) -> Iterator[Path]:
    """Names of folders, one for each test; made by the first that writes there, which few do."""
    place = tmp_path_factory.mktemp("tests")
    return (place / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _test_settings(settings, _folders):
    """Files in a folder of the test's own, plain static names, real time, quick password hashes."""
    own = next(_folders)
    settings.MEDIA_ROOT = own / "files"
    settings.PORTAL_RECORD_DIR, settings.PORTAL_RECORD_KEY = own / "record", own / "record" / "key.pem"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    # It lists the static folder anew for every test client.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.PASSWORD_HASHERS = HASHERS
    settings.PORTAL_DEMO, settings.PORTAL_TODAY, settings.PORTAL_DESIGN = False, None, True
    settings.SECOND_FACTOR_FOR = "nobody"  # the rule has tests of its own (tests/portal/test_second_factors.py)
    cache.clear()


class KeptWorld:
    """The world of this process: built once inside a transaction that stays open from one file to the next.

    A file whose tests do not use it, and may commit for itself, finds it gone (``_ground``).
    """

    built: World | None = None
    outer: transaction.Atomic | None = None

    def get(self) -> World:
        """The world, built when there is none."""
        if self.built is None:
            with override_settings(PASSWORD_HASHERS=HASHERS, PORTAL_DEMO=False, PORTAL_TODAY=None):
                self.outer = transaction.atomic()
                self.outer.__enter__()
                self.built = build_world()
                with connection.cursor() as cursor:  # the checks of a commit, once, not at the end of each test
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        return self.built

    def let_go(self) -> None:
        """Take it back."""
        if self.built is not None:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)
            self.built = self.outer = None


_kept = KeptWorld()


def _uses_world(item) -> bool:
    """Whether the test asks for the ``world`` of this file; some files build one of their own that commits."""
    return "_kept_world" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def _world_of_process(django_db_setup, django_db_blocker):
    yield _kept
    with django_db_blocker.unblock():
        _kept.let_go()


@pytest.fixture(scope="module", autouse=True)
def _ground(request, django_db_blocker):
    """Before a file's first test: the world for a file that uses it, an empty database for another."""
    wanted = any(_uses_world(item) for item in request.session.items if item.path == request.path)
    kept = request.getfixturevalue("_world_of_process") if wanted else _kept
    with django_db_blocker.unblock():
        if wanted:
            kept.get()
        else:
            kept.let_go()


@pytest.fixture
def _kept_world(db) -> World:
    return _kept.get()


@pytest.fixture
def world(_kept_world, settings) -> World:
    """Two councils, agencies, people in every role, a plan in force and an open quarter; the day is 2024-06-10.

    Each test gets objects of its own and a savepoint of its own on top of the process's world.
    """
    settings.PORTAL_TODAY = _kept_world.today
    return copy.deepcopy(_kept_world)


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

"""Fixtures shared by all rooms. The world is built with the portal's own verbs (tests/world.py)."""

import os
from pathlib import Path

# Sync playwright runs an event loop in the test's thread; the ORM is still used synchronously.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import pytest
from django.core.cache import cache
from django.test import Client

from tests.world import World, build_world


@pytest.fixture(autouse=True)
def _test_settings(settings, tmp_path):
    """Files in a folder of the test's own, plain static names, real time, quick password hashes."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns about a missing folder
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PORTAL_DEMO, settings.PORTAL_TODAY = False, None
    cache.clear()


@pytest.fixture
def world(db, settings) -> World:
    """Two councils, agencies, people in every role, a plan in force and an open quarter; the day is 2024-06-10."""
    world = build_world()
    settings.PORTAL_TODAY = world.today
    return world


@pytest.fixture
def sign_in():
    """A function: user → a client signed in as that user (None: anonymous)."""

    def make(user=None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return make

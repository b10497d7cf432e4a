"""What this room's tests add to the shared world."""

import pytest


@pytest.fixture
def world(world):
    """The shared world, with the closed account as the database has it."""
    world.people["inactive"].refresh_from_db()
    return world

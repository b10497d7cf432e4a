"""Tests of this folder work on databases of their own (tests/separate.py) and commit there.

Their mark django_db only says that the test database, which they copy, has to be set up; the transaction around each
test, which the mark usually brings, would stand in the way: a database with a visitor cannot be copied.
"""

import pytest


@pytest.fixture(autouse=True)
def _django_db_marker():
    """In place of pytest-django's fixture of the same name."""

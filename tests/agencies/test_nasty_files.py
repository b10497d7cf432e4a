"""Every nasty file is refused in words, and what only looks odd is taken."""

import re

import pytest

from agencies.files.kinds import check_file
from agencies.files.virus import RefusedFile
from tests.nasty_files import FILES, RELATIVES, TAKEN


@pytest.mark.parametrize(
    ("what", "name", "content", "said"), [*FILES, *RELATIVES], ids=[row[0] for row in [*FILES, *RELATIVES]]
)
def test_refused(what, name, content, said):
    with pytest.raises(RefusedFile) as refused:
        check_file(name, content)
    message = " ".join(refused.value.messages)
    assert re.search(said, message) and name in message and re.search(r"[Hh]ãy|Chỉ nhận", message), message


@pytest.mark.parametrize(("what", "name", "content"), TAKEN, ids=[row[0] for row in TAKEN])
def test_taken(what, name, content):
    assert check_file(name, content)

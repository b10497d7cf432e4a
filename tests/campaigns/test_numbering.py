"""The full number of a task from those of its sections, as the annex writes them."""

import pytest

from campaigns.models import full_number


@pytest.mark.parametrize(
    ("above", "number", "full"),
    [
        ("", "1.", "1."),
        ("", "II", "II"),
        ("II.", "2.", "II.2."),
        ("II", "2", "II.2"),
        ("II.1.", "a)", "II.1.a)"),
        ("II.1.", "1.1", "II.1.1"),
        ("II.1.", "II.1.3", "II.1.3"),
        ("II.1.", "11.", "II.1.11."),
        ("II.1.", "-", "II.1."),
        ("II.1.", "", "II.1."),
    ],
)
def test_full_number(above, number, full):
    assert full_number(above, number) == full

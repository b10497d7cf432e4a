"""Word reports made from the handmade consolidation, one line each."""

from datetime import date

from reports.drafting import draft_narrative
from reports.exports.word import word_report
from tests.reports.values_sample import sample


def report(value=None, *, issued: bool = False, **changes) -> bytes:
    """The report of a value, a draft unless ``issued``."""
    value = value or sample()
    options = {
        "narrative": draft_narrative(value),
        "signing": "vice",
        "addressee": "Ủy ban nhân dân thành phố Cần Thơ",
        "recipients": ["Như trên", "Các thành viên Hội đồng"],
    }
    if issued:
        options |= {"number": "15", "issued_on": date(2024, 6, 20), "draft": False}
    return word_report(value, **(options | changes))

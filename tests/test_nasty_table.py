"""docs/nasty-inputs.md says what really happens."""

import os
from pathlib import Path

from tests.nasty_table import as_markdown, table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "nasty-inputs.md"


def test_the_page_is_true():
    if os.environ.get("UPDATE_NASTY"):
        PAGE.write_text(as_markdown(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == as_markdown()
    rows = table()
    assert len(rows) == 40 and all(not got.startswith("nhận") for kind, _what, got in rows if kind == "Tệp")
    assert all(got.startswith("Từ chối") for kind, _what, got in rows if kind in ("Số", "Ngày"))

"""What is to be said of each hot query: its name (tests/bench/plans.py) → a sentence for docs/plans.md."""

SENTENCES: dict[str, str] = {}

"""What the portal's work costs beside its floor, measured in one run in turns: ``make bench`` (docs/bench/README.md)."""

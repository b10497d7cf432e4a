"""Work that takes longer than a request, done by the worker piece by piece (docs/decisions/0019-long-work.md)."""

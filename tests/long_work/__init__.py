"""``make long-work``: exports of a million lines, an import of 100,000 rows, an opening for the whole country."""

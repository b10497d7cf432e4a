"""Backing up and restoring: the database and the files as one, proved the same by their digests."""

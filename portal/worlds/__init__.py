"""Worlds of three sizes: invented councils with two years of work, written straight into the tables (``make_world``).

``sizes`` says how much; ``places`` and ``phrases`` are word lists; ``who``, ``agreed``, ``course``, ``done`` and
``told`` compute the rows of one council; ``sheets`` copies them; ``versions`` and ``journal`` add what triggers would
have written; ``locking`` locks the past quarters with the portal's own verb; ``engine`` prepares the database.
The map is that of 34 provinces and cities since 01/07/2025, taken as if it had always been so; people, plans, figures
and texts are invented.
"""

"""Real processes killed in the middle of real work: ``make faults`` (``python -m tests.faults --times 50``).

A PostgreSQL of its own, gunicorn and the job worker; what was acknowledged must be there afterwards, what was not must
be there wholly or not at all, and sending it again must do it once.
"""

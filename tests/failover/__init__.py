"""The primary database dies under load and its standby takes over: ``make failover`` (``python -m tests.failover``).

Two PostgreSQL servers on loopback, PgBouncer in transaction mode, two web nodes, two job workers, people who work; then
kill -9 of the primary, promotion, and the books: whatever was acknowledged is there, once.
"""

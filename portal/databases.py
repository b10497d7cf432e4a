"""Which database servers this process talks to, and how: DATABASES of portal/settings.py, made of the environment.

Web processes may stand behind a pooler that lends a session for one transaction (PgBouncer), and may read from a
standby. Everything started by manage.py (job workers, migrations, backups, timers) talks to the primary directly:
LISTEN, long lists kept by the server, and dumps need a session of their own.
"""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

from portal.embedded import parse_database_url

STANDBY = "standby"  # the alias of the server that only reads
_KEPT_SECONDS = 600  # how long a web process keeps a session between requests
_CONNECT_SECONDS, _STANDBY_SECONDS = 10, 2  # to wait for a server that does not answer; without a standby all goes on


def databases(url: str, environment: Mapping[str, str], *, serves_web: bool) -> dict[str, dict]:
    """DATABASES for a process with this environment; ``url`` is DATABASE_URL or what stands in for it.

    Raises ImproperlyConfigured, in words, for addresses that contradict one another and for a pool that is no range.
    """
    primary, direct = parse_database_url(url), environment.get("DATABASE_URL_DIRECT", "")
    pooled = bool(direct)  # DATABASE_URL is then the pooler's
    if pooled:
        unpooled = parse_database_url(direct)
        if unpooled["USER"] != primary["USER"]:
            # /etc/portal/owner.env names another account: one of two addresses alone would mean the wrong one.
            raise ImproperlyConfigured(
                "DATABASE_URL và DATABASE_URL_DIRECT phải cùng một tài khoản cơ sở dữ liệu. Tệp môi trường riêng"
                " (owner.env, backup.env) đặt lại DATABASE_URL thì phải đặt lại cả DATABASE_URL_DIRECT."
            )
        if not serves_web:
            primary = unpooled
    found = {"default": _served(primary, environment, pooled and serves_web, _CONNECT_SECONDS)}
    if serves_web and (standby := environment.get("DATABASE_URL_STANDBY")):
        found[STANDBY] = _served(parse_database_url(standby), environment, pooled, _STANDBY_SECONDS)
        found[STANDBY]["TEST"] = {"MIRROR": "default"}
    return found


def _served(entry: dict, environment: Mapping[str, str], pooled: bool, connect_seconds: int) -> dict:
    """One entry: sessions kept from request to request by each thread, or by a pool of the process."""
    options = {"connect_timeout": connect_seconds} | entry["OPTIONS"]
    kept, pool = _KEPT_SECONDS, environment.get("PORTAL_POOL", "")
    if pool:
        options["pool"] = pool_sizes(pool) | {"timeout": connect_seconds}
        kept = 0  # given back after each request
    return entry | {
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": kept,
        "CONN_HEALTH_CHECKS": True,
        # Between two transactions a pooler may lend another session, which knows nothing of a cursor.
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
    }


def pool_sizes(given: str) -> dict[str, int]:
    """'1-4': a session is always open, never more than four. Raises ImproperlyConfigured for anything else."""
    least, dash, most = given.partition("-")
    if not (dash and least.isdigit() and most.isdigit() and 0 <= int(least) <= int(most) and int(most) > 0):
        raise ImproperlyConfigured("PORTAL_POOL viết là số phiên ít nhất và nhiều nhất của mỗi tiến trình, ví dụ 1-4.")
    return {"min_size": int(least), "max_size": int(most)}

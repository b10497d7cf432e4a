"""``python -m tests.faults --times 50``: everything, with its figures; exit 1 at the first promise broken."""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KINDS = ("web", "database", "jobs", "disk", "line", "clicks", "clock")


def main() -> None:
    """Build the server and the world, then break things."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50, help="how often each (default 50)")
    parser.add_argument("--only", choices=KINDS, nargs="*", default=KINDS)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--dump", type=Path, help="pg_dump of a migrated database, to begin with it")
    parser.add_argument("--few", action="store_true", help="not every deed with every kill: for the tests")
    chosen = parser.parse_args()
    random.seed(chosen.seed)
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from tests.drill import without_portal

    for name in os.environ.keys() - without_portal(os.environ).keys():
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        place = Path(name)
        (place / "data").mkdir()
        from tests.faults.cluster import Cluster

        cluster = Cluster(place)
        try:
            _ready(cluster, place, chosen.dump)
            _run(cluster, chosen)
        finally:
            cluster.stop()


def _ready(cluster, place: Path, dump: Path | None) -> None:
    """The portal of this process and of those it starts stands on that server."""
    programs, at = cluster.programs, ["-h", str(cluster.place), "-U", "postgres"]
    subprocess.run([programs / "createdb", *at, "portal"], check=True)
    if dump:
        subprocess.run([programs / "createuser", *at, "--no-login", "portal_app"], check=True)  # whom its walls name
        subprocess.run([programs / "pg_restore", *at, "--no-owner", "-d", "portal", str(dump)], check=True)
    os.environ |= {
        "DATABASE_URL": cluster.url, "PORTAL_DATA_DIR": str(place / "data"), "PORTAL_DEMO": "1",
        "PORTAL_TODAY": "2024-06-10", "PORTAL_SECRET_KEY": "faults", "PORTAL_EMAIL_URL": "file:", "PORTAL_LOG": "json",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }  # fmt: skip
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import override_settings, setup_test_environment

    setup_test_environment()  # of this process alone: pages looked at before a deed show what they were made of
    if not dump:
        call_command("migrate", verbosity=0)
    # The same names as in production, but nobody waits for the compressing.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        call_command("collectstatic", interactive=False, verbosity=0)


def _run(cluster, chosen) -> None:
    from tests.faults import rounds
    from tests.faults.deeds import Stage
    from tests.faults.site import Visitor, Web
    from tests.world import build_world

    world, web = build_world(), Web()
    try:
        names = ("officer_b", "secretary", "viewer_a_officer_b")
        stage = Stage(world, *(Visitor(web.port, world.people[name]) for name in names))
        work = {
            "web": lambda: rounds.web_worker_killed(stage, web, chosen.times, few=chosen.few),
            "database": lambda: rounds.database_killed(stage, cluster, chosen.times, few=chosen.few),
            "jobs": lambda: rounds.job_worker_killed(stage, chosen.times),
            "disk": lambda: rounds.disk_full(stage, cluster, chosen.times),
            "line": lambda: rounds.two_people_on_one_line(stage, chosen.times),
            "clicks": lambda: rounds.double_clicks(stage, chosen.times),
            "clock": lambda: rounds.clock_moved(stage, chosen.times),
        }
        for kind in chosen.only:
            started = time.monotonic()
            for name, figures in work[kind]():
                print(f"{name}: " + ", ".join(f"{what} {number}" for what, number in figures.items()), flush=True)
            rounds.check()
            print(f"  check_integrity is clean ({time.monotonic() - started:.0f} s)", flush=True)
    finally:
        web.stop()
    print("Nothing acknowledged is gone.")


if __name__ == "__main__":
    main()

"""`make walks TIMES=10000`: that many random walks on a database of their own, and their figures."""

import os
import sys

from hypothesis import HealthCheck, Phase, settings

from tests.walks.machine import tally

STEPS = 12  # deeds tried in one walk


def walking(times: int) -> settings:
    """How hypothesis walks: that many examples, each of at most STEPS deeds, whatever time one takes."""
    return settings(
        max_examples=times,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )


def told() -> str:
    """What was walked, in one line."""
    verbs = ", ".join(f"{name} {count}" for name, count in sorted(tally.items()) if name not in _TOTALS)
    return f"WALKS {tally['walks']}: {tally['done']} deeds done, {tally['refused']} refused, {tally['looks']} looks. {verbs}"


_TOTALS = {"walks", "done", "refused", "looks"}


def main() -> int:
    """Run the one test of the walks with as many as asked for (the first argument)."""
    import pytest

    os.environ["WALKS"] = sys.argv[1] if len(sys.argv) > 1 else "10000"
    return pytest.main(["-q", "-s", "-p", "no:cacheprovider", "tests/test_walks.py"])


if __name__ == "__main__":
    sys.exit(main())

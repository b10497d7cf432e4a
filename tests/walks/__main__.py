"""`make walks TIMES=10000`: that many random walks on a database of their own, and their figures."""

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ["WALKS"] = sys.argv[1] if len(sys.argv) > 1 else "10000"
    sys.exit(pytest.main(["-q", "-s", "-p", "no:cacheprovider", "tests/test_walks.py"]))

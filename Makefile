# Two commands do everything: `make run` and `make test`. Both set up first; both can be repeated.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test bench bench-wall load plans long-work lint setup browser demo screens guide walks attack clean requirements format drill faults

run: setup
	PORTAL_DEMO=1 $(BIN)/python manage.py serve --port $(PORT)

test: setup browser
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

setup: $(VENV)/.ready

$(VENV)/.ready: requirements-dev.txt requirements.txt
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên (ví dụ: apt-get install python3 python3-venv)."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# The browser tests need Chromium and a font with all Vietnamese letters.
browser:
	@command -v chromium >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation2 >/dev/null; \
	  else echo "Thiếu Chromium cho kiểm thử trình duyệt: sudo apt-get install chromium fonts-liberation2"; exit 1; fi; }

demo: setup
	PORTAL_DEMO=1 $(BIN)/python manage.py demo --reset

# Fill a server, back it up, destroy it, restore it on an empty one, compare every row and every file.
drill: setup
	$(BIN)/python -m tests.drill

# Kill web workers, job workers and the database in the middle of work, TIMES each; fill the disk; press twice; see docs/operate.md.
faults: setup
	$(BIN)/python -m tests.faults --times $(or $(TIMES),50) $(ARGS)

# A million report lines out, 100,000 activities in, a quarter opened: seconds, rows/s, memory, cut and resumed; see docs/long-work.md.
long-work: setup
	$(BIN)/python -m tests.long_work $(ARGS)

# Everything beside its floor, in worlds of these sizes kept under .bench/ (WORLDS=/folder: in those) → docs/bench/.
bench: setup
	$(BIN)/python -m tests.bench --sizes "$(or $(SIZES),S M)" $(if $(WORLDS),--worlds $(WORLDS)) $(ARGS)

# The last hour of a quarter: 200 officers on gunicorn, on a copy of the world SIZE → docs/bench/load-SIZE.json.
load: setup
	$(BIN)/python -m tests.bench.load --size $(or $(SIZE),M) --minutes $(or $(MINUTES),10) $(ARGS)

# How the database carries out the ten hottest queries of the pages, in the world SIZE → docs/plans.md.
plans: setup
	$(BIN)/python -m tests.bench --plans --sizes $(or $(SIZE),M) $(if $(WORLDS),--worlds $(WORLDS))

# What the wall between councils costs each page, side by side (docs/decisions/0017); needs the demo's data.
bench-wall: setup
	PORTAL_DEMO=1 $(BIN)/python manage.py bench_wall $(ARGS)

# Pictures of every page of the demo for every role, at 1280 and 360 px and as printed; see docs/develop.md.
screens: setup browser
	PORTAL_DEMO=1 $(BIN)/python -m tests.screens $(ARGS)

# The user guide's pictures, fingerprints and docs/use/, anew from portal/guide_pages and today's screens.
guide: setup browser
	UPDATE_GUIDE=1 $(BIN)/python -m pytest -q tests/test_guide.py

# Random walks of people, agencies and reports, held to the field's rules: make walks TIMES=10000 (about a second each).
walks: setup
	$(BIN)/python -m tests.walks $(or $(TIMES),10000)

# wapiti and sqlmap against a demo of their own on loopback; they live in a virtual environment of their own.
attack: setup .venv-attack/.ready
	$(BIN)/python -m tests.attack

.venv-attack/.ready: requirements-attack.txt
	@test -x .venv-attack/bin/python || $(PYTHON) -m venv .venv-attack
	.venv-attack/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-attack.txt
	@touch $@

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# After editing requirements*.in.
requirements:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links requirements-s3.in -o requirements-s3.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links requirements-attack.in -o requirements-attack.txt

clean:
	rm -rf $(VENV) .venv-attack .pytest_cache .ruff_cache .hypothesis

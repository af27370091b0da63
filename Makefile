# Everything from a fresh clone, one command each. Under each target stand the plain commands,
# for machines without make; on Windows write .venv\Scripts\ instead of .venv/bin/.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
JOBS ?= 2
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help run test check soak bench screenshots clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# python3 -m venv .venv
# .venv/bin/python -m pip install -r requirements.txt
# .venv/bin/python -m pip install --no-deps -e .
.venv/runtime.stamp: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install -r requirements.txt
	$(PIP) install --no-deps -e .
	touch $@

# .venv/bin/python -m pip install -r requirements-dev.txt
.venv/dev.stamp: .venv/runtime.stamp requirements-dev.txt
	$(PIP) install -r requirements-dev.txt
	touch $@

run: .venv/runtime.stamp ## install and serve the dashboard on http://127.0.0.1:8501
# .venv/bin/csat serve
	$(BIN)/csat serve

test: .venv/dev.stamp ## run every test
# .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

check: .venv/dev.stamp ## format, lint, types, import contracts, generated docs
# .venv/bin/ruff format --check .
# .venv/bin/ruff check .
# .venv/bin/mypy
# .venv/bin/lint-imports
# .venv/bin/python docs/generate.py --check
# .venv/bin/python tools/catalogues.py --check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/python tools/catalogues.py --check

soak: .venv/dev.stamp ## kill the loading process at 200 random instants; undo in 300 random sequences
# .venv/bin/python -m pytest -q tests/faults/test_kill.py --kills 200
# .venv/bin/python -m pytest -q tests/undo --sequences 300
	$(BIN)/python -m pytest -q tests/faults/test_kill.py --kills 200
	$(BIN)/python -m pytest -q tests/undo --sequences 300

bench: .venv/dev.stamp ## measure the questions of the pages and the import on large files
# .venv/bin/python bench/run.py
# .venv/bin/python bench/import_speed.py
	$(BIN)/python bench/run.py
	$(BIN)/python bench/import_speed.py

screenshots: .venv/dev.stamp ## photograph the pages into docs/images (needs chromium)
# .venv/bin/python docs/screenshots.py
	$(BIN)/python docs/screenshots.py

clean: ## remove the environment and what tools left behind; data stay
# rm -rf .venv .mypy_cache .ruff_cache .hypothesis .import_linter_cache build
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis .import_linter_cache build

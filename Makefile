PY := .venv/bin/python
STAMP := .venv/.installed
TEST_STAMP := .venv/.installed-test

.DEFAULT_GOAL := help

help: ## list the verbs
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/bin/python:
	@python3 -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "the tracker needs Python 3.11 or newer")'
	python3 -m venv .venv

$(STAMP): pyproject.toml requirements.lock | .venv/bin/python
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install -q --python $(PY) --require-hashes -r requirements.lock && \
	  uv pip install -q --python $(PY) --no-deps -e .; \
	else \
	  $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(PY) -m pip install -q --disable-pip-version-check --no-deps -e .; \
	fi
	@touch $@

$(TEST_STAMP): requirements-test.lock $(STAMP)
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install -q --python $(PY) --require-hashes -r requirements-test.lock; \
	else \
	  $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock; \
	fi
	@touch $@

install: $(STAMP) ## create .venv and install what running needs

run: $(STAMP) ## set up and serve the tracker with its demo world
	@$(PY) -m tracker serve --demo-if-empty

test: $(TEST_STAMP) ## run every test, on SQLite and on PostgreSQL
	@$(PY) tests/run.py

test-long: $(TEST_STAMP) ## kill and soak runs; page and browser tests on PostgreSQL
	@$(PY) tests/run.py --long

lint: $(TEST_STAMP) ## ruff and mypy --strict (tests: names and calls only)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

format: $(TEST_STAMP) ## let ruff rewrite the code's layout
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

messages: $(TEST_STAMP) ## collect the pages' words, update and compile the English catalogue
	@$(PY) -m babel.messages.frontend -q extract -F babel.cfg -k _ --no-wrap --no-location --sort-by-file --omit-header -o .venv/messages.pot .
	@$(PY) -m babel.messages.frontend -q update -i .venv/messages.pot -d tracker/translations -l en --no-wrap --no-fuzzy-matching --ignore-obsolete
	@$(PY) -m babel.messages.frontend -q compile -d tracker/translations

golden: $(TEST_STAMP) ## write the golden readings of the fixtures anew
	@$(PY) -m tests.importers.golden

score: $(TEST_STAMP) ## facts the reader reads rightly, over facts asked
	@$(PY) -m tests.importers.score

vendor: ## fetch the front-end files named in tools/vendor.py anew
	@python3 tools/vendor.py

bench: $(TEST_STAMP) ## speed as ratios beside references of the same run
	@$(PY) -m tests.bench

lock: $(TEST_STAMP) ## write the lock files anew from pyproject.toml
	@$(PY) -m pip install -q pip-tools
	@$(PY) -m piptools compile -q --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header -o requirements.lock pyproject.toml
	@$(PY) -m piptools compile -q --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --extra test --extra postgres -o requirements-test.lock pyproject.toml

.PHONY: help install run test test-long lint format bench golden score vendor messages lock

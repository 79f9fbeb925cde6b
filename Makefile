# `make` lists the commands.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
ARGS ?=
CORPUS ?= ../shared/corpus
OUTSIDE ?= ../shared/outside
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help install demo notebook test test-engines quick clocks check lint format types contracts docs expected constraints secrets backup restore compose-test bench-install bench-extract fit bench-crawl simulate bench-archive bench-airflow bench-operate simulate-drift screenshots bench clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt uv

$(VENV)/installed: $(UV) setup.cfg pyproject.toml constraints.txt
	$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --constraint constraints.txt --editable '.[airflow,postgres,javascript,test,dev]'
	@touch $@

install: $(VENV)/installed ## make the virtual environment (.venv) with the pinned set

demo: $(VENV)/installed ## the whole way on the demo portal, with Airflow; stays up until Ctrl-C (ARGS=--once ends by itself)
	$(BIN)/warraq demo $(ARGS)

notebook: $(VENV)/installed ## what `make demo` archived, in a notebook in the browser (docs/how_to/notebook.py)
	$(BIN)/marimo edit docs/how_to/notebook.py

test: $(VENV)/installed ## all tests, three at a time, for many wait; the slowest ten at the end (ARGS='-n 0' one after the other)
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=10 $(ARGS)

quick: lint types contracts ## what can be known within 90 seconds: lint, types, contracts and the tests that need no server
	$(BIN)/pytest -n 2 --dist load -m 'not processes and not slow and not s3 and not airflow and not kills' $(ARGS)

clocks: $(VENV)/installed ## tests of what looks at the time, at fourteen odd hours; needs Debian's faketime
	$(BIN)/python -m tests.clocks

test-engines: $(VENV)/installed ## Spark, Polars, daft, chDB, Ibis, DataFusion, dask, pywb, ReplayWeb.page, mlcroissant for real (docs/how_to/other_engines.md); installs 2.7 GB
	test -x .venv-engines/bin/python || $(PYTHON) -m venv .venv-engines
	$(UV) pip install --quiet --python .venv-engines/bin/python -r tests/engines/requirements.txt
	test -x .venv-replay/bin/python || $(PYTHON) -m venv .venv-replay
	$(UV) pip install --quiet --python .venv-replay/bin/python -r tests/engines/export_readers.txt
	@if command -v npm >/dev/null; then $(BIN)/python -m tests.engines.replayweb_page .venv-replay; fi
	WARRAQ_ENGINES_PYTHON=$(CURDIR)/.venv-engines/bin/python WARRAQ_REPLAY_PYTHON=$(CURDIR)/.venv-replay/bin/python \
		$(BIN)/pytest -n 0 tests/engines $(ARGS)

check: lint types contracts test ## what CI runs: lint, types, import contracts, tests (generated docs among them)

lint: $(VENV)/installed ## ruff: rules and format; vulture: code that nothing uses
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/vulture

format: $(VENV)/installed ## let ruff rewrite
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/installed ## mypy --strict
	$(BIN)/mypy

contracts: $(VENV)/installed ## import-linter: which package may import which
	$(BIN)/lint-imports

docs: $(VENV)/installed ## write the pages of docs/reference again that are made from the code
	$(BIN)/python -m warraq.cli.reference

expected: $(VENV)/installed ## write the expected results of the saved pages again; review the diff
	$(BIN)/python -m tests.extract.expected

constraints: $(UV) ## write constraints.txt again, for all Pythons and platforms
	$(UV) pip compile --quiet --universal --upgrade --python-version 3.11 --all-extras --custom-compile-command 'make constraints' --output-file constraints.txt setup.cfg

secrets: $(VENV)/installed ## write .env for docker compose, with fresh secrets; never overwrites
	$(BIN)/python -m warraq.airflow.compose_secrets

backup: ## write archive, catalog and Airflow's database of the running stack to a folder (TO=folder)
	@deploy/backup.sh "$(TO)"

restore: ## fill an empty stack from a backup and start it (FROM=folder)
	@deploy/restore.sh "$(FROM)"

compose-test: $(VENV)/installed ## the stack of docker-compose.yml for real: two workers, one killed, backup, restore; needs an engine
	$(BIN)/python -m tests.compose.run $(ARGS)

$(VENV)/bench-installed: $(VENV)/installed
	$(UV) pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[bench]'
	@touch $@

bench-install: $(VENV)/bench-installed ## add the peers that benchmarks compare with

bench-extract: $(VENV)/bench-installed ## extraction: quality and speed beside nine peers, offline (CORPUS=folder, OUTSIDE=folder add real pages)
	$(BIN)/python -m bench.extract.run --corpus $(CORPUS) --outside $(OUTSIDE) $(ARGS)

fit: $(VENV)/bench-installed ## learn the scorecards of extraction again from labelled pages (CORPUS=, OUTSIDE= name more)
	OMP_NUM_THREADS=1 $(BIN)/python -m bench.fit.run text $(CORPUS) $(OUTSIDE) $(ARGS)
	OMP_NUM_THREADS=1 $(BIN)/python -m bench.fit.run pages $(CORPUS) $(OUTSIDE) $(ARGS)
	$(BIN)/ruff format --quiet extract/body/text_card.py extract/verdict/page_card.py
	$(BIN)/python -m bench.fit.held_out $(CORPUS) $(OUTSIDE)

bench-crawl: $(VENV)/bench-installed ## crawling: CPU a page, memory and reactor lag beside bare Scrapy
	$(BIN)/python -m bench.crawl.run $(ARGS)

bench-archive: $(VENV)/installed ## publishing, querying, re-extracting: time, bytes and memory beside bare Parquet
	$(BIN)/python -m bench.archive.run $(ARGS)

bench-airflow: $(VENV)/installed ## an empty window under `warraq up`, from the trigger to success
	$(BIN)/python -m bench.airflow.run $(ARGS)

simulate-drift: $(VENV)/installed ## false and missed alarms on simulated portals: the table of docs/explain/drift.md
	$(BIN)/python -m bench.operate.drift $(ARGS)

screenshots: $(VENV)/installed ## write the pictures of the page Archive for README and docs again; needs Chromium
	$(BIN)/python -m bench.operate.screenshots

bench-operate: $(VENV)/installed ## coverage and health over a fleet's year of hourly runs: time and memory
	$(BIN)/python -m bench.operate.coverage $(ARGS)

simulate: $(VENV)/installed ## 5,000 portals over ten years: what they cost, what is full first (ARGS='--portals 500')
	$(BIN)/python -m bench.simulate.run $(ARGS)

attack: $(VENV)/installed ## kills, simultaneous writers, a stumbling store, corruptions (ATTACK="--kills 20 --corruptions 500" for hours)
	$(BIN)/python -m bench.attack.run $(ATTACK)

bench: bench-extract bench-crawl bench-archive ## all benchmarks; docs/benchmarks/ holds what they wrote

clean: ## remove caches and builds; never an archive
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

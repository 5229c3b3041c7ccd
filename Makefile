# Two commands matter: `make demo` and `make test`. Both do their own set-up.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed-$(shell cat requirements.lock pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)

.PHONY: help setup demo test test-slow check format faults peers screens evals coverage bench picture lock clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## create .venv and install the locked packages (uses uv where present)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Quartermaster needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || { echo "creating $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "installing the locked packages (about a minute the first time)"
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps -e .; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .; \
	fi
	@rm -f $(VENV)/.installed-*
	@touch $@

demo: setup ## meet the demo company: generate, import, plan, talk, approve, verify
	@$(BIN)/qm demo

test: setup ## run the test suite (SQLite and PostgreSQL)
	@$(BIN)/python -m pytest -q -n 2 --dist loadgroup

test-slow: setup ## run the slow suites as well
	@$(BIN)/python -m pytest -q -m "slow or not slow"

check: setup ## format, lint, import contracts, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/basedpyright

format: setup ## format the code and apply safe lint fixes
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

faults: setup ## break purchasing in 500 and Slack in 220 seeded ways on each database
	@$(BIN)/qm eval faults --count 500
	@$(BIN)/qm eval slack-faults --runs 220

peers: ## install the software in JavaScript that ours is held against (npm, Node 24)
	@cd evals/rigs/node && npm ci --no-audit --no-fund --ignore-scripts

screens: setup ## draw what stands in Slack as pictures (needs Chromium; not part of make test)
	@$(BIN)/qm eval screens --to screens

evals: setup ## run the agent cases, offline and through a server, and attack the agent
	@$(BIN)/qm eval agent
	@$(BIN)/qm eval agent --model scripted
	@$(BIN)/qm eval breach

coverage: setup ## every branch of grounding is taken by its own tests
	@$(BIN)/python -m coverage run --branch --source=agent/grounding --data-file=.pytest_cache/coverage \
	  -m pytest -q -p no:xdist tests/agent/grounding
	@$(BIN)/python -m coverage report --data-file=.pytest_cache/coverage --fail-under=100 -m

bench: setup ## measure speed and memory
	@$(BIN)/qm bench import --rows 1000000
	@$(BIN)/qm bench forecast --series 30000 --points 104

picture: setup ## draw docs/conversation.svg from the demo company
	@$(BIN)/python docs/draw_conversation.py

lock: ## recompile requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock

clean: ## remove the environment and caches
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .import_linter_cache

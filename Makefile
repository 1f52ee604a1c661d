# Easel's commands. The scripts behind them are in .ci; the environment they make is .venv.
#   make run                    start Easel         make run PORT=8001 ARGS=--help
#   make PYTHON=python3.12 ...  choose the Python   EASEL_CHROMIUM=/path/to/chromium make test

python := .venv/bin/python
pytest := $(python) -m pytest

.DEFAULT_GOAL := help
.PHONY: help run dev test coverage quick check unit sketch wire litellm browser bench screenshots wheel \
	lock format ready-run ready-test

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ready-run ## Install what is needed, start Easel and print its address (PORT, HOST, ARGS)
	@exec $(python) app.py $(ARGS)

dev: ready-test ## The same, started anew with each file that is saved; the page follows
	@exec $(python) .ci/dev.py $(ARGS)

test: check ## Everything: checks, unit, wire and contract tests, then browser and process tests
	litellm="$$(.ci/litellm || :)" && chromium="$$(.ci/browser)" && .ci/test "$$litellm" "$$chromium"

coverage: check ## The same, the unit tests in random order and measured; SEED=123 repeats an order
	litellm="$$(.ci/litellm || :)" && chromium="$$(.ci/browser)" && \
		COVERAGE=1 .ci/test "$$litellm" "$$chromium"

quick: check ## Checks, unit tests and contracts: what to run before each commit
	$(pytest) -q -n 2 tests/unit tests/contracts

check: ready-test ## Format, lint, types, who may import whom, and the rules of the house
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	$(python) -m mypy
	.venv/bin/lint-imports --no-logo
	.ci/check-page
	$(pytest) -q tests/unit/test_house.py

unit: ready-test ## Unit tests and contracts only: no browser
	$(pytest) -n 2 tests/unit tests/contracts

sketch: ready-test ## The offline painter's tests only
	$(pytest) -n 2 tests/unit/sketch

wire: ready-test ## The adapters against real HTTP on loopback
	$(pytest) tests/wire

litellm: ready-test ## The adapters through a real LiteLLM proxy on loopback
	litellm="$$(.ci/litellm)" && EASEL_LITELLM="$$litellm" $(pytest) -m litellm

browser: ready-test ## The page in a real Chromium
	chromium="$$(.ci/browser)" && EASEL_CHROMIUM="$$chromium" $(pytest) -m browser

bench: ready-test ## Measure Easel and print the figures
	chromium="$$(.ci/browser)" && EASEL_CHROMIUM="$$chromium" $(python) -m tests.bench $(ARGS)

screenshots: ready-test ## Draw the pictures of the README anew
	chromium="$$(.ci/browser)" && EASEL_CHROMIUM="$$chromium" $(python) -m tests.screenshots $(ARGS)

wheel: ready-test ## Build dist/*.whl, which "pip install" makes the command "easel" of
	$(python) -m hatchling build -t wheel

format: ready-test ## Rewrite the sources in the house's format
	$(python) -m ruff format .
	$(python) -m ruff check --fix .

lock: ## Write requirements.lock anew from pyproject.toml
	.ci/lock

ready-run:
	@.ci/setup run

ready-test:
	@.ci/setup test

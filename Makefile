# Easel's commands. The scripts behind them are in .ci; the environment they make is .venv.
#   make run                    start Easel         make run PORT=8001 ARGS=--help
#   make PYTHON=python3.12 ...  choose the Python   EASEL_CHROMIUM=/path/to/chromium make test

python := .venv/bin/python
pytest := $(python) -m pytest

# What Python compiles, it keeps, also where the environment says otherwise, as in many containers.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: words help run dev test quick slow check unit sketch wire litellm browser promises bench screenshots image wheel \
	lock format ready-run ready-test ready-litellm ready-browser static quick-tests quick-checks check-types check-imports check-page check-format check-lint

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ready-run ## Install what is needed, start Easel and print its address (PORT, HOST, ARGS)
	@exec $(python) app.py $(ARGS)

dev: ready-test ## The same, started anew with each file that is saved; the page follows
	@exec $(python) .ci/dev.py $(ARGS)

# What takes long to install is installed beside the checks.
test: beside = ready-litellm ready-browser
test: static ## Everything, with coverage, the unit part in random order; SEED=123 takes another
	litellm="$$(.ci/litellm || :)" && chromium="$$(.ci/browser)" && .ci/test "$$litellm" "$$chromium"

# The checks run beside the tests, of which one core alone would be kept.
quick: ready-test ## Checks, and unit tests and contracts but slow ones and most rows of tables: before each commit
	@$(MAKE) --no-print-directory -j 2 quick-tests quick-checks

quick-tests:
	$(pytest) -q -n 2 --dist worksteal --quick tests/unit tests/contracts

quick-checks:
	@$(MAKE) --no-print-directory -j 1 --output-sync check-types check-imports check-page check-format check-lint

slow: ready-test ## Measure anew which tests "make quick" leaves out for their slowness
	$(pytest) -q -n 2 --dist worksteal -m "not deep" -p tests.costs tests/unit tests/contracts

check: static ## Format, lint, types, who may import whom, and the rules of the house
	$(pytest) -q tests/unit/test_house.py

# Without the rules of the house, which are a unit test. Two at a time: each keeps one core busy.
static: ready-test
	@$(MAKE) --no-print-directory -j 2 check-types check-imports check-page check-format check-lint $(beside)

check-types:
	$(python) -m mypy

check-imports:
	.venv/bin/lint-imports --no-logo

check-page:
	.ci/check-page

check-format:
	$(python) -m ruff format --check .

check-lint:
	$(python) -m ruff check .

unit: ready-test ## Unit tests and contracts only: no browser; SEED=123 for an order of chance
	$(pytest) -n 2 $(if $(SEED),-p randomly --randomly-seed=$(SEED)) tests/unit tests/contracts

sketch: ready-test ## The offline painter's tests only
	$(pytest) -n 2 tests/unit/sketch

wire: ready-test ## The adapters against real HTTP on loopback
	$(pytest) tests/wire

litellm: ready-test ## The adapters through a real LiteLLM proxy on loopback
	litellm="$$(.ci/litellm)" && EASEL_LITELLM="$$litellm" $(pytest) -m litellm

browser: ready-test ## The page in a real Chromium
	chromium="$$(.ci/browser)" && EASEL_CHROMIUM="$$chromium" $(pytest) -m browser

promises: ready-test ## What docs/promises.md promises, tried at length: an hour
	chromium="$$(.ci/browser)" && EASEL_CHROMIUM="$$chromium" $(python) -m tests.promises

# What the bench sets work on pictures beside; nothing else needs it.
peers = scikit-image==0.26.0

bench: ready-test ## Measure Easel and print the figures
	$(python) -m pip install --quiet --disable-pip-version-check $(peers)
	chromium="$$(.ci/browser)" && litellm="$$(.ci/litellm)" && \
		EASEL_CHROMIUM="$$chromium" EASEL_LITELLM="$$litellm" $(python) -m tests.bench $(ARGS)

screenshots: ready-test ## Draw the pictures of the README anew
	chromium="$$(.ci/browser)" && EASEL_CHROMIUM="$$chromium" $(python) -m tests.screenshots $(ARGS)

image: ready-test ## Carry out the image's steps in a folder, without a container, and start what they make
	$(python) -m tests.image

wheel: ready-test ## Build dist/*.whl, which "pip install" makes the command "easel" of
	$(python) -m hatchling build -t wheel

format: ready-test ## Rewrite the sources in the house's format
	$(python) -m ruff format .
	$(python) -m ruff check --fix .

words: ready-test ## Find the words to translate anew, and make of the catalogues what is served
	$(python) .ci/words.py

lock: ## Write requirements.lock anew from pyproject.toml
	.ci/lock

ready-run:
	@.ci/setup run

ready-test:
	@.ci/setup test

ready-litellm:
	@.ci/litellm >/dev/null || :

ready-browser:
	@.ci/browser >/dev/null

# What a person types. `make help` lists it; CI (.ci/run) runs the very same targets.
#
# Everything is installed into a virtual environment inside this checkout and nothing outside of it. Another interpreter
# gets an environment of its own:  make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3
VENV ?= .venv
TESTS ?=
SOAK ?=
FUZZ ?= 40000
SEED ?=
BENCH ?=
CRASH ?= full
BROWSER ?= tests/browser
ORDERS ?= 10000
INTEROP ?=

# Tests start hundreds of processes, and each would compile the project anew. `make clean` takes away what this leaves.
unexport PYTHONDONTWRITEBYTECODE

BIN = $(VENV)/bin
PREPARE = @tools/prepare "$(PYTHON)" "$(VENV)"

.DEFAULT_GOAL := help
# Two targets at once would prepare one environment twice.
.NOTPARALLEL:
.PHONY: help demo run test soak browser screens check crash simulate fuzz fuzz-as2 bench bench-as2 bench-engine bench-inbound bench-large bench-mailbox bench-million interop clean

help:  ## list what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo:  ## an order's whole life between this gateway and a simulated partner
	$(PREPARE) requirements.txt
	@$(BIN)/edi-gateway demo

run:  ## the gateway itself, on this machine: web pages, API, SFTP mailboxes, worker
	$(PREPARE) requirements.txt
	@$(BIN)/edi-gateway serve

test:  ## the test suite; TESTS="tests/x12 -k envelope" narrows it
	$(PREPARE) requirements-dev.txt
	@$(BIN)/python -m pytest -n auto $(TESTS)

browser:  ## the console in Debian's chromium: a day at the desk, accessibility, screenshots in build/screens
	$(PREPARE) requirements-dev.txt
	@cmp -s requirements-browser.txt build/browser/.holds || { rm -rf build/browser && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target build/browser -r requirements-browser.txt && \
		cp requirements-browser.txt build/browser/.holds; }
	@PYTHONPATH=build/browser $(BIN)/python -m pytest -c tests/browser/pytest.ini $(BROWSER)

screens:  ## the pictures of the documentation, docs/images, taken anew
	@$(MAKE) --no-print-directory browser BROWSER=tests/browser/screens.py

soak:  ## the tests that take long: processes killed at every stage, many workers, every bad habit; SOAK="-k killed" narrows it
	$(PREPARE) requirements-dev.txt
	@$(BIN)/python -m pytest -n auto -m soak $(SOAK)

check:  ## style, types and the layers of the house
	$(PREPARE) requirements-dev.txt
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fuzz:  ## documents spoilt at random, read and judged in three ways; FUZZ=500 SEED=7
	$(PREPARE) requirements-dev.txt
	@$(BIN)/python tests/x12/fuzz.py --tries $(FUZZ) $(if $(SEED),--seed $(SEED))

crash:  ## the gateway killed and disturbed wherever it touches the world; CRASH=quick: a sample of a minute
	$(PREPARE) requirements-dev.txt
	@PYTHONPATH=tests $(BIN)/python -m crash $(CRASH)

simulate:  ## orders across the five presets with faults, and a truth keeper beside them; ORDERS=500 SEED=7
	$(PREPARE) requirements-dev.txt
	@PYTHONPATH=tests $(BIN)/python -m simulation --orders $(ORDERS) $(if $(SEED),--seed $(SEED))

bench:  ## X12 beside other libraries, and orders from bytes to 997 and ERP beside a bare loop; BENCH=quick: small files, one round
	$(PREPARE) requirements.txt
	@$(BIN)/python -m benchmarks.run $(if $(filter quick,$(BENCH)),--quick)
	@$(BIN)/python -m benchmarks.inbound $(if $(filter quick,$(BENCH)),--quick)

bench-inbound:  ## the second half of it alone, on SQLite and on EDI_GATEWAY_TEST_POSTGRES
	$(PREPARE) requirements.txt
	@$(BIN)/python -m benchmarks.inbound $(if $(filter quick,$(BENCH)),--quick)

bench-engine:  ## documents a second through the engine, on SQLite and on EDI_GATEWAY_TEST_POSTGRES
	$(PREPARE) requirements.txt
	@$(BIN)/python -m benchmarks.engine

bench-mailbox:  ## durable uploads into our SFTP mailboxes, beside OpenSSH and what the disk can do; BENCH=quick
	$(PREPARE) requirements-dev.txt
	@mkdir -p build && $(BIN)/python -m benchmarks.mailbox $(if $(filter quick,$(BENCH)),--files 60 --rounds 1)

bench-as2:  ## AS2 messages beside pyas2lib, which is fetched for it; BENCH=quick: small ones, once
	$(PREPARE) requirements.txt
	@$(BIN)/python tests/interop/bench_as2.py $(if $(filter quick,$(BENCH)),--quick)

fuzz-as2:  ## spoilt AS2 messages, BER and MIME against their readers; FUZZ=100000
	$(PREPARE) requirements-dev.txt
	@$(BIN)/python tests/interop/fuzz.py --tries $(FUZZ)

interop:  ## exchanges with openssl, pyas2lib and ourselves over sockets; INTEROP=quick: nothing is fetched
	$(PREPARE) requirements-dev.txt
	@$(BIN)/python tests/interop/run.py $(if $(filter quick,$(INTEROP)),--quick)

bench-large:  ## an interchange of 5 GB, streamed, validated and answered
	$(PREPARE) requirements.txt
	@$(BIN)/python -m benchmarks.large

bench-million:  ## what people look for among a million documents, over HTTP, on SQLite and EDI_GATEWAY_TEST_POSTGRES; BENCH=quick
	$(PREPARE) requirements.txt
	@$(BIN)/python -m benchmarks.million $(if $(filter quick,$(BENCH)),--documents 5000 --rounds 3 --seconds 1 --only sqlite)

clean:  ## remove what these targets made; data/ stays
	rm -rf .venv .venv-* build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find edi_gateway tests -name __pycache__ -type d -prune -exec rm -rf {} +

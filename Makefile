# One name for each thing one does here; `make` alone lists them.
# Everything is made in this folder (.venv); `make setup` is part of every target and costs nothing when done.
#
#   PYTHON=python3.13 make setup    another Python (3.11 or newer) than the machine's default
#   make test TESTS="tests/film -x" some tests

PYTHON ?= python3
TESTS ?=
BIN := .venv/bin

.PHONY: help setup setup-tests run demo test check format lint lock bundle clean

help:            ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

setup:           ## make .venv and install what running needs
	@$(PYTHON) build_spec/prepare.py

setup-tests:     ## and what the tests need
	@$(PYTHON) build_spec/prepare.py --tests

run: setup       ## start SceneLens; without a display, explain
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$QT_QPA_PLATFORM" = offscreen ]; then \
	    exec $(BIN)/scenelens; \
	else \
	    echo "SceneLens needs a display, and there is none here (DISPLAY and WAYLAND_DISPLAY are empty)."; \
	    echo "    make demo    searches with the demo pictures and saves a picture of the window, without a display"; \
	    exit 1; \
	fi

demo: setup      ## the demo without a display: search in the shell, a picture of the window
	@$(BIN)/scenelens-index search --pack resources/demo/pack --limit 1 resources/demo/samples/*.jpg
	@QT_QPA_PLATFORM=offscreen $(BIN)/scenelens --screenshot demo-output/window.png

test: setup-tests ## all tests; X11 ones on a private X server
	@$(BIN)/python -m pytest $(TESTS)

lint: setup-tests ## format, rules, types, layers
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --diff --quiet .; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

check:           ## everything CI does
	@bash .ci/run

format: setup-tests ## put the source into its form
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

lock: setup-tests ## renew build_spec/requirements.lock
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra dev --upgrade \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	    pyproject.toml -o build_spec/requirements.lock

bundle: setup-tests ## the installable folder dist/scenelens, started and searched with afterwards
	@$(BIN)/python build_spec/bundle.py

clean:           ## remove what can be made again, .venv included
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

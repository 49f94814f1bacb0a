# What people type. `make setup` first; everything else assumes it.
.DEFAULT_GOAL := help
.PHONY: help setup lock dev demo test check fix bench bench-full clean

BIN := .venv/bin
# Tests run side by side on this many processes.
JOBS ?= 2
# make test ARGS="tests/app/sla -k holiday"
ARGS ?=

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## install what is missing; quick the second time
	@tools/setup

demo: setup ## everything at once with a demo agency, three client brands and their history
	@$(BIN)/livery demo

dev: setup ## everything at once, empty, restarting on changes
	@APP_ENV=development $(BIN)/livery up --reload

test: ## the tests
	$(BIN)/pytest -n $(JOBS) $(ARGS)

check: ## lint, format, types, import direction, templates, dependencies, dead code, spelling, migrations
	@tools/check

fix: ## what lint and format can repair by themselves
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/djlint --reformat --quiet app themes

lock: ## resolve dependencies anew and write the lock files
	@tools/lock

bench: ## the first ratios, a minute
	$(BIN)/python -m benchmarks

bench-full: ## all ratios, with a full-size data set
	$(BIN)/python -m benchmarks --full

clean: ## remove what setup and the checks made; var/ (your data) stays
	rm -rf .venv node_modules themes/static/vendor build *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# The two commands: `make demo` and `make test`. The others are for people who change
# the software; docs/development.md explains them.

export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.tools/node/bin:$(CURDIR)/.tools/go/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: demo test setup format check pytest browser wheel lock bench clean help

help:
	@echo "make demo     the sample assembly, served on this machine"
	@echo "make test     everything that can go wrong, checked"
	@echo "make setup    only what the tests need, without running them"
	@echo "make format   format the Python and JavaScript sources"
	@echo "make check    format, lint, types, import rules: everything but the tests"
	@echo "make pytest   the Python tests; one part: make pytest ARGS='tests/tlog -k proof'"
	@echo "make wheel    dist/vote-….whl"
	@echo "make lock     take newer versions of all libraries into the lock files"
	@echo "make bench    the measurements, as a table"
	@echo "make clean    remove what the commands above have made"

demo:
	@tools/setup run
	@vote demo $(ARGS)

test: setup
	@tools/check

setup:
	@tools/setup test

check: setup
	@tools/check format lint types imports browser-check

format:
	ruff check --fix-only --quiet .
	ruff format .
	npm run format

pytest:
	python -m pytest $(ARGS)

wheel:
	@tools/setup run
	python -m hatchling build --target wheel

lock:
	@tools/lock

bench: setup
	@python -m benchmarks.run $(ARGS)

clean:
	rm -rf .venv .tools node_modules static/vendor dist build *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find vote tests benchmarks -name __pycache__ -prune -exec rm -rf {} +
	find vote -name '*.mo' -delete

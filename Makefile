# What contributors run. CI runs .ci/run (the README's test command) and `make lint`.
PYTHON = .venv/bin/python

.PHONY: test fast lint setup demo

test: setup  ## run all tests, on all cores
	$(PYTHON) -m pytest

fast: setup  ## run what finishes in under 90 seconds
	$(PYTHON) -m pytest -m "not slow and not tools"

lint: setup  ## check style, types and the borders of the rooms
	.venv/bin/ruff check && .venv/bin/ruff format --check && .venv/bin/mypy && .venv/bin/lint-imports

setup: .venv/installed  ## create .venv and install the package with its test tools

demo: setup  ## crawl the fictional county and show what was found
	.venv/bin/lufeng demo

.venv/installed: pyproject.toml
	test -x .venv/bin/pip || python3 -m venv .venv
	.venv/bin/pip install -q -e '.[test]'
	touch $@

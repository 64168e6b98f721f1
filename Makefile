# make run    set up everything and start the sandbox with demo data
# make test   set up everything and pass all tests
# make check  ruff, mypy --strict, import-linter
# make e2e    play the browser stories in headless Chromium
# make year   live a whole simulated year on both databases (make test lives two months of it)
# make bench  compare with floors measured in the same run
# make lock   renew the lock files after a change of dependencies
.PHONY: run test check e2e year bench lock setup clean

PYTHON ?= python3
# Tests wait more than they compute: more workers than cores pays.
WORKERS ?= 4
VENV   := .venv
BIN    := $(VENV)/bin

run: $(VENV)/.product
	$(BIN)/python -m bot sandbox $(ARGS)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

e2e: $(VENV)/.e2e
	$(BIN)/python -m pytest -n 2 -m e2e tests/e2e $(ARGS)

year: $(VENV)/.dev
	BOT_YEAR_DAYS=366 $(BIN)/python -m pytest -n 2 tests/year $(ARGS)

bench: $(VENV)/.bench
	$(BIN)/python -m bench $(ARGS)

setup: $(VENV)/.dev

lock:
	uv pip compile -q --universal --generate-hashes --no-header pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-header pyproject.toml --extra postgres --group dev -o requirements-dev.lock

# Compiled once at installation, so that the first start is quick.
$(VENV)/.product: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新版本：make PYTHON=python3.12 run"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m compileall -q bot handlers reminders storage config || true
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.product
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.e2e: $(VENV)/.dev
	$(BIN)/python -m pip install -q --disable-pip-version-check 'playwright>=1.57'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python -m pip install -q --disable-pip-version-check 'flask>=3.1' 'psutil>=7.0'
	@touch $@

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis

# make run    everything on one machine, ready in the browser
# make test   the test suite on SQLite
# make help   the other targets

SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
VAR := $(if $(LIS_VAR_DIR),$(LIS_VAR_DIR),var)
TEST_POSTGRES_URL ?= postgres://$(shell id -un)@127.0.0.1:5432/lis
TEST_REDIS_URL ?= redis://127.0.0.1:6379/9
# Three for two cores: many tests wait for a browser or a worker.
PYTEST := $(PY) -m pytest -n 3 --dist loadgroup
# One thread for small matrices: more only wait for each other.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

.PHONY: help run install setup test test-postgres check lock clean assets
.DEFAULT_GOAL := help

help:
	@echo "make run            start everything; Ctrl-C stops it"
	@echo "make install        the environment and the assets only, for a server"
	@echo "make test           the test suite on SQLite"
	@echo "make test-postgres  the test suite on PostgreSQL and Redis"
	@echo "make check          every static check"
	@echo "make lock           pin the requirements again"
	@echo "make clean          delete the environment, the built assets and the data of this folder"

run: setup
	@PORT=$(PORT) exec $(PY) -m lisapp.runner

# For a server: what `make run` needs, without data or demonstration. docs/operations.md goes on from there.
install: $(VENV)/run.stamp assets

setup: $(VENV)/run.stamp $(VAR)/static.stamp
	@$(PY) manage.py set_up --demo

# The environment. uv installs in seconds; pip takes its place where uv cannot be had.

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or later is needed. Install it, or name it: make run PYTHON=python3.12"; exit 1; }
	@echo "Making the environment in $(VENV)."
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/uv.txt || \
	  echo "uv cannot be had here; pip installs instead, which takes longer."

define install
	@echo "Installing what $(1) lists."
	@if [ -x $(VENV)/bin/uv ]; then $(VENV)/bin/uv pip install --quiet --python $(PY) --require-hashes -r $(1); \
	  else $(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r $(1); fi
endef

$(VENV)/run.stamp: requirements/run.txt | $(VENV)/bin/python
	$(call install,requirements/run.txt)
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt | $(VENV)/bin/python
	$(call install,requirements/dev.txt)
	@touch $(VENV)/run.stamp $@

# The style sheet and script of GOV.UK Frontend. Node.js comes from the PATH, else from a package of Python's.

$(VENV)/node.stamp: requirements/node.txt | $(VENV)/bin/python
	@command -v npm >/dev/null && \
	  node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null || { \
	  echo "There is no Node.js 20 or later on the PATH: installing it into $(VENV)."; \
	  $(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/node.txt; }
	@touch $@

node_modules/.stamp: package.json package-lock.json $(VENV)/node.stamp
	@echo "Installing GOV.UK Frontend."
	@PATH="$(abspath $(VENV)/bin):$$PATH" npm ci --silent --no-audit --no-fund
	@touch $@

static/govuk/lis.css: node_modules/.stamp $(wildcard lisapp/design/scss/*.scss) lisapp/design/build.mjs
	@PATH="$(abspath $(VENV)/bin):$$PATH" npm run --silent build
	@touch $@

assets: static/govuk/lis.css

$(VAR)/static.stamp: static/govuk/lis.css $(wildcard static/lis/*) $(VENV)/run.stamp
	@mkdir -p $(VAR)
	@$(PY) manage.py collectstatic --noinput --verbosity 0
	@touch $@

# Tests and checks.

test: $(VENV)/dev.stamp assets
	$(PYTEST) --cov --cov-report=term:skip-covered

# Tests that start whole sites bring their own databases, PostgreSQL among them, and tests without a database have the
# same answer here: `make test` has run them.
test-postgres: $(VENV)/dev.stamp assets
	DATABASE_URL=$(TEST_POSTGRES_URL) CELERY_BROKER_URL=$(TEST_REDIS_URL) $(PYTEST) -m "not services" --database-only

PRODUCTION := DJANGO_SETTINGS_MODULE=lisapp.settings.production SECRET_KEY=$(shell printf 'check-only-%.0s' 1 2 3 4 5 6 7) \
  ALLOWED_HOSTS=example.org DATABASE_URL=sqlite:////tmp/lis-check.sqlite3 CELERY_BROKER_URL=redis://127.0.0.1:6379/0

check: $(VENV)/dev.stamp
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy evidence/domain strategies/domain consultations/domain evidence/services strategies/services \
	  consultations/services lisapp/jobs/services.py lisapp/places/services.py lisapp/accounts/services.py lisapp/audit/services.py
	$(VENV)/bin/djlint --lint --quiet templates
	$(VENV)/bin/lint-imports
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	DJANGO_SETTINGS_MODULE=lisapp.settings.test $(PY) manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=lisapp.settings.test $(PY) manage.py spectacular --validate --fail-on-warn --file /dev/null
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(VENV)/bin/hadolint Dockerfile

lock: | $(VENV)/bin/python
	@for name in uv run dev node; do \
	  $(VENV)/bin/uv pip compile --quiet --no-header --generate-hashes --universal --python-version 3.11 \
	    requirements/$$name.in -o requirements/$$name.txt; done

clean:
	rm -rf $(VENV) node_modules static/govuk var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# Entente's commands. `make help` lists them; they need git, make and Python 3.11 or newer, nothing else.

PYTHON ?= python3
BIND ?= 127.0.0.1:8000
JOBS ?= 2
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PORT := $(lastword $(subst :, ,$(BIND)))
ENTENTE_URL ?= http://localhost:$(PORT)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
PIP_COMPILE := $(BIN)/python -m piptools compile --quiet --generate-hashes --strip-extras --no-emit-index-url \
	--no-emit-find-links --no-emit-options --no-emit-trusted-host --no-header --allow-unsafe
PAPERS := network/sheets network/pictures network/names.py network/sentences.py network/matching contacts/mail.py contacts/matching.py contacts/sheets \
	contacts/incoming contacts/watchlists contacts/uploads.py events/mail.py events/pdf.py events/sheets.py events/conflicts.py events/ical events/programme_formats \
	legal/alignment.py legal/mail.py legal/pdf.py legal/sheets legal/texts.py legal/text_formats legal/words.py
CHECKS := ../shared/checks
ICALBENCH ?= $(HOME)/.cache/ical-bench
CATALOGS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test calendars pictures screenshots lint imports types translations messages lock clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  make run BIND=127.0.0.1:8010         another address or port"
	@echo "  make run PYTHON=python3.12           another Python (make clean first)"
	@echo "  make test ARGS='tests/events -k feed'  some tests only"

run: $(VENV)/run.stamp $(CATALOGS) ## Start Entente with its demonstration: web server and worker
	@exec env ENTENTE_URL="$(ENTENTE_URL)" $(BIN)/python manage.py serve --demo --bind $(BIND)

test: $(VENV)/test.stamp $(CATALOGS) ## Run the whole suite, on SQLite or on the PostgreSQL that DATABASE_URL names
	$(BIN)/python -m pytest -n $(JOBS) --maxschedchunk 1 $(ARGS)

calendars: $(VENV)/test.stamp $(CATALOGS) ## Put every feed and calendar mail through other programs (needs ../shared/checks)
	@[ -f $(CHECKS)/check_ics.py ] || { echo "There is nothing to check with: $(CHECKS)/check_ics.py is absent." >&2; exit 1; }
	@[ -x $(ICALBENCH)/venv/bin/python ] || { echo "The other programs are not there. They are installed by: \
	$(CHECKS)/setup.sh $(ICALBENCH)" >&2; exit 1; }
	ICALBENCH=$(ICALBENCH) $(BIN)/python -m pytest -q -s -n 0 tests/journeys/calendars.py

pictures: $(VENV)/test.stamp $(CATALOGS) ## Draw the pictures of the how-to pages anew (needs Chromium)
	$(BIN)/python -m pytest -n 0 tests/journeys/pictures.py

screenshots: $(VENV)/test.stamp $(CATALOGS) ## Take every kind of page, wide and narrow, both directions, light and dark, into var/screenshots (needs Chromium)
	$(BIN)/python -m pytest -n 0 tests/journeys/screenshots.py

lint: $(VENV)/test.stamp ## Check the form of the Python files and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djhtml --check --tabwidth 2 templates

imports: $(VENV)/test.stamp ## Check that imports go downwards only
	$(BIN)/lint-imports

types: $(VENV)/test.stamp ## Check the types of the papers
	$(BIN)/mypy $(PAPERS)

translations: $(VENV)/run.stamp $(CATALOGS) ## Compile the translations

messages: $(VENV)/run.stamp ## Gather the words to translate into locale/ (needs GNU gettext)
	$(BIN)/python manage.py makemessages --locale fr --locale es --locale ar --no-wrap --add-location file \
		--ignore .venv --ignore var --ignore tests

lock: $(VENV)/test.stamp ## Choose the versions of the packages anew, from pyproject.toml
	$(PIP_COMPILE) --upgrade --output-file requirements/run.txt pyproject.toml
	$(PIP_COMPILE) --upgrade --extra test -c requirements/run.txt --output-file requirements/test.txt pyproject.toml

clean: ## Remove the environment and what was compiled; the data in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .pytest_cache $(CATALOGS)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are newer than the lock they were installed from.
$(VENV)/run.stamp $(VENV)/test.stamp: $(VENV)/%.stamp: requirements/%.txt | $(BIN)/pip
	@echo "Installing the packages of requirements/$*.txt (about a minute the first time) ..."
	@$(PIP) -r requirements/$*.txt
	@touch $@

$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. Entente needs Python 3.11 or newer: \
	install it, or name it with make PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Entente needs Python 3.11 or newer; \
	$(PYTHON) is `$(PYTHON) --version 2>&1`. Name a newer one: make PYTHON=python3.12 run" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) came without venv and pip. \
	On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making the environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

%.mo: %.po | $(VENV)/run.stamp
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

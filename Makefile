# Two commands matter: `make run` (the site, with the article loaded) and `make test` (everything, on both databases).
# Both do all their own set-up on a machine that has only python3, python3-venv and make. While working: `make quick`, or
# `make test T=tests/events/test_pages.py` for these tests alone.
PYTHON ?= python3
BIN := .venv/bin
export HOST ?= 127.0.0.1
export PORT ?= 8000
PYTEST := $(BIN)/python -m pytest

.PHONY: run test quick queries lint lock schema fixtures shots pictures measure clicks messages bench bench-full
run: .venv/base.stamp
	$(BIN)/python manage.py start

test: .venv/dev.stamp
	scripts/system-packages postgresql:initdb curl:curl chromium:chromium libatomic1:libatomic.so.1 fonts-noto-core:NotoSansThai \
	  poppler-utils:pdftotext
	HASHED_STATIC=0 $(PYTEST) $(WORKERS) $(T)
	HASHED_STATIC=0 scripts/with-postgres $(PYTEST) $(WORKERS) -m "database and not browser and not once" $(T) $(NONE_IS_WELL)
# Both databases answer what asks one; the rest is asked once.
WORKERS = $(if $(T),,-n 2 --dist loadfile --no-loadscope-reorder)
# pytest ends with 5 where it runs no test: all that were named are for a browser, or bring their own database.
NONE_IS_WELL = $(if $(T),|| [ $$? -eq 5 ])

# Most of the tests, in four to five minutes on two cores: on SQLite only, without the browser, without the tests that start servers
# or databases of their own or ask thousands of addresses (marked once), and without those that take many seconds (marked slow:
# crawls of the whole site, round trips of exports and imports, the copy of docs/examples, the guide's examples, the first start).
quick: .venv/dev.stamp
	scripts/system-packages poppler-utils:pdftotext
	HASHED_STATIC=0 $(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not once and not slow"

# tests/queries.json as the pages, lists and answers cost now. Look at what it changed.
queries: .venv/dev.stamp
	HASHED_STATIC=0 $(PYTEST) -m "not browser" --write-queries

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	DEBUG=0 HTTPS=1 HASHED_STATIC=0 $(BIN)/python manage.py check --deploy --fail-level WARNING

# The goals of speed on both databases, measured into docs/performance.md: with 100,000 statements, or with a million.
# BENCH takes options: make bench BENCH="--goals 2 6". benchmarks/README.md lists them.
bench bench-full: .venv/base.stamp .venv-bench/stamp
	scripts/system-packages postgresql:initdb
	SHARED_BUFFERS=1GB scripts/with-postgres $(BIN)/python -m benchmarks --command "make $@" $(if $(filter bench-full,$@),$(FULL)) $(BENCH)
FULL := --sizes 10000 1000000 --rounds 7 --seconds 3 --patience 180 --lines 1000000

# A picture of every page type at three widths, light and dark, in shots/ (ignored by git).
shots: .venv/dev.stamp
	scripts/system-packages chromium:chromium libatomic1:libatomic.so.1 fonts-noto-core:NotoSansThai
	$(BIN)/python scripts/shots

# The pictures of docs/curation.md anew, in docs/pictures/: a curator's steps with an invented article, in a database of their own.
pictures: .venv/dev.stamp
	scripts/system-packages chromium:chromium libatomic1:libatomic.so.1 fonts-noto-core:NotoSansThai
	$(BIN)/python scripts/guide_pictures

# What every page type costs and which rules it breaks, as a table; VNU_JAR=… adds the Nu HTML checker.
measure: .venv/dev.stamp
	scripts/system-packages chromium:chromium libatomic1:libatomic.so.1 fonts-noto-core:NotoSansThai
	$(BIN)/python scripts/measure

# What one article costs a curator in clicks and seconds, by the forms of the admin and at the desk, in each language; and what an
# editor's morning costs.
clicks: .venv/dev.stamp
	scripts/system-packages chromium:chromium libatomic1:libatomic.so.1 fonts-noto-core:NotoSansThai
	$(BIN)/python scripts/desk_clicks

# The fixture as the database has it now, in the order of the file.
fixtures: .venv/base.stamp
	$(BIN)/python manage.py dump_fixtures fixtures/film-workshop.json

# The catalogues of the interface, written and compiled. Needs Debian's gettext.
messages: .venv/base.stamp
	$(BIN)/python manage.py makemessages -l th -l vi --no-wrap --no-obsolete --add-location file -i .venv -i var -i tests
	$(BIN)/python manage.py compilemessages -l th -l vi -i .venv

# The OpenAPI file of the repository; a test compares it with what the code says.
schema: .venv/dev.stamp
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

.venv/uv.stamp: requirements/uv.txt
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $< && touch $@

.venv/%.stamp: requirements/%.txt .venv/uv.stamp
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r $< && touch $@

.venv-bench/stamp: requirements/bench.txt .venv/uv.stamp
	$(BIN)/uv venv -q --clear --python $(BIN)/python .venv-bench
	$(BIN)/uv pip install -q --python .venv-bench/bin/python --require-hashes -r $< && touch $@

LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: .venv/uv.stamp
	$(LOCK) pyproject.toml -o requirements/base.txt
	$(LOCK) pyproject.toml --group dev -c requirements/base.txt -o requirements/dev.txt
	$(LOCK) --group pyproject.toml:bench -c requirements/base.txt -o requirements/bench.txt
	echo uv | $(LOCK) - -o requirements/uv.txt
	! grep -nE '://|index-url' requirements/*.txt

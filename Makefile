# For Linux and macOS; README.md says how on Windows. Everything does its own set-up; what is done leaves a stamp in
# .venv/stamps and is not done again.
# Options: ARGS="--sample" for run, demo, bench and test; WORKERS=2 for test; PYTHON=/path/to/python3.12 for set-up.

VENV := .venv
STAMPS := $(VENV)/stamps
PY := $(VENV)/bin/python
SETUP := -m tools.setup_station
RENDERER := tests/printing/renderer
WORKERS ?= logical

# The first Python 3.11 to 3.13 that really starts (a version manager's stand-in may not); looked for only when needed.
PYTHON = $(shell for python in python3.12 python3.13 python3.11 python3 python \
	"$$HOME"/.pyenv/versions/3.1[123].*/bin/python /usr/local/bin/python3.1[123] /opt/homebrew/bin/python3.1[123]; do \
	if "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; \
	then echo "$$python"; break; fi; done)
NO_PYTHON := Pickwick needs Python 3.11, 3.12 or 3.13, and none was found (on Debian 12 or Ubuntu 24.04: sudo apt-get install python3 python3-venv).

# An environment whose Python is gone (moved, or its version removed) is made again.
ifneq ($(shell [ -x $(PY) ] && echo works),works)
$(shell rm -rf $(STAMPS))
endif

define set_up
@python="$(PYTHON)"; [ -n "$$python" ] || { echo "$(NO_PYTHON)" >&2; exit 3; }; "$$python" $(SETUP) $(1)
endef

.PHONY: help setup run test demo bench lint format lock clean
.NOTPARALLEL:

help:
	@echo "make setup | run | test | demo | bench | lint | format | lock | clean"

setup: $(STAMPS)/runtime $(STAMPS)/window

run: $(STAMPS)/runtime $(STAMPS)/window
	@$(PY) main.py $(ARGS)

demo: $(STAMPS)/runtime $(STAMPS)/offscreen
	$(PY) main.py demo --out demo-out $(ARGS)

bench: $(STAMPS)/dev $(STAMPS)/offscreen
	$(PY) -m tools.bench --out bench-out $(ARGS)

test: $(STAMPS)/dev $(STAMPS)/offscreen $(STAMPS)/renderer
	$(PY) -m pytest -n $(WORKERS) --maxprocesses 4 --dist loadfile -rs $(ARGS)

lint: $(STAMPS)/dev
	@status=0; for linter in "$(PY) -m ruff check ." "$(PY) -m ruff format --check ." "$(PY) -m mypy" "$(VENV)/bin/lint-imports"; \
	do echo "$$linter"; $$linter || status=1; done; exit $$status

format: $(STAMPS)/dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# Makes the lock again after pyproject.toml changed; what is locked stays as it is while it fits (ARGS=--upgrade: newest).
lock: $(STAMPS)/dev
	$(PY) -m tools.make_lock $(ARGS)

clean:
	rm -rf $(VENV) $(RENDERER)/node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache demo-out bench-out

$(STAMPS)/runtime: requirements/runtime.txt
	$(call set_up,runtime)

$(STAMPS)/dev: requirements/dev.txt
	$(call set_up,dev)

$(STAMPS)/offscreen: | $(STAMPS)/runtime
	$(call set_up,runtime offscreen)

$(STAMPS)/window: | $(STAMPS)/runtime
	$(call set_up,runtime window)

$(STAMPS)/renderer: $(RENDERER)/package-lock.json | $(STAMPS)/dev
	$(call set_up,renderer)

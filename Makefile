# Every target does its own set-up in .venv from the hash-pinned requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup report test lab lint mutants fuzz faults messages schemas study bench bench-bayes screenshots lock release clean

help:  ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "groundswell needs Python 3.11 or newer; \`$(PYTHON)\` is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { echo "\`$(PYTHON) -m venv\` failed: on Debian and Ubuntu, install python3-venv" >&2; exit 2; }
	@echo "Installing the locked packages into .venv (about a minute and a half) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@touch $(READY)

setup: $(READY)  ## install everything into .venv

report: $(READY)  ## build the bundled surveys' dated reports and say where they are
	@$(BIN)/groundswell report --all --notebook wave_report --notebook wave_profile

test: $(READY)  ## lint, type check and the whole test suite
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "run: .venv/bin/ruff format ." >&2; exit 1; }
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/mypy
	@$(BIN)/pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

lab: $(READY)  ## open copies of the notebooks in JupyterLab, in desk/
	@mkdir -p desk
	@for file in notebooks/*.ipynb; do test -e "desk/$${file##*/}" || cp "$$file" desk/; done
	@echo "desk/ holds your copies; delete one to start again from notebooks/"
	@$(BIN)/jupyter lab desk

lint: $(READY)  ## put the code in its one form and check it
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/mypy

mutants: $(READY)  ## change a line at a time: do the tests notice? (MODULE=findings/words for one module; slow)
	@$(BIN)/python tests/mutants.py $(MODULE)

FORMAT ?= csv
SECONDS ?= 3600
fuzz: $(READY)  ## feed the readers bytes until one of them fails in no words of ours (FORMAT=sav SECONDS=600; Linux)
	@test -d .fuzz || $(BIN)/python -m pip install --quiet --disable-pip-version-check --target .fuzz \
	  --requirement tests/requirements-fuzz.txt
	@PYTHONPATH=.fuzz $(BIN)/python tests/fuzzing.py .$(FORMAT) -max_total_time=$(SECONDS)

TIMES ?= 20
faults: $(READY)  ## kill, interrupt and starve runs at random moments, and look at what is left (TIMES=20; slow; Linux)
	@$(BIN)/python tests/faults.py --times $(TIMES)

LOCALE := src/groundswell/reports/language/locale
messages: $(READY)  ## bring the Russian catalogue up to what the pages say; then translate what is empty in it
	@$(BIN)/pybabel -q extract -F $(LOCALE)/babel.cfg -k say -k mark -k count:1,2 --no-location --sort-output \
	  --omit-header -o $(LOCALE)/groundswell.pot src/groundswell/reports
	@$(BIN)/pybabel -q update -i $(LOCALE)/groundswell.pot -d $(LOCALE) -D groundswell --no-fuzzy-matching \
	  --ignore-obsolete --ignore-pot-creation-date --width 120
	@rm $(LOCALE)/groundswell.pot

schemas: $(READY)  ## write the JSON Schemas of the TOML files again
	@$(BIN)/python tests/schemas.py

study: $(READY)  ## run the simulation studies (slow) and write them to docs/studies/
	@$(BIN)/python benchmarks/study.py
	@$(BIN)/python benchmarks/findings_study.py
	@$(BIN)/python benchmarks/coverage_cells.py --jobs 2

bench: $(READY)  ## measure a fresh clone, a report and the trend against their peers (slow)
	@$(BIN)/python benchmarks/fresh_clone.py
	@$(BIN)/python benchmarks/report_time.py
	@$(BIN)/python benchmarks/trend_truth.py --seeds 5
	@$(BIN)/python benchmarks/estimates_scale.py --rows 1e6 --rounds 3 --no-peers
	@$(BIN)/python benchmarks/raking.py --no-peers
	@$(BIN)/python benchmarks/trend_next_poll.py
	@$(BIN)/python benchmarks/trend_speed.py

bench-bayes: $(READY)  ## measure the trend against full Bayes, sampled in an environment of its own (needs uv; slow)
	@test -x benchmarks/.venv/bin/python || uv venv --quiet benchmarks/.venv
	@uv pip install --quiet --python benchmarks/.venv --requirement benchmarks/requirements-full-bayes.txt
	@$(BIN)/python benchmarks/trend_full_bayes.py

screenshots: report  ## draw every kind of page at two widths, light, dark and print, into screenshots/
	@$(BIN)/python tests/screenshots.py

lock: pyproject.toml  ## pin every dependency again (needs uv)
	@uv pip compile pyproject.toml --group dev --extra cluster --extra alerts --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url --output-file requirements.lock

release: $(READY)  ## build the wheel that TAG=v0.2.0 names, with its checksum and notes, into dist/ and build/
	@.ci/release "$(TAG)"

clean:  ## remove what make made, but no report
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

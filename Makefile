# Reports from a chart review. `make` alone lists what can be made.
.DEFAULT_GOAL := help
.PHONY: help all inspect template test recompute claims lab demo bench simulate reference check lock clean

COHORT ?= data/demo
OUTPUT ?=
FLAGS ?=
COHORTS ?= 200

# Texts of the user go to recipes through the environment, as they are, quotes and dollars too.
GIVEN := COHORT OUTPUT FILE WEEK PATIENTS THRESHOLD GROUP
unexport $(GIVEN)
$(foreach name,$(GIVEN),$(eval export PPP_$(name) := $$(value $(name))))
# What a run changes of the plan is said on the command line alone: tcsh, for one, has a GROUP too.
change = $(if $(filter command,$(origin $1)),-p "$2=$$PPP_$1")
CHANGES = $(call change,WEEK,week) $(call change,PATIENTS,patients) \
  $(call change,THRESHOLD,threshold) $(call change,GROUP,group)

# The active conda environment is used when it is ours; otherwise .venv, made once for each lock.
ifeq ($(CONDA_DEFAULT_ENV),$(shell sed -n 's/^name: *//p' environment.yml))
PYTHON := python
READY :=
else
PYTHON := .venv/bin/python
READY := .venv/.ready-$(shell (pwd; cat requirements.lock pyproject.toml) | cksum | cut -d' ' -f1)
endif

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

all: $(READY) ## all reports of COHORT (default data/demo), into exports/<id>
	@$(PYTHON) -m ppp run --cohort="$$PPP_COHORT" --output="$$PPP_OUTPUT" $(strip $(CHANGES)) $(FLAGS)

inspect: $(READY) ## say what FILE (a workbook) holds, and draft its study.toml beside it
	@$(PYTHON) -m ppp inspect -- "$$PPP_FILE"

template: $(READY) ## write a workbook to fill in, for the study.toml of COHORT if one is given
	@$(PYTHON) -m ppp template $(if $(filter-out file,$(origin COHORT)),--cohort="$$PPP_COHORT") \
	  $(if $(value OUTPUT),--output="$$PPP_OUTPUT")

test: $(READY) ## run the tests, two at a time
	@$(PYTHON) -m pytest -n 2 --dist loadfile

recompute: $(READY) ## compute the results that matter once more, by other code
	@$(PYTHON) -m pytest -n 2 --dist loadfile -m recompute tests/recompute

claims: $(READY) ## hold pages, explore.html and traces against their data, over COHORTS (200) made cohorts
	@COHORTS=$(COHORTS) $(PYTHON) -m pytest -n 2 --dist loadscope -m recompute tests/pages tests/explore

lab: $(READY) ## explore COHORT in JupyterLab, on copies of the notebooks that git ignores
	@$(PYTHON) -m ppp lab --cohort '$(COHORT)' --output '$(OUTPUT)' -- $(FLAGS)

demo: $(READY) ## make the synthetic cohort in data/demo again, to the same bytes
	@$(PYTHON) data/demo/maker

bench: $(READY) ## time a rebuild against the plain loop, and how both grow with patients
	@$(PYTHON) tests/benchmark_run.py
	@$(PYTHON) tests/benchmark_estimators.py
	@$(PYTHON) tests/benchmark_safety.py
	@$(PYTHON) tests/benchmark_cohorts.py
	@$(PYTHON) tests/benchmark_cohorts.py --xlsx --sizes 50000

simulate: $(READY) ## coverage of the intervals, in a few minutes, into data/coverage.csv
	@$(PYTHON) tests/simulate.py

reference: ## R's values again; fails on a difference (needs R)
	@Rscript tests/reference/reference.R --check

check: $(READY) ## check and format the code
	@$(PYTHON) -m ruff check . && $(PYTHON) -m ruff format --check .

lock: ## resolve requirements.lock from pyproject.toml again (needs uv)
	@command -v uv >/dev/null || { echo "uv is needed to resolve the lock; install it first." >&2; exit 1; }
	@uv pip compile --universal --generate-hashes --python-version 3.11 --all-extras --no-emit-index-url \
	  --custom-compile-command "make lock" --quiet --output-file requirements.lock pyproject.toml

clean: ## remove exports, derived data and caches (never data/raw)
	@rm -rf exports data/derived .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

.venv/.ready-%:
	@for python in python3 python3.13 python3.12 python3.11; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
	done; \
	test -n "$$python" || { echo "Python 3.11 or newer is needed: install it (Debian: apt install python3 python3-venv)." >&2; exit 1; }; \
	$$python -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is needed: install it (Debian: apt install python3-venv)." >&2; exit 1; }; \
	echo "Setting up .venv from requirements.lock (once, a minute or two) ..."; \
	$$python -m venv --clear .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.lock
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

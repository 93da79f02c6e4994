# Everyday commands. Everything they need is made in .belfry/, nothing outside the checkout is touched.
PYTHON ?= python3
BELFRY := .belfry/bin/belfry
RUN    := .belfry/venv/bin/python -m
STACK  ?= local
# Side by side, three processes for two cores, since many tests wait for what they started; each takes
# a module at a time, those that take longest first: tests/scheduling.py.
SPREAD  = -n $(shell $(PYTHON) -c 'import os; print(min(8, len(os.sched_getaffinity(0)) * 3 // 2))') \
  --dist loadscope --no-loadscope-reorder

unexport PYTHONDONTWRITEBYTECODE # the tests start hundreds of processes

.PHONY: help up down test check fmt bench docs site python python-dev clean

help: ## Show these lines.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

python:
	@$(PYTHON) tools/bootstrap.py run

python-dev:
	@$(PYTHON) tools/bootstrap.py dev

up: python ## Bring the monitoring up on this machine (or STACK=prod elsewhere).
	@$(BELFRY) up --stack $(STACK)

down: python ## Take it down: no process, no port, no resource is left.
	@$(BELFRY) down --stack $(STACK)

test: python-dev ## Run every test, on all cores; ARGS='-k routing' for some, one after the other.
	@$(BELFRY) tools get pulumi node browser-modules promtool amtool alertmanager
	@$(RUN) pytest $(or $(ARGS),$(SPREAD))

check: python-dev ## Format, lint, strict types, import contract, the types of the Worker and of the console.
	@$(BELFRY) tools get node
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	@.belfry/venv/bin/lint-imports
	.belfry/bin/node .belfry/tools/node/node_modules/typescript/bin/tsc -p worker
	.belfry/bin/node .belfry/tools/node/node_modules/typescript/bin/tsc -p localcloud/console

fmt: python-dev ## Format the code.
	@$(RUN) ruff format .
	@$(RUN) ruff check --fix .

docs: python-dev ## Write what is generated: the platform file's schema and reference, the pages on tokens and requirements, the Worker's bundle.
	@$(RUN) belfry.schema
	@$(RUN) belfry.reference
	@$(RUN) belfry.signals_page
	@$(RUN) belfry.catalogue_page
	@$(RUN) belfry.messages.worker
	@$(RUN) belfry.lint.page
	@$(RUN) cli.tokens_page
	@$(RUN) belfry.requirements
	@$(BELFRY) tools get node
	@.belfry/bin/node worker/build.mjs

site: python-dev ## Build the site of runbooks and documentation in .belfry/site, strictly.
	@$(RUN) mkdocs build --strict

bench: python-dev ## Measure, and print ratios.
	@$(BELFRY) tools get
	@$(RUN) bench $(ARGS)

clean: ## Remove everything that was made (takes the local stack down first).
	@if [ -x $(BELFRY) ]; then $(BELFRY) down --stack local; fi
	rm -rf .belfry

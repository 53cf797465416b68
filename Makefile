# make run    set everything up and start the demo: four cameras, recording
# make setup  the set-up alone: afterwards .venv/bin/tawny is the program and the web app is built
# make test   set everything up and run the tests
# make check  the gates: formatting, lint, types, architecture
PYTHON ?= python3
PORT ?= 8090

.PHONY: run setup test check format clean

run: setup
	exec .venv/bin/tawny demo --port $(PORT)

setup:
	$(PYTHON) scripts/setup.py run

test:
	$(PYTHON) scripts/setup.py test
	$(PYTHON) scripts/setup.py npm test -- --run
	.venv/bin/python -m pytest -m "not journey" -n auto
	.venv/bin/python -m pytest -m journey

check:
	$(PYTHON) scripts/setup.py test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON) scripts/setup.py npm run check

format:
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

clean:
	rm -rf .venv .setup web/node_modules web/dist

# Six verbs: run, test, lint, types, eval, bench.
# Two environments: .venv/run holds the core and the plots (no PyTorch), .venv/dev all
# that tests and training need. Each is made once and again when its list changes.

PYTHON ?= python3
RUN := .venv/run
DEV := .venv/dev
PORT ?= 7860
SAMPLES := .cache/samples
DATA ?= ../shared/data

.PHONY: run test lint types eval bench clean

run: $(RUN)/.installed
	$(RUN)/bin/kutip --corpus $(SAMPLES) add seeds/articles
	$(RUN)/bin/kutip --corpus $(SAMPLES) serve --port $(PORT)

test: $(DEV)/.installed .cache/chromium
	$(DEV)/bin/python -m pytest -q -n 2 --dist loadfile

lint: $(DEV)/.installed
	$(DEV)/bin/ruff check .
	$(DEV)/bin/ruff format --check .

types: $(DEV)/.installed
	$(DEV)/bin/mypy

eval: $(RUN)/.installed
	$(RUN)/bin/kutip eval seeds/questions

bench: $(DEV)/.installed
	$(DEV)/bin/python benchmarks/answers.py seeds

$(RUN)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(RUN)
	$(RUN)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[eval]'
	touch $@

$(DEV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(DEV)
	# torch by itself first: its pin is what keeps CUDA out.
	$(DEV)/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(DEV)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

# The browser tests need a Chromium; where there is none and no way to install
# one, they say so and are skipped.
.cache/chromium:
	mkdir -p .cache
	command -v chromium || command -v chromium-browser || command -v google-chrome \
	  || { command -v apt-get && [ "$$(id -u)" = 0 ] \
	       && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
	  || echo "no Chromium: the browser tests will be skipped"
	touch $@

clean:
	rm -rf .venv .cache build dist

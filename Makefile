# Each target prints what it did and where the result is. PYTHON=/path/to/python chooses the Python of a new .venv.
.PHONY: book test lab refresh arena lint clean
.DELETE_ON_ERROR:

HTML := book/_build/html/index.html
SOURCES := $(shell find _config.yml _toc.yml requirements.txt book code -type f \
	-not -path '*/_build/*' -not -path '*/__pycache__/*' -not -path '*/.ipynb_checkpoints/*' -not -path '*.egg-info/*')
JOBS ?= $(shell nproc)

book: setup $(HTML)
	@echo "The book: $(CURDIR)/$(HTML)"

$(HTML): $(SOURCES) | setup
	@.venv/bin/jupyter-book build -W -n --keep-going -q book || { echo "The book was not built: see the warnings above." >&2; exit 1; }
	@touch $@

test: setup-browser
	@.venv/bin/python -m pytest --nbval -n $(JOBS) --dist loadfile -q

lab: setup
	@.venv/bin/jupyter trust $$(git ls-files 'book/*.ipynb') >/dev/null   # or the stored pictures could not move
	@.venv/bin/jupyter lab --config=.ci/jupyter_server_config.py --ip=127.0.0.1 --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/book/index.md \
		--LabApp.news_url= --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

refresh: setup
	@.venv/bin/python .ci/refresh.py -j $(JOBS) $(ACCEPT:%=--accept %) $(PAGES)

arena: setup
	@.venv/bin/python -m iolab.arena > book/traces/arena.json.new && mv book/traces/arena.json.new book/traces/arena.json
	@echo "The figures of this machine: $(CURDIR)/book/traces/arena.json"

lint: setup
	@.venv/bin/ruff check code tests .ci && echo "No lint found."

clean:
	@rm -rf book/_build .pytest_cache .ruff_cache .hypothesis && echo "Removed what was built; .venv stays."

.PHONY: setup setup-browser
setup:
	@.ci/setup
setup-browser:
	@.ci/setup browser

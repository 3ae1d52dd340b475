# Each target prints what it did and where the result is. PYTHON=/path/to/python chooses the Python of a new .venv,
# LOCKED=1 installs the very files of .ci/locked, for this and every later target; LOCKED=0 goes back.
.PHONY: book test soak soak-labs lab classroom read machine refresh arena grade questions offline epub pdf release lint lock clean
.DELETE_ON_ERROR:

# what iolab says in cells and commands, too: the language of the book, where it is not Chinese
export IOLAB_LANGUAGE ?= $(shell sed -n 's/^ *language: *\([A-Za-z_]*\).*/\1/p' book/_config.yml | grep -v '^zh')
# EDITION=student: no solutions, in a folder of its own
EDITION ?= full
HOME_OF_BOOK := book/_build$(if $(filter-out full,$(EDITION)),/$(EDITION)/_build)
HTML := $(HOME_OF_BOOK)/html/index.html
BUILT := $(HOME_OF_BOOK)/built
SOURCES := $(shell find requirements.txt book code -type f \
	-not -path '*/_build/*' -not -path '*/__pycache__/*' -not -path '*/.ipynb_checkpoints/*' -not -path '*.egg-info/*')
JOBS ?= $(shell nproc)
# what somebody typed, as one word of a shell; the environment's HOST is often the machine's name
typed = '$(subst ','\'',$(1))'
AT_HOST = $(if $(filter command line,$(origin HOST)),$(if $(HOST),--host=$(call typed,$(HOST))))
RUNS ?= 20
# python in a terminal of JupyterLab, and in the command of a lab, is the book's
OWN_PYTHON = PATH="$$PWD/.venv/bin:$$PATH"
# Jupyter and matplotlib keep notes at home: where nobody may write there, .venv/home will do
AT_HOME := $(shell [ -w "$${HOME:-/}" ] || echo 'mkdir -p .venv/home && HOME="$$PWD/.venv/home"')

book: setup $(BUILT)
	@echo "The book: $(CURDIR)/$(HTML)"

$(BUILT): $(SOURCES) | setup
	@$(AT_HOME) IOLAB_EDITION='$(EDITION)' .venv/bin/jupyter-book build -W -n --keep-going -q \
		--path-output $(HOME_OF_BOOK:/_build=) book || { \
		[ ! -e $(HTML) ] || echo "The HTML can be read all the same: $(CURDIR)/$(HTML)" >&2; \
		echo "The book was not built without a warning: see above." >&2; exit 1; }
	@touch $@

PYTEST = $(AT_HOME) .venv/bin/python -m pytest --dist loadfile --no-loadscope-reorder -q -rs
# where the Linux of the page is built, its tests: each takes a core for its emulator, so they come after the others
OF_MACHINE := $(if $(wildcard book/_static/machine/main.js),$(wildcard tests/book/test_machine*.py))

# a worker waits now and then, for servers and wrong answers: more of them than processors
test: setup-tests
	@$(PYTEST) --nbval -n $$(($(JOBS) * 2 + 1)) $(OF_MACHINE:%=--ignore=%) \
		$(if $(OF_MACHINE),; others=$$?; $(PYTEST) -n $(JOBS) $(OF_MACHINE) && exit $$others)

soak: setup-tests
	@$(AT_HOME) .ci/soak $(RUNS) $(JOBS)

soak-labs: setup-tests
	@PYTHONPATH=tests/labs .venv/bin/python .ci/soak_labs.py $(or $(filter-out 20,$(RUNS)),50) $(JOBS) $(LAB)

lab: setup
	@$(AT_HOME) find book -name '*.ipynb' -not -path '*/_build/*' -not -path '*/.ipynb_checkpoints/*' \
		-exec .venv/bin/jupyter trust {} + </dev/null >/dev/null   # or the stored pictures could not move
	@$(AT_HOME) $(OWN_PYTHON) .venv/bin/jupyter lab --config=.ci/jupyter_server_config.py --ip=127.0.0.1 --ServerApp.root_dir=. \
		--LabApp.default_url=/lab/tree/book/index.md --LabServerApp.extra_labextensions_path=code/iolab/labextensions \
		--LabApp.news_url= --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

# the chat room and the echo server for a class: HOST=0.0.0.0 WORD=…; --help of iolab.classroom has more for ARGS
classroom: setup
	@.venv/bin/python -m iolab.classroom $(AT_HOST) \
		$(if $(WORD),--word=$(call typed,$(WORD))) $(ARGS)

read: book
	@sh .ci/bundle/bundle
	@$(AT_HOME) .venv/bin/python -m iolab.live $(dir $(HTML)) --bundle .venv/live --sources book $(AT_HOST)

# about 100 MB from Debian and npm the first time, then some minutes: a Linux boots in an emulator
machine: setup
	@sh .ci/bundle/bundle
	@.venv/bin/python -m iolab.machine book/_static/machine

refresh: setup
	@$(AT_HOME) .venv/bin/python .ci/refresh.py -j $(JOBS) $(ACCEPT:%=--accept %) $(PAGES)

arena: setup
	@.venv/bin/python -m iolab.arena $(if $(FREE_THREADED),--free-threaded $(FREE_THREADED)) > book/traces/arena.json.new && mv book/traces/arena.json.new book/traces/arena.json
	@echo "The figures of this machine: $(CURDIR)/book/traces/arena.json"

grade: setup
	@$(OWN_PYTHON) .venv/bin/python -m iolab.grade $(or $(LAB),--list) $(ARGS) $(if $(LAB),-- $(CMD))

EXPORT = .venv/bin/python -m iolab.export --html $(dir $(HTML))

offline: book
	@$(EXPORT) offline

epub: book setup-tests
	@$(EXPORT) epub

# printed twice: the second time its table of contents knows the pages
pdf: book setup-tests
	@$(AT_HOME) $(EXPORT) pdf

# from nothing: a page that is gone from the book would still be in the HTML
release: setup-tests
	@rm -rf $(dir $(HTML)) $(HOME_OF_BOOK)/.doctrees $(BUILT)
	@$(MAKE) --no-print-directory offline epub pdf
	@$(EXPORT) sums

# for Moodle and for everything else; EDITION=student leaves the solutions out
questions: setup
	@.venv/bin/python -m iolab.questions $(HOME_OF_BOOK)/questions $(if $(filter student,$(EDITION)),--no-solutions)

lint: setup-tests
	@.venv/bin/ruff check code tests .ci && echo "No lint found."

lock: setup
	@sh .ci/lock && echo "The locks: $(CURDIR)/.ci/locked (make test LOCKED=1 tries them)"

clean:
	@rm -rf _build dist book/_build .pytest_cache .ruff_cache .hypothesis && echo "Removed what was built; .venv stays."

.PHONY: setup setup-tests
setup:
	@sh .ci/setup
setup-tests:
	@sh .ci/setup tests

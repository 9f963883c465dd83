# Aliases; dev.py does the work on every system.
PYTHON ?= python3
.PHONY: report test lab bench docs
report test lab bench docs:
	$(PYTHON) dev.py $@

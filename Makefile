# Plimsoll. `make help` lists the targets.

ifeq ($(origin CC),default)
CC := gcc
endif
BUILD ?= build
PYTHON ?= /usr/bin/python3
WARNINGS := -Wall -Wextra -Werror
CFLAGS ?= -O2 -g
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=default $(WARNINGS) $(CFLAGS) -Ihost/include -Ihost -MMD -MP
LIBS := -ljansson -lz -lzstd -lm

LIBRARY_SOURCES := $(wildcard host/feed/*.c host/stage/*.c host/dev/*.c host/model/*.c)
CLI_SOURCES := $(wildcard host/cli/*.c)
UNIT_SOURCES := $(wildcard tests/unit/*/test_*.c)
LIBRARY_OBJECTS := $(LIBRARY_SOURCES:%.c=$(BUILD)/obj/%.o)
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(BUILD)/obj/%.o)
UNIT_TESTS := $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/unit/%)
GENERATORS := hw/pricing/gen_tables.py hw/abi/gen.py

.PHONY: help install build demo test gen gen-check unit sanitize oracle e2e lint clean
.SECONDARY:

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

install: ## install missing Debian packages (.ci/packages.txt)
	@.ci/install

build: $(BUILD)/bin/plimsoll $(BUILD)/lib/libplimsoll.so $(BUILD)/bin/price_rows ## library, CLI and test helpers

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/lib/libplimsoll.a: $(LIBRARY_OBJECTS)
	@mkdir -p $(@D)
	@rm -f $@; echo "  $@"; ar rcs $@ $^

$(BUILD)/lib/libplimsoll.so: $(LIBRARY_OBJECTS) host/plimsoll.map
	@mkdir -p $(@D)
	@echo "  $@"; $(CC) $(CFLAGS) -shared -Wl,--version-script=host/plimsoll.map -o $@ $(LIBRARY_OBJECTS) $(LIBS)

$(BUILD)/bin/plimsoll: $(CLI_OBJECTS) $(BUILD)/lib/libplimsoll.a
	@mkdir -p $(@D)
	@echo "  $@"; $(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/bin/price_rows: tests/oracle/price_rows.c $(BUILD)/lib/libplimsoll.a
	@mkdir -p $(@D)
	@echo "  $@"; $(CC) $(ALL_CFLAGS) -Ihost/model -o $@ $^ $(LIBS)

# A unit test is one test_*.c of its room, with the room's other sources; those of the CLI get its objects too.
UNIT_FLAGS := -Ihost/model -Ihost/feed -Ihost/cli -Itests/unit -DPL_CHECK_WIDTHS
.SECONDEXPANSION:
$(BUILD)/unit/%: tests/unit/%.c $$(filter-out $$(UNIT_SOURCES),$$(wildcard tests/unit/$$(*D)/*.c)) \
    $$(if $$(filter cli,$$(*D)),$$(filter-out %/main.o,$$(CLI_OBJECTS))) $(BUILD)/lib/libplimsoll.a
	@mkdir -p $(@D)
	@echo "  $@"; $(CC) $(ALL_CFLAGS) $(UNIT_FLAGS) -Itests/unit/$(*D) -o $@ $^ -lcmocka $(LIBS)

gen: ## write the generated files (contract, constant tables)
	@for g in $(GENERATORS); do $(PYTHON) $$g || exit 1; done

gen-check: ## fail when a generated file is stale
	@for g in $(GENERATORS); do $(PYTHON) $$g --check || exit 1; done

lint: ## the generated SystemVerilog, by Verilator and Yosys
	verilator --lint-only -Wall -Wno-UNUSED --top-module pl_abi_check hw/pkg/pl_abi_pkg.sv hw/pkg/pl_abi_check.sv
	yosys -q -p 'read_verilog -sv hw/pkg/pl_abi_pkg.sv'

unit: $(UNIT_TESTS) ## unit tests alone
	@tests/run $(UNIT_TESTS)

clean: ## remove everything that was built
	rm -rf $(BUILD)

-include $(LIBRARY_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d)

# Plimsoll. `make help` lists the targets.
.DEFAULT_GOAL := help

ifeq ($(origin CC),default)
CC := gcc
endif
BUILD ?= build
PYTHON ?= /usr/bin/python3
WARNINGS := -Wall -Wextra -Werror
CFLAGS ?= -O2 -g
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=default $(WARNINGS) $(CFLAGS) -Ihost/include -Ihost -Idrivers -MMD -MP
LIBS := -ljansson -lz -lzstd -lpci -lm -ldl -lpthread

LIBRARY_SOURCES := $(wildcard host/feed/*.c host/stage/*.c host/guard/*.c host/dev/*.c host/ring/*.c host/model/*.c host/decide/*.c host/cpu/*.c host/opencl/*.c drivers/user/*.c drivers/vfio/*.c drivers/linux/user/*.c)
ifneq ($(shell uname -m),x86_64)
LIBRARY_SOURCES := $(filter-out %_avx512.c %_avx2.c,$(LIBRARY_SOURCES))
endif
CLI_SOURCES := $(wildcard host/cli/*.c)
UNIT_SOURCES := $(wildcard tests/unit/*/test_*.c)
# Beside the library, which does not know it: SQLite and hashing.
JOURNAL_OBJECTS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard host/journal/*.c))
JOURNAL_LIBS := -lsqlite3 -lnettle
LIBRARY_OBJECTS := $(LIBRARY_SOURCES:%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/opencl_kernels.o
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(BUILD)/obj/%.o)
UNIT_TESTS := $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/unit/%)
GENERATORS := hw/pricing/gen_tables.py hw/abi/gen.py

include tests/rtl/Makefile.inc
include sim/Makefile.inc
include drivers/Makefile.inc
include tests/qemu/Makefile.inc
include tests/axi/Makefile.inc
include tests/formal/Makefile.inc
include constraints/Makefile.inc

.PHONY: help packages build install compile demo test coverage-rtl coverage-runs opencl bench bench-breach bench-cpu bench-decide bench-guard bench-journal bench-opencl bench-rtl synth gen gen-check unit sanitized sanitized-tests lint clean
.SECONDARY:

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile tests/rtl/Makefile.inc sim/Makefile.inc tests/qemu/Makefile.inc tests/axi/Makefile.inc tests/formal/Makefile.inc constraints/Makefile.inc drivers/Makefile.inc

packages: ## install missing Debian packages (.ci/packages.txt)
	@.ci/install

build: packages ## library, command line, test helpers
	@$(MAKE) --no-print-directory compile

compile: $(BUILD)/bin/plimsoll $(BUILD)/lib/libplimsoll.so $(BUILD)/bin/quote_rows $(BUILD)/bin/auction_cases ## the same without looking at packages

DEVICE ?= sim:
demo: build sim ## two real crashes on the simulated card (DEVICE: another one) and through every tick, with reports
	@tests/demo $(BUILD) $(DEVICE)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) -c $< -o $@

# The kernels of an instruction set are called on processors that have it, and only there.
$(BUILD)/obj/host/cpu/%_avx512.o: ALL_CFLAGS += -O3 -mavx512f -mavx512dq -mavx512cd -mavx512ifma -mbmi -mbmi2
$(BUILD)/obj/host/cpu/%_avx2.o: ALL_CFLAGS += -O3 -mavx2 -mfma -mbmi -mbmi2

# The kernels as a string: the contract's header, then what is written in OpenCL C, without what only a C compiler reads.
OPENCL_TEXT := host/include/pl_abi.h host/opencl/layout.h $(addprefix host/opencl/,lanes.cl black.cl rows.cl sweep.cl)
$(BUILD)/gen/opencl_kernels.c: $(OPENCL_TEXT)
	@mkdir -p $(@D)
	@{ echo 'const char pl_ocl_kernels[] ='; sed -E '/^(#include|_Static_assert)/d; s/_Alignas\([^)]*\) //; s/["\\]/\\&/g; s/.*/"&\\n"/' $(OPENCL_TEXT); echo ';'; } >$@

$(BUILD)/obj/opencl_kernels.o: $(BUILD)/gen/opencl_kernels.c
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/lib/libplimsoll.a: $(LIBRARY_OBJECTS)
	@mkdir -p $(@D)
	@rm -f $@; echo "  $@"; ar rcs $@ $^

$(BUILD)/lib/libplimsoll.so: $(LIBRARY_OBJECTS) host/plimsoll.map
	@mkdir -p $(@D)
	@echo "  $@"; $(CC) $(CFLAGS) -shared -Wl,-soname,libplimsoll.so -Wl,--version-script=host/plimsoll.map -o $@ $(LIBRARY_OBJECTS) $(LIBS)

$(BUILD)/lib/libplimsoll-journal.a: $(JOURNAL_OBJECTS)
	@mkdir -p $(@D)
	@rm -f $@; echo "  $@"; ar rcs $@ $^

$(BUILD)/bin/plimsoll: $(CLI_OBJECTS) $(BUILD)/lib/libplimsoll-journal.a $(BUILD)/lib/libplimsoll.a
	@mkdir -p $(@D)
	@echo "  $@"; $(CC) $(CFLAGS) -o $@ $^ $(JOURNAL_LIBS) $(LIBS)

$(addprefix $(BUILD)/bin/,quote_rows auction_cases): $(BUILD)/bin/%: tests/oracle/%.c $(BUILD)/lib/libplimsoll.a
	@mkdir -p $(@D)
	@echo "  $@"; $(CC) $(ALL_CFLAGS) -o $@ $^ $(LIBS)

# A unit test is one test_*.c of its room, with the room's other sources and headers; those of the CLI and the simulator get its objects too.
UNIT_FLAGS := -Ihost/model -Ihost/feed -Ihost/cli -Itests/unit -DPL_CHECK_WIDTHS
.SECONDEXPANSION:
$(BUILD)/unit/%: tests/unit/%.c $$(filter-out $$(UNIT_SOURCES),$$(wildcard tests/unit/$$(*D)/*.c)) $$(wildcard tests/unit/support/*.h tests/unit/$$(*D)/*.h) \
    $$(if $$(filter cli simulator,$$(*D)),$$(filter-out $$(BUILD)/obj/host/cli/main.o,$$(CLI_OBJECTS))) \
    $$(if $$(filter qemu,$$(*D)),$$(filter-out $$(BUILD)/obj/sim/qemu/main.o,$$(QEMU_OBJECTS))) \
    $$(if $$(filter cli journal simulator,$$(*D)),$(BUILD)/lib/libplimsoll-journal.a) $(BUILD)/lib/libplimsoll.a
	@mkdir -p $(@D)
	@echo "  $@"; $(CC) $(ALL_CFLAGS) $(UNIT_FLAGS) -Itests/unit/$(*D) -o $@ $(filter-out %.h,$^) -lcmocka $(if $(filter cli journal simulator,$(*D)),$(JOURNAL_LIBS)) $(LIBS)

# It breaks the same things as the tests of the journal.
$(BUILD)/unit/cli/test_acting: tests/unit/journal/disk.c tests/unit/journal/killer.c
$(BUILD)/unit/simulator/test_simulator: tests/unit/journal/disk.c

gen: ## write the generated files (contract, constant tables)
	@for g in $(GENERATORS); do $(PYTHON) $$g || exit 1; done

gen-check: ## fail when a generated file is stale
	@for g in $(GENERATORS); do $(PYTHON) $$g --check || exit 1; done

lint: ## the generated SystemVerilog by Verilator and Yosys, generated files up to date
	@tests/lint

unit: $(UNIT_TESTS) ## unit and property tests
	@tests/run $(UNIT_TESTS)

# Everything again under clang with sanitizers, in a build folder of its own.
SANITIZE := $(MAKE) --no-print-directory BUILD=$(BUILD)/sanitize CC=clang \
    CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined"
sanitized: ## units and command line built by clang with sanitizers
	+@$(SANITIZE) sanitized-tests
sanitized-tests: $(UNIT_TESTS) $(BUILD)/bin/plimsoll

ORACLES := tests/oracle/pmrm2 tests/oracle/deribit tests/oracle/black "tests/oracle/black --device model:profile=small" tests/oracle/auction
MUTANTS ?= 5 # of the seeded mistakes: all by make rtl-mutants
CHECKS := tests/e2e/test_cli.py tests/e2e/test_journal.py tests/e2e/test_example.py tests/lint constraints/lint drivers/linux/check "constraints/pnr.py --build $(PNR_BUILD) --quick"
# The card, simulated: its bus, faults, random books in both profiles, the shipped books, the oracles.
# Random books per comparison; fewer on 8 lanes, whose model takes longer.
PL_BOOKS ?= 40
PL_WIDE_BOOKS ?= 20
PL_WATCHED ?= 20
SIM_SMALL := sim:profile=small,lanes=1
SIM_CHECKS := $(BUILD)/sim/bridge "$(BUILD)/sim/faults $(SIM_SMALL) 1" "$(BUILD)/sim/random_books model: sim: $(PL_BOOKS)" \
    "$(BUILD)/sim/random_books model:profile=small $(SIM_SMALL) $(PL_BOOKS)" \
    "$(BUILD)/sim/random_books model:profile=small sim:profile=small,lanes=8 $(PL_WIDE_BOOKS)" \
    "$(BUILD)/sim/watched model: sim: $(PL_WATCHED)" "$(BUILD)/sim/watched model:profile=small $(SIM_SMALL),stall=40 $(PL_WATCHED)" \
    "$(BUILD)/sim/watched model:profile=small sim:profile=small,lanes=8,stall=0 $(PL_WATCHED)" "$(BUILD)/bench/tick 2 12 3" tests/e2e/test_sim.py
SIM_ORACLES := "tests/oracle/pmrm2 --device sim:" "tests/oracle/deribit --device sim:" "tests/oracle/black --device sim: --count 1000" \
    "tests/oracle/black --device $(SIM_SMALL) --count 1000"
CPU_CHECKS := "$(BUILD)/sim/random_books model: cpu: 300" "$(BUILD)/sim/random_books model:profile=small cpu:profile=small 100" \
    "$(BUILD)/sim/random_books model: cpu:isa=plain 20" $(if $(shell grep -m 1 -w avx2 /proc/cpuinfo),"$(BUILD)/sim/random_books model: cpu:isa=avx2 100") "$(BUILD)/sim/watched model: cpu: 40" \
    "tests/oracle/pmrm2 --device cpu:" "tests/oracle/black --device cpu: --count 2000"
# PoCL compiles the kernels once a build folder. On another platform: make opencl OPENCL=platform=NVIDIA.
POCL := env POCL_CACHE_DIR=$(BUILD)/pocl
OPENCL_URI := opencl:cache=$(BUILD)/opencl$(OPENCL:%=,%)
OPENCL_CHECKS := "tests/e2e/opencl_targets $(BUILD)/sim/opencl_source" "$(POCL) $(BUILD)/sim/random_books model: $(OPENCL_URI) 200" \
    "$(POCL) $(BUILD)/sim/random_books model:profile=small $(OPENCL_URI),profile=small 60" \
    "$(POCL) $(BUILD)/sim/watched model: $(OPENCL_URI) 40" \
    "$(POCL) tests/oracle/pmrm2 --device $(OPENCL_URI)" "$(POCL) tests/oracle/black --device $(OPENCL_URI) --count 2000"
# The drivers of user space and the rings: nothing is left allocated, nothing read before it is written.
VALGRIND := valgrind -q --leak-check=full --errors-for-leak-kinds=all --show-leak-kinds=all --error-exitcode=9
VALGRIND_CHECKS := $(foreach test,drivers/test_vfio drivers/test_node,"env PL_ROUNDS=0.01 $(VALGRIND) $(BUILD)/unit/$(test)") \
    $(foreach test,ring/test_ring ring/test_card,"$(VALGRIND) $(BUILD)/unit/$(test)")
SIM_PROGRAMS := $(BUILD)/lib/libplimsoll-card-small-8.so $(BUILD)/bench/tick $(addprefix $(BUILD)/sim/,bridge faults random_books watched opencl_source)
# Those of many rounds do fewer here.
LONG_UNITS := journal/test_crash simulator/test_simulator
SANITIZED_UNITS = $(patsubst $(BUILD)/%,$(BUILD)/sanitize/%,$(filter-out $(addprefix %/unit/,$(LONG_UNITS)),$(UNIT_TESTS))) \
    "env PL_ROUNDS=0.3 $(BUILD)/sanitize/unit/journal/test_crash" "env PL_ROUNDS=0.1 $(BUILD)/sanitize/unit/simulator/test_simulator"

test: packages ## everything: generated files, lint, units (gcc, and clang with sanitizers), RTL, oracles, command line
	@$(MAKE) --no-print-directory -j2 compile $(UNIT_TESTS) sanitized rtl-benches sim $(SIM_PROGRAMS) $(AXI_PROGRAMS) $(QEMU_PROGRAMS) modules $(PNR_BUILD)/venv/ready
	@tests/run $(CHECKS) $(UNIT_TESTS) $(SANITIZED_UNITS) $(RTL_BENCHES) tests/rtl/yosys-check "tests/rtl/mutants $(MUTANTS)" \
	    "env PLIMSOLL=$(BUILD)/sanitize/bin/plimsoll PLIMSOLL_SIM_PATH=$(BUILD)/lib tests/e2e/test_cli.py" \
	    "env PLIMSOLL=$(BUILD)/sanitize/bin/plimsoll tests/e2e/test_journal.py" $(ORACLES) $(CPU_CHECKS) $(OPENCL_CHECKS) $(SIM_CHECKS) \
	    $(SIM_ORACLES) $(AXI_CHECKS) $(QEMU_CHECKS) $(VALGRIND_CHECKS)

# The card's tests once more in a build folder of its own, from fixed seeds, so that every run finds the same.
COVER := $(MAKE) --no-print-directory BUILD=$(BUILD)/coverage COVERAGE=1 CFLAGS=-O1 RTL_OPTIMISE=-O1 SIM_FLAGS="-O1 -fPIC -fvisibility=hidden" \
    PL_BOOKS=20 PL_WATCHED=5
# JOBS: programs at a time.
coverage-rtl: packages ## lines of hw/ that the card's tests run, and bits of hw/prim that they change (20 minutes of a processor)
	+@$(COVER) coverage-runs
	@tests/rtl/coverage $(BUILD)/coverage/points
coverage-runs: compile rtl-benches sim $(SIM_PROGRAMS)
	@rm -rf $(BUILD)/points; mkdir -p $(BUILD)/points
	@env PL_SEED=1 PL_COVERAGE=$(BUILD)/points PLIMSOLL=$(BUILD)/bin/plimsoll PLIMSOLL_SIM_PATH=$(BUILD)/lib tests/run --log $(BUILD)/logs \
	    $(addprefix --jobs ,$(JOBS)) $(RTL_BENCHES) $(SIM_CHECKS)

opencl: build $(addprefix $(BUILD)/sim/,random_books watched opencl_source) ## what opencl: gives beside model:, byte for byte (OPENCL: options of another device)
	@tests/run $(OPENCL_CHECKS)

bench-rtl: build $(addprefix $(BUILD)/bench/,card tick simulator) $(addprefix $(BUILD)/lib/libplimsoll-card-full-,2.so 8.so) ## cycles of pricing, sweeps and watched ticks on the simulated card (8 lanes)
	@$(BUILD)/bench/card
	@$(BUILD)/bench/tick
	@$(BUILD)/bench/simulator

synth: packages ## area and logic depth per block against the budgets of real cards
	@constraints/synth.py --build $(BUILD)/synth

# Each program prints rows that tests/bench/table adds up; BENCH=quick: a look in two minutes.
BENCH_PROGRAMS := $(addprefix $(BUILD)/bench/,black cpu opencl crash guard sweep sizes scale card)
bench: build ## every way beside what one would use instead, in one table and a page: build/bench/table.txt and .html (BENCH=quick: a look)
	@command -v apt-get >/dev/null && .ci/install .ci/peers.txt || echo "no peers were installed: the table names what is missing"
	@$(MAKE) --no-print-directory $(BENCH_PROGRAMS) $(BUILD)/lib/libplimsoll-card-full-2.so
	@$(POCL) tests/bench/table --build $(BUILD) --opencl "cache=$(BUILD)/opencl$(OPENCL:%=,%)" $(BENCH:quick=--quick)

bench-journal: build $(BUILD)/bench/journal ## journaled actions a second
	@$(BUILD)/bench/journal $(BUILD)

bench-cpu: build $(addprefix $(BUILD)/bench/,black cpu sweep crash) ## positions and options a second of cpu:, beside model:, libmvec and (if installed) SLEEF and QuantLib
	@$(BUILD)/bench/black
	@$(BUILD)/bench/cpu
	@$(BUILD)/bench/sweep
	@$(BUILD)/bench/crash tests/data/books/feb2026 tests/data/books/may2021

bench-decide: build $(addprefix $(BUILD)/bench/,decide ledger plans) ## microseconds from a verdict to the actions: 1,000 breaches in a tick, and the plans of two crashes; funding
	@$(BUILD)/bench/decide
	@$(BUILD)/bench/ledger
	@$(BUILD)/bench/plans tests/data/books/may2021
	@$(BUILD)/bench/plans tests/data/books/feb2026

bench-breach: build $(BUILD)/bench/breach ## calibration of the probability of a breach on the two crash books
	@$(BUILD)/bench/breach tests/data/books/may2021 4 30
	@$(BUILD)/bench/breach tests/data/books/feb2026 12 1
bench-guard: build $(addprefix $(BUILD)/bench/,guard due) ## what risk budgets cost and save: calm ticks, budgets beside judging, ticks of two crashes
	@$(BUILD)/bench/guard
	@$(BUILD)/bench/due tests/data/books/may2021 tests/data/books/feb2026
bench-opencl: build $(BUILD)/bench/opencl ## prices and positions a second of opencl:, beside model: and cpu:, every byte compared
	@$(BUILD)/bench/opencl "cache=$(BUILD)/opencl$(OPENCL:%=,%)"

# Peers of the pricing bench, where they are installed: .ci/peers.txt.
QUANTLIB := $(if $(wildcard /usr/include/ql/quantlib.hpp),$(BUILD)/obj/bench/black_quantlib.o)
SLEEF := $(if $(filter x86_64,$(shell uname -m)),$(if $(wildcard /usr/include/sleef.h /usr/include/*/sleef.h),$(BUILD)/obj/bench/black_sleef.o))
$(addprefix $(BUILD)/obj/bench/black_,double.o sleef.o): $(BUILD)/obj/bench/%.o: tests/bench/%.c tests/bench/black_double.h
	@mkdir -p $(@D)
	@$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -Ofast -march=native -mprefer-vector-width=512 -c $< -o $@
$(BUILD)/obj/bench/black_quantlib.o: tests/bench/black_quantlib.cpp tests/bench/black_double.h
	@mkdir -p $(@D)
	@$(CXX) -std=c++17 -O3 -w -c $< -o $@
$(BUILD)/bench/black: tests/bench/black.c tests/bench/market.c $(BUILD)/obj/bench/black_double.o $(SLEEF) $(QUANTLIB) $(BUILD)/lib/libplimsoll.a
	@mkdir -p $(@D)
	@echo "  $@"; $(CC) $(ALL_CFLAGS) $(SLEEF:%=-DPL_SLEEF) $(QUANTLIB:%=-DPL_QUANTLIB) -o $@ $^ $(SLEEF:%=-lsleef) $(QUANTLIB:%=-lQuantLib -lstdc++) -lmvec $(LIBS)

$(addprefix $(BUILD)/bench/,card tick simulator cpu opencl decide guard ledger sweep sizes): tests/bench/market.c tests/bench/market.h
$(BUILD)/bench/tick: tests/bench/tick_bound.c tests/bench/tick_bound.h
$(BUILD)/bench/decide: tests/bench/breaches.c tests/bench/breaches.h
$(addprefix $(BUILD)/bench/,breach plans crash due): $(BUILD)/bench/%: tests/bench/%.c $(filter-out $(BUILD)/obj/host/cli/main.o,$(CLI_OBJECTS)) \
    $(BUILD)/lib/libplimsoll-journal.a $(BUILD)/lib/libplimsoll.a
	@mkdir -p $(@D)
	@echo "  $@"; $(CC) $(ALL_CFLAGS) -o $@ $^ $(JOURNAL_LIBS) $(LIBS)
$(BUILD)/bench/journal: tests/bench/journal.c $(BUILD)/lib/libplimsoll-journal.a $(BUILD)/lib/libplimsoll.a
	@mkdir -p $(@D)
	@echo "  $@"; $(CC) $(ALL_CFLAGS) -o $@ $^ $(JOURNAL_LIBS) $(LIBS)
$(BUILD)/bench/%: tests/bench/%.c $(BUILD)/lib/libplimsoll.a
	@mkdir -p $(@D)
	@echo "  $@"; $(CC) $(ALL_CFLAGS) -o $@ $(filter %.c %.o,$^) $(filter %.a,$^) $(if $(filter %-journal.a,$^),$(JOURNAL_LIBS)) $(LIBS)

PREFIX ?= /usr/local
install: build ## copy program, library, headers, man page and completion to PREFIX (/usr/local) under DESTDIR
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/bin $(BUILD)/bin/plimsoll
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib $(BUILD)/lib/libplimsoll.so $(BUILD)/lib/libplimsoll.a
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/include host/include/plimsoll.h host/include/pl_abi.h
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 docs/man/plimsoll.1
	install -D -m 644 host/cli/plimsoll.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/plimsoll

clean: ## remove everything that was built
	rm -rf $(BUILD)

-include $(LIBRARY_OBJECTS:.o=.d) $(JOURNAL_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d)

# Stands in for the top Makefile when only these benches are wanted: make -f tests/rtl/support/rtl.mk rtl-units
BUILD ?= build
.DEFAULT_GOAL := rtl-units
include tests/rtl/Makefile.inc

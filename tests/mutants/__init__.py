"""Faults planted one at a time in the code, to see whether the tests notice: `make mutants`."""

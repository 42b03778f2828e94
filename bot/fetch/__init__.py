"""Fetching from addresses that people name: the one place where the product asks servers it does not know."""

"""Measuring: each module prints figures beside the plain ways, from one run."""

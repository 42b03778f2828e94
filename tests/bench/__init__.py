"""Benchmarks: each prints ratios against the plain ways of doing the same, measured in the same run."""

"""A whole day of a newsroom, for tests: what its sources tell and when, who reads it, and what has to hold of it."""

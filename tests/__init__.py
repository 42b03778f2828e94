"""Tests: `core` pure rules, `storage` both engines, `stories` people, `faults` what goes wrong, `browser` the page."""

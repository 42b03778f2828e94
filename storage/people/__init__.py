"""Readers and what they chose, the desk's people, and who did what."""

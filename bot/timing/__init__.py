"""Clocks, schedules, time zones, times as people type them, and the ticker."""

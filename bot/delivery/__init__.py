"""Delivery: claim, pace, send, record. What goes to whom is in the ledger; nothing here remembers anything."""

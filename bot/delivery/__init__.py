"""Delivery: claim, pace, send, record. What is owed to whom is in the ledger; nothing here remembers anything."""

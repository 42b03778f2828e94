"""Webhooks of ours: other systems are told what becomes public here, signed, until they have taken it."""

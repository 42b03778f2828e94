"""Feeds and files: anything that carries news, read item by item; what cannot be read is said, with its reason."""

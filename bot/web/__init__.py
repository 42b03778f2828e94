"""The HTTP side: what the world may ask of a process, and what Telegram brings to it. Nothing listens by default."""

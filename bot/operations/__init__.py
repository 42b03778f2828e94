"""What owners and editors are told unasked, and what guards a running newsroom: alerts, guards, backups, compaction."""

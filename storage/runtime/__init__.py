"""What running processes keep for each other: updates, leases, notes."""

"""The ledger: publications, claims, corrections, digests, and what became of each delivery."""

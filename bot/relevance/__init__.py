"""Words to index to what is related: the same normalised words serve search, related items, stories and keywords."""

"""The word index and the embeddings: written once, read by everything that ranks."""

"""What readers do: who wants what, what they choose, what they read."""

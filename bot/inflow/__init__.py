"""News that flows in by itself: feeds are found, polled, read by a process of their own, followed as they change."""

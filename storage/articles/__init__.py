"""Articles, their topics and stories, and how archives come in."""

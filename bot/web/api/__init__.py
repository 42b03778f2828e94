"""The API for the agency's own system: articles in, corrected, retracted, and how they fare. See docs/API.md."""

"""What editors do: drafts, publishing, corrections, stories, sends, and who may."""

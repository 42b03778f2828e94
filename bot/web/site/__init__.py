"""What is published, for everybody on the web: a page for each article, and feeds of the latest."""

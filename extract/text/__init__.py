"""What the article says: the page read once, its text chosen and read."""

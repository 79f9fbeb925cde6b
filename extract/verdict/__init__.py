"""Is it an article, and how far to trust it."""

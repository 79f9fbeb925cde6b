"""Find one article, compare its editions."""

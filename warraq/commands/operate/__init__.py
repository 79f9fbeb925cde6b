"""Look after the archive."""

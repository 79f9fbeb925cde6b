"""Read the archive."""

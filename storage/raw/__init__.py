"""A run's WARC chunks, written and read."""

"""Releases: months frozen as plain Parquet, with their papers; made, read, withdrawn."""

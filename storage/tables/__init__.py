"""The archive's three tables: replace, read, compact."""

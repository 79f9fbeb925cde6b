"""Imports files of other archives into the raw archive."""

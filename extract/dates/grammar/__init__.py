"""Reads a date that is written out."""

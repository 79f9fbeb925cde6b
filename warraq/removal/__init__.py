"""Removal on request: what is in the scope, and how it goes from every part of the archive."""

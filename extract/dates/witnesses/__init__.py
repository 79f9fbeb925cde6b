"""Finds the places of a page that state a date."""

"""Portals that nobody has defined yet: a list of addresses is tried, and what works becomes definitions."""

"""Incidents, and where to send them."""

"""Verify, health, coverage, doctor."""

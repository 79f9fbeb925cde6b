"""Decisions with their evidence: what spoke for an answer and what against it."""

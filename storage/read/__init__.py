"""SQL and views over the live tables."""

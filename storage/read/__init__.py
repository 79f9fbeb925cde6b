"""What readers get: SQL and views over the live tables, and frozen months."""

"""May we ask, and when."""

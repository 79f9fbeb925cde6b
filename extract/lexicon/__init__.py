"""Words and names we know: data only."""

"""pyiceberg behind one door."""

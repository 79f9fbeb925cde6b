"""What thousands of portals cost over years."""

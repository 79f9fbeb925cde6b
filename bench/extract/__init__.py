"""Quality and speed of extraction beside peers."""

"""What a portal usually brings, and what chance would not do. Pure."""

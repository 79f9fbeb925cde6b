"""What a stage that runs tells of itself on a terminal, line by line."""

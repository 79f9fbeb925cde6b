"""What is known about Arabic news pages, as data."""

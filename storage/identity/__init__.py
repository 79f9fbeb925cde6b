"""When two URLs, two texts or two hosts are the same."""

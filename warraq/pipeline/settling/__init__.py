"""A run reckoned up: new texts, the outcome of each link, what templates say alike."""

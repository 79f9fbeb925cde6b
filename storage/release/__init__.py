"""A frozen month."""

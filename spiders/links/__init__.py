"""A link's life within a run."""

"""A portal's definition, as data."""

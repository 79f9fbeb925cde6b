"""Search among numbered articles."""

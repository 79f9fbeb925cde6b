"""To begin with."""

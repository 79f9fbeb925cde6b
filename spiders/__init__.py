"""Everything that talks to a news site."""

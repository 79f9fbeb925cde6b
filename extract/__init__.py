"""Page in, article or rejection out: no network, no clock, no store."""

"""Look at a live site, and write a definition of it."""

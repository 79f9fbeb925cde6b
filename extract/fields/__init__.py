"""Title, authors, agency, section, tags, image."""

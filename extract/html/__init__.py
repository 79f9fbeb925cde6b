"""Bytes to blocks and metadata; what a page states is read here, and whose it is."""

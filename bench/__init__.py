"""Measured comparisons with peers: `make bench-extract`, `make bench-crawl`."""

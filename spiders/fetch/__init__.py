"""Requests for pages, sources, robots.txt and archived copies."""

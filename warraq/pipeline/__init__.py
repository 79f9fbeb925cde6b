"""Crawl, extract, publish: what the stages do, shared by the command line and the DAGs."""

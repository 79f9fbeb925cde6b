"""The state of one crawl and its report."""

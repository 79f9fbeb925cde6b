"""Scrapy itself: the crawl, its spider, middleware and progress."""

"""CPU a page, memory and reactor lag beside bare Scrapy."""

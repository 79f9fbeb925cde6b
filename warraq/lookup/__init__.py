"""Look at one article or one run: text, editions, pages, and what people said of them."""

"""One HTTP exchange: pure helpers around a request and its answer."""

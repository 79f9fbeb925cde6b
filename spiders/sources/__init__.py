"""Where a portal lists its links: one module a kind of source, each a pure parser from bytes to links."""

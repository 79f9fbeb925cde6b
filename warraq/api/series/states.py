"""How a span of a series stands in the archive: whole, in part, or not at all."""

ARCHIVED, PARTIAL, NOT_ARCHIVED = "archived", "partial", "not archived"

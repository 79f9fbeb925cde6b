"""What an export holds, counted while it is written: for the card, without holding the rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

LOW_QUALITY = 0.5


@dataclass
class Tally:
    """Counts over all rows that were added; columns that are not there are passed over."""

    rows: int = 0
    undated: int = 0
    low_quality: int = 0
    words: int = 0
    earliest: datetime | None = None
    latest: datetime | None = None
    portals: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    agencies: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    stories: int = 0  # rows that are the first of their story

    def add(self, batch: pa.RecordBatch) -> None:
        """Count a batch."""
        self.rows += batch.num_rows
        names = batch.schema.names

        def values(name: str) -> list[object]:
            return list(batch[name].to_pylist()) if name in names else []

        self.portals.update(str(value) for value in values("portal"))
        self.languages.update(str(value) for value in values("language") if value)
        self.agencies.update(str(value) for value in values("agency") if value)
        for flags in values("flags"):
            self.flags.update(flags if isinstance(flags, list) else ())
        self.words += sum(value for value in values("word_count") if isinstance(value, int))
        self.low_quality += sum(value < LOW_QUALITY for value in values("quality") if isinstance(value, float))
        times = values("published_at")
        known = [time for time in times if isinstance(time, datetime)]
        self.undated += len(times) - len(known)
        if known:
            self.earliest = min(known) if self.earliest is None else min(self.earliest, *known)
            self.latest = max(known) if self.latest is None else max(self.latest, *known)
        if "article_id" in names:
            pairs = zip(values("article_id"), values("story_id"), strict=False)
            self.stories += sum(article == story for article, story in pairs)

"""What an analyst waits for longest: a term over all texts of the year, and a month of all portals as a file."""

from __future__ import annotations

import functools
from pathlib import Path

import warraq
from bench.archive.findings import YEAR, Finding, best
from bench.archive.rows import Texts
from bench.archive.year import SEED, build_year


def analysing(folder: Path, *, rows: int, portals: int, rounds: int) -> list[Finding]:
    """Seconds, with the articles of each."""
    settings = build_year(folder, rows=rows, portals=portals, is_bare=False)
    term = Texts(SEED).stems[40]
    with warraq.open_archive(settings.archive) as archive:
        month = archive.articles(since=f"{YEAR}-06-01", until=f"{YEAR}-07-01")
        asked = {
            f"series of a word over {rows:,} articles, counted in their texts, s": functools.partial(
                archive.series, term
            ),
            f"{month.count():,} articles of a month read whole, s": functools.partial(_read, month),
        }
        times = best(asked, rounds=rounds)
    return [Finding(what, spent / 1000) for what, spent in times.items()]


def _read(articles: warraq.Articles) -> int:
    return sum(batch.num_rows for batch in articles.batches())

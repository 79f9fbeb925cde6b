"""What a re-extraction would change: rows before and after, compared one by one, and the gates that guard promotion."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow.compute as pc
import pyarrow.dataset as ds
from pyiceberg.table import Table

from storage.iceberg.live_files import live_dataset
from storage.model.window import RunId
from storage.tables.branches import base_tag, branch_dataset
from storage.tables.row_filters import select

# A gate is shut when more than this share of rows would be worse. One in a hundred is what a person can look through.
MAX_SHORTENED_SHARE = 0.01
MAX_DATES_LOST_SHARE = 0.01
MAX_ARTICLES_LOST_SHARE = 0.01
SHORTENED_BELOW = 0.8  # of its characters: it lost more than a fifth of its text
SAMPLES = 5

# A capture is one row before and after, found by its place. Texts are compared by hashes: they stay where they are.
_SIDE = """
CREATE VIEW {side}_narrow AS SELECT run_id, warc_key, warc_offset, url, article_id, edition_id, length(body) AS length,
    hash(title) AS title, hash(body) AS body, hash(authors) AS authors, hash(agency) AS agency,
    hash(section) AS section, hash(language) AS language, published_at, len(removed_blocks) AS blocks FROM {side}
"""
_PAIRS = """
CREATE TABLE pairs AS
SELECT coalesce(a.url, b.url) AS url, a.article_id AS old_article,
    a.edition_id AS old_edition, b.edition_id AS new_edition,
    a.length AS old_length, b.length AS new_length, a.title <> b.title AS title_changed,
    a.body <> b.body AS body_changed, a.authors <> b.authors AS authors_changed,
    a.agency <> b.agency AS agency_changed, a.section <> b.section AS section_changed,
    a.language <> b.language AS language_changed, a.published_at AS old_date, b.published_at AS new_date,
    a.blocks AS old_blocks, b.blocks AS new_blocks
FROM before_narrow AS a FULL JOIN after_narrow AS b USING (run_id, warc_key, warc_offset)
"""
_COUNTS = """
SELECT count(old_edition) AS rows_before, count(new_edition) AS rows_after,
    count(*) FILTER (both_sides) AS compared,
    count(*) FILTER (both_sides AND NOT title_changed AND NOT body_changed AND old_date IS NOT DISTINCT FROM new_date)
        AS unchanged,
    count(*) FILTER (both_sides AND title_changed) AS titles_changed,
    count(*) FILTER (both_sides AND body_changed) AS bodies_changed,
    count(*) FILTER (both_sides AND authors_changed) AS authors_changed,
    count(*) FILTER (both_sides AND agency_changed) AS agencies_changed,
    count(*) FILTER (both_sides AND section_changed) AS sections_changed,
    count(*) FILTER (both_sides AND language_changed) AS languages_changed,
    coalesce(sum(greatest(old_length - new_length, 0)) FILTER (both_sides), 0)::BIGINT AS characters_lost,
    coalesce(sum(greatest(new_length - old_length, 0)) FILTER (both_sides), 0)::BIGINT AS characters_gained,
    coalesce(sum(old_blocks) FILTER (both_sides), 0)::BIGINT AS blocks_removed_before,
    coalesce(sum(new_blocks) FILTER (both_sides), 0)::BIGINT AS blocks_removed_after,
    count(*) FILTER (both_sides AND new_length < old_length * $shortened) AS shortened,
    count(*) FILTER (both_sides AND old_date IS NOT NULL) AS dated_before,
    count(*) FILTER (both_sides AND old_date IS NOT NULL AND new_date IS NULL) AS dates_lost,
    count(*) FILTER (both_sides AND old_date IS NULL AND new_date IS NOT NULL) AS dates_gained,
    count(*) FILTER (both_sides AND old_date <> new_date) AS dates_moved
FROM (SELECT *, old_edition IS NOT NULL AND new_edition IS NOT NULL AS both_sides FROM pairs)
"""
_ARTICLES = """
SELECT count(*) FILTER (had) AS articles_before,
    count(*) FILTER (had AND NOT has AND NOT is_elsewhere) AS articles_lost,
    count(*) FILTER (has AND NOT had) AS articles_gained
FROM (
    SELECT url, bool_or(old_edition IS NOT NULL) AS had, bool_or(new_edition IS NOT NULL) AS has,
        bool_or(old_article IN (SELECT article_id FROM kept)) AS is_elsewhere
    FROM pairs GROUP BY url
)
"""
_WORST = """
SELECT url, old_edition, new_edition, old_date, new_date FROM pairs
WHERE old_edition IS NOT NULL
    AND (new_edition IS NULL OR title_changed OR body_changed OR new_date IS DISTINCT FROM old_date)
ORDER BY new_edition IS NULL DESC, new_length / greatest(old_length, 1), url LIMIT $samples
"""
_TEXTS = "SELECT title, body FROM {side} WHERE url = ? AND edition_id = ? LIMIT 1"


@dataclass(frozen=True)
class Sample:
    """A row that changed, worst first; texts are None where a side has no row."""

    url: str
    old_title: str | None
    new_title: str | None
    old_body: str | None
    new_body: str | None
    old_date: str | None
    new_date: str | None


@dataclass(frozen=True)
class Review:
    """The comparison: counts by name, the gates that are shut, and the worst samples."""

    counts: dict[str, int]
    shut_gates: tuple[str, ...]
    samples: tuple[Sample, ...]


def review(tables: dict[str, Table], branch: str, runs: Collection[RunId]) -> Review:
    """Compare the branch's articles with those it began from, over the runs that were re-extracted."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("before", branch_dataset(tables["articles"], base_tag(branch), runs=runs))
        connection.register("after", branch_dataset(tables["articles"], branch, runs=runs))
        for side in ("before", "after"):
            connection.execute(_SIDE.format(side=side))
        connection.register("kept", _portals_articles(tables["articles"], branch, next(iter(runs)).portal))
        connection.execute(_PAIRS)
        counts = _row(connection, _COUNTS, {"shortened": SHORTENED_BELOW}) | _row(connection, _ARTICLES, {})
        worst = connection.execute(_WORST, {"samples": SAMPLES}).fetchall()
        samples = tuple(_sample(connection, row) for row in worst)
    return Review(counts, _shut(counts), samples)


def _portals_articles(table: Table, branch: str, portal: str) -> ds.Dataset:
    """All rows of the portal on the branch: an article that another of its runs has is not lost."""
    snapshot = table.metadata.snapshot_by_name(branch)
    wanted = select(portal=portal)
    return live_dataset(table, row_filter=wanted, snapshot_id=snapshot.snapshot_id if snapshot else None).filter(
        pc.field("portal") == portal
    )


def _row(connection: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any]) -> dict[str, int]:
    found = connection.execute(sql, values)
    names = [column[0] for column in found.description or ()]
    return dict(zip(names, found.fetchall()[0], strict=True))


def _sample(connection: duckdb.DuckDBPyConnection, row: tuple[Any, ...]) -> Sample:
    url, old, new, old_date, new_date = row
    old_title, old_body = _texts(connection, "before", url, old)
    new_title, new_body = _texts(connection, "after", url, new)
    dates = (None if date is None else str(date) for date in (old_date, new_date))
    return Sample(url, old_title, new_title, old_body, new_body, *dates)


def _texts(
    connection: duckdb.DuckDBPyConnection, side: str, url: str, edition: str | None
) -> tuple[str | None, str | None]:
    rows = connection.execute(_TEXTS.format(side=side), [url, edition]).fetchall() if edition else []
    return rows[0] if rows else (None, None)


def _shut(counts: dict[str, int]) -> tuple[str, ...]:
    gates = (
        ("rows that lose more than a fifth of their text", "shortened", "compared", MAX_SHORTENED_SHARE),
        ("dates lost", "dates_lost", "dated_before", MAX_DATES_LOST_SHARE),
        ("articles lost", "articles_lost", "articles_before", MAX_ARTICLES_LOST_SHARE),
    )
    return tuple(
        f"{words}: {counts[part]:,} of {counts[whole]:,}, more than {limit:.0%}"
        for words, part, whole, limit in gates
        if counts[part] > limit * counts[whole]
    )

"""Search: the best articles for a query, with the passage that says it; from the index, or by a scan that says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pyarrow as pa

from storage.errors import DamagedObject, StoreDenied, UsageError
from storage.read.query import answer
from storage.search.fts_index import SearchIndex
from storage.search.fts_query import expression
from storage.search.queries import Field, Query, parse_query
from storage.search.scan_sql import condition, weight
from storage.search.snippets import Piece, marked, snippet
from warraq.api.connections import Connections
from warraq.api.search_index import SNAPSHOT, keep_index, open_index, snapshot_of
from warraq.api.selection import Selection

Sort = Literal["best", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("best", "newest", "oldest")
TITLE_WEIGHT = 4.0  # a word of the headline says as much as four of the text
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ORDER = {
    "best": "score DESC, published_at DESC NULLS LAST, article_id",
    "newest": "published_at DESC NULLS LAST, article_id",
    "oldest": "published_at ASC NULLS LAST, article_id",
}
COUNTS_SCHEMA = pa.schema([("portal", pa.string()), ("month", pa.date32()), ("articles", pa.int64())])


@dataclass(frozen=True)
class Hit:
    """One article that was found; the higher the score, the better it fits. Scores compare within one search only."""

    article_id: str
    edition_id: str
    portal: str
    country: str | None
    published_at: datetime | None
    title: str
    url: str
    score: float
    title_pieces: tuple[Piece, ...]
    pieces: tuple[Piece, ...]  # the passage

    @property
    def snippet(self) -> str:
        """The passage on one line, what was found between ** and **."""
        return marked(self.pieces)

    def as_row(self) -> dict[str, Any]:
        """As a row of a table."""
        row = asdict(self)
        del row["title_pieces"], row["pieces"]
        return {**row, "snippet": self.snippet}


@dataclass(frozen=True)
class Found:
    """What a search found: `hits` of `total`, and `how` it was found (index or scan, and why)."""

    hits: tuple[Hit, ...]
    total: int
    how: str
    _by_month: pa.Table

    def counts(self, by: str = "portal") -> pa.Table:
        """How many were found by `portal`, by `month` (null: undated) or by `portal, month`."""
        names = [name.strip() for name in by.split(",")]
        if not set(names) <= {"portal", "month"}:
            raise UsageError(f"{by!r} is nothing to count by", remedy="portal, month or portal,month")
        grouped = self._by_month.group_by(names).aggregate([("articles", "sum")])
        table = grouped.rename_columns([*names, "articles"]) if grouped.column_names[-1] != "articles" else grouped
        return table.sort_by([(name, "ascending") for name in names])

    def to_arrow(self) -> pa.Table:
        """The hits as a pyarrow.Table, the best first."""
        schema = pa.schema(
            [
                ("article_id", pa.string()),
                ("edition_id", pa.string()),
                ("portal", pa.string()),
                ("country", pa.string()),
                ("published_at", pa.timestamp("us", tz="UTC")),
                ("title", pa.string()),
                ("url", pa.string()),
                ("score", pa.float64()),
                ("snippet", pa.string()),
            ]
        )
        return pa.Table.from_pylist([hit.as_row() for hit in self.hits], schema)


def search(
    connections: Connections,
    text: str,
    selection: Selection,
    *,
    limit: int = 20,
    offset: int = 0,
    sort: Sort = "best",
    scan: bool = False,
) -> Found:
    """Answer a query over a selection. Raises UsageError for a query without a word."""
    if sort not in SORTS:
        raise UsageError(f"{sort!r} is no order", remedy=f"one of {', '.join(SORTS)}")
    if limit < 0 or offset < 0:
        raise UsageError("a limit is 0 or more", remedy="for example 20")
    query = parse_query(text)
    index, why = (None, "scan, as asked for") if scan else _index(connections)
    if index is not None:
        try:
            return _from_index(connections, index, query, selection, limit=limit, offset=offset, sort=sort)
        except sqlite3.DatabaseError as error:
            why = f"scan, because the index is damaged ({error}); `warraq maintain` writes it anew"
        finally:
            index.close()
    return _from_scan(connections, query, selection, limit=limit, offset=offset, sort=sort, how=why)


def _index(connections: Connections) -> tuple[SearchIndex | None, str]:
    """The index at the state of the archive that is read, or why there is none."""
    if connections.release is not None or connections.snapshots:
        return None, "scan, because the index holds the newest state only"
    with suppress(DamagedObject):
        index = open_index(connections)
        if index is None:
            return None, "scan, because there is no index yet; `warraq maintain` makes it"
        if index.fact(SNAPSHOT) == snapshot_of(connections):
            return index, ""
        index.close()
    try:
        keep_index(connections, create=False)
    except StoreDenied as error:
        return None, f"scan, because the index is behind the archive: {error.message}"
    index = open_index(connections)
    if index is not None and index.fact(SNAPSHOT) != snapshot_of(connections):
        # Somebody brought it to a newer state meanwhile.
        index.close()
        return None, "scan, because the index is ahead of what is read"
    return index, ""


def _from_index(
    connections: Connections,
    index: SearchIndex,
    query: Query,
    selection: Selection,
    *,
    limit: int,
    offset: int,
    sort: Sort,
) -> Found:
    where, values = _index_conditions(selection)
    source = "FROM texts JOIN documents ON documents.id = texts.rowid WHERE texts MATCH ? AND is_live"
    given = [expression(query, index), *values]
    run = index.connection.execute
    months = run(
        f"SELECT portal, strftime('%Y-%m-01', published_at / 1000000, 'unixepoch') AS month, count(*) "
        f"{source}{where} GROUP BY 1, 2",
        given,
    ).fetchall()
    rows = run(
        f"SELECT article_id, edition_id, portal, window_start, -bm25(texts, {TITLE_WEIGHT}, 1.0) AS score "
        f"{source}{where} ORDER BY {_ORDER[sort]} LIMIT ? OFFSET ?",
        [*given, limit, offset],
    ).fetchall()
    texts = _texts(connections, rows)
    hits = [
        _hit(texts[article, edition], query, score=score)
        for article, edition, _, _, score in rows
        if (article, edition) in texts
    ]
    counts = [
        {"portal": portal, "month": None if month is None else datetime.fromisoformat(month).date(), "articles": count}
        for portal, month, count in months
    ]
    total = sum(count for _, _, count in months)
    return Found(tuple(hits), total, "index", pa.Table.from_pylist(counts, COUNTS_SCHEMA))


def _index_conditions(selection: Selection) -> tuple[str, list[object]]:
    said, values = "", list[object]()
    for name, wanted in (("portal", selection.portals), ("country", selection.countries)):
        if wanted:
            said += f" AND {name} IN ({', '.join('?' * len(wanted))})"
            values += wanted
    for sign, time in ((">=", selection.since), ("<", selection.until)):
        if time is not None:
            said += f" AND published_at {sign} ?"
            values.append((time - _EPOCH) // timedelta(microseconds=1))
    return said, values


def _texts(connections: Connections, rows: Sequence[Sequence[Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows themselves, from their own windows only."""
    if not rows:
        return {}
    portals = sorted({row[2] for row in rows})
    windows = sorted({_EPOCH + timedelta(microseconds=row[3]) for row in rows})
    editions = sorted({row[1] for row in rows})
    found = connections.shared().execute(
        "SELECT article_id, edition_id, portal, country, published_at, title, url, body FROM editions "
        "WHERE list_contains(?, portal) AND window_start BETWEEN ? AND ? AND list_contains(?, window_start) "
        "AND list_contains(?, edition_id)",
        [portals, windows[0], windows[-1], windows, editions],
    )
    return {(row["article_id"], row["edition_id"]): row for row in found.to_arrow_table().to_pylist()}


def _from_scan(
    connections: Connections, query: Query, selection: Selection, *, limit: int, offset: int, sort: Sort, how: str
) -> Found:
    where, values = selection.conditions()
    held, wanted = condition(query)
    score, weighed = weight(query)
    connection = connections.fresh()
    with connection:
        matching = f"""
        CREATE TEMP TABLE matching AS
        SELECT article_id, edition_id, portal, published_at, window_start, {score} AS score FROM (
            SELECT *, ' ' || ar_fold(title) || ' ' AS folded_title, ' ' || ar_fold(body) || ' ' AS folded_body
            FROM articles WHERE {where}
        ) WHERE {held}"""  # noqa: S608 - constants and question marks
        list(answer(connection, matching, [*weighed, *values, *wanted]).batches)
        counts = connection.execute(
            "SELECT portal, date_trunc('month', published_at)::DATE AS month, count(*) AS articles FROM matching "
            "GROUP BY ALL"
        ).to_arrow_table()
        rows = connection.execute(
            f"SELECT article_id, edition_id, portal, epoch_us(window_start), score "  # noqa: S608
            f"FROM matching ORDER BY {_ORDER[sort]} LIMIT ? OFFSET ?",
            [limit, offset],
        ).fetchall()
    texts = _texts(connections, rows)
    hits = [_hit(texts[row[0], row[1]], query, score=row[4]) for row in rows]
    total = sum(counts["articles"].to_pylist())
    return Found(tuple(hits), total, how, counts.cast(COUNTS_SCHEMA))


def _hit(row: dict[str, Any], query: Query, *, score: float) -> Hit:
    body = row.pop("body")
    title = snippet(row["title"], query, field=Field.TITLE, words=200)
    return Hit(**row, score=float(score), title_pieces=tuple(title), pieces=tuple(snippet(body, query)))

"""Search: the best articles for a query, with the passage that says it; from the index, or by a scan that says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from storage.errors import DamagedObject, RetryLater, StoreDenied, UsageError
from storage.read.query import answer, sql_errors
from storage.search.index_query import matching
from storage.search.queries import Field, Query, parse_query
from storage.search.scan_sql import condition, weight
from storage.search.snippets import Piece, marked, snippet
from storage.search.word_index import UNDATED, SearchIndex
from storage.search.wording import taken_as_words, wording
from warraq.api.arguments import names_checked, required, truth, whole_number
from warraq.api.connections import Connections
from warraq.api.search_index import keep_index, open_index, snapshot_of
from warraq.api.selection import Selection

Sort = Literal["best", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("best", "newest", "oldest")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ORDER = {
    "best": "score DESC, published_at DESC NULLS LAST, article_id",
    "newest": "published_at DESC NULLS LAST, article_id",
    "oldest": "published_at ASC NULLS LAST, article_id",
}
_COLUMNS = ["article_id", "edition_id", "portal", "country", "published_at", "title", "url", "body"]
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
    understood: str  # the query as it was understood, with what stands for itself that looks like an operator
    _by_month: Callable[[], pa.Table]

    @names_checked
    def counts(self, by: str = "portal") -> pa.Table:
        """How many were found by `portal`, by `month` (null: undated) or by `portal, month`."""
        names = [name.strip() for name in by.split(",")] if isinstance(by, str) else []
        if not names or not set(names) <= {"portal", "month"} or len(set(names)) < len(names):
            raise UsageError(f"{by!r} is nothing to count by", remedy="portal, month or portal,month")
        grouped = self._by_month().group_by(names).aggregate([("articles", "sum")])
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
    limit, offset = whole_number(limit, name="limit"), whole_number(offset, name="offset")
    truth(scan, name="scan")
    query = parse_query(required(text, name="query"))
    try:
        index, why = (None, "scan, as asked for") if scan else current_index(connections)
        if index is not None:
            return _from_index(connections, index, query, selection, limit=limit, offset=offset, sort=sort)
    except DamagedObject as error:
        why = f"scan, because {error.message}; {error.remedy}"
    return _from_scan(connections, query, selection, limit=limit, offset=offset, sort=sort, how=why)


def current_index(connections: Connections) -> tuple[SearchIndex | None, str]:
    """The index at the state of the archive that is read, or why there is none."""
    if connections.release is not None or connections.snapshots:
        return None, "scan, because the index holds the newest state only"
    with suppress(DamagedObject):
        index = open_index(connections)
        if index is None:
            only = " --search-index-only" if connections.settings.is_s3 else ""
            return None, f"scan, because there is no index yet; `warraq maintain{only}` makes it"
        if index.opened_state == snapshot_of(connections):
            return index, ""
    try:
        keep_index(connections, create=False)
    except (RetryLater, StoreDenied) as error:
        return None, f"scan, because the index is behind the archive: {error.message}"
    index = open_index(connections)
    if index is not None and index.opened_state != snapshot_of(connections):
        # Somebody brought it to a newer state meanwhile.
        return None, "scan, because the index is ahead of what is read"
    return index, ""


def microseconds(time: datetime | None) -> int | None:
    """As the index holds times."""
    return None if time is None else (time - _EPOCH) // timedelta(microseconds=1)


def _time(since_1970: int | None) -> datetime | None:
    return None if since_1970 is None else _EPOCH + timedelta(microseconds=since_1970)


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
    since, until = map(microseconds, (selection.since, selection.until))
    wanted = matching(query, index, portals=selection.portals, countries=selection.countries, since=since, until=until)

    def by_month() -> pa.Table:
        counts = [
            {"portal": portal, "month": None if month == UNDATED else date(month // 100, month % 100, 1), "articles": n}
            for portal, month, n in index.counts(wanted)
        ]
        return pa.Table.from_pylist(counts, COUNTS_SCHEMA)

    # A look at all that match is what a search costs: one counts and ranks, and another waits until somebody asks.
    total, found = index.found(wanted, limit=limit, offset=offset, order=sort)
    rows = [(score, asdict(row) | {"published_at": _time(row.published_at)}) for score, row in found]
    return Found(tuple(_hit(row, query, score=score) for score, row in rows), total, "index", _told(query), by_month)


@dataclass(frozen=True)
class Place:
    """Where an article that a scan found is read; `window_start` is microseconds since 1970, UTC."""

    edition_id: str
    portal: str
    window_start: int
    score: float


def _hits(connections: Connections, places: Sequence[Place], query: Query) -> tuple[Hit, ...]:
    """The rows themselves, from the files of their own windows only."""
    (rows, of_state), kind = connections.rows("articles"), pa.timestamp("us", tz="UTC")
    files: dict[str, ds.Fragment] = {}
    for portal, start in {(place.portal, place.window_start) for place in places}:
        window = (pc.field("portal") == portal) & (pc.field("window_start") == pa.scalar(start, kind))
        # By the tables' own statistics; asked window by window, which takes less than all of them in one expression.
        files |= {file.path: file for file in rows.get_fragments(window)}
    if not files:
        return ()
    wanted = pc.field("edition_id").isin([place.edition_id for place in places])
    wanted = wanted if of_state is None else wanted & of_state
    some = ds.FileSystemDataset(list(files.values()), rows.schema, rows.format, next(iter(files.values())).filesystem)
    found = some.to_table(columns=[*_COLUMNS, "window_start"], filter=wanted)
    starts = found["window_start"].cast(pa.int64()).to_pylist()
    texts = {
        (row["portal"], start, row["edition_id"]): row
        for row, start in zip(found.drop_columns("window_start").to_pylist(), starts, strict=True)
    }
    keys = [(place, (place.portal, place.window_start, place.edition_id)) for place in places]
    return tuple(_hit(texts[key], query, score=place.score) for place, key in keys if key in texts)


def _from_scan(
    connections: Connections, query: Query, selection: Selection, *, limit: int, offset: int, sort: Sort, how: str
) -> Found:
    where, values = selection.conditions()
    held, wanted = condition(query)
    score, weighed = weight(query)
    connection = connections.fresh()
    with connection, sql_errors():
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
            f"SELECT edition_id, portal, epoch_us(window_start), score "  # noqa: S608
            f"FROM matching ORDER BY {_ORDER[sort]} LIMIT ? OFFSET ?",
            [limit, offset],
        ).fetchall()
    hits = _hits(connections, [Place(*row) for row in rows], query)
    return Found(hits, sum(counts["articles"].to_pylist()), how, _told(query), lambda: counts.cast(COUNTS_SCHEMA))


def _told(query: Query) -> str:
    notes = [f"{word} is a word here, {sign} the operator" for word, sign in taken_as_words(query).items()]
    return wording(query) + (f" ({'; '.join(notes)})" if notes else "")


def _hit(row: dict[str, Any], query: Query, *, score: float) -> Hit:
    body = row.pop("body")
    title = snippet(row["title"], query, field=Field.TITLE, words=200)
    return Hit(**row, score=float(score), title_pieces=tuple(title), pieces=tuple(snippet(body, query)))

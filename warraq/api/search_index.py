"""The search index of an archive: where it is, and how it is made from the archive and kept with it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path

from storage.errors import DamagedObject, StoreDenied
from storage.identity.arabic_folding import text_norm
from storage.read.query import answer, sql_errors
from storage.read.steady_rows import first_rows, read_alone, row_groups
from storage.search.kept_rows import KeptRow
from storage.search.word_index import PREFIXES, UNDATED, Document, SearchIndex
from storage.settings import Settings
from storage.tables.run_replacement import removals_begun
from warraq.api.connections import Connections

# Another capture of a text, or another extractor's view of it, is another one to the index, which keeps it to show it.
# 96 bits: what is longer takes 25 MB more of a million articles.
_KEY_OF = [
    *("edition_id", "portal", "country", "published_at"),
    *("window_start", "captured_at", "warc_offset", "extractor_version"),
]
_KEY = f"left(edition_id, 8) || format('{{:016x}}', hash({', '.join(_KEY_OF)}))"
_KEYS = f"SELECT {_KEY} AS key FROM articles ORDER BY key"  # noqa: S608 - constants only
# Of rows that are read alone: which text is the last of an article was asked before.
_KEYS_OF_ROWS = f"""
SELECT {_KEY}, coalesce(year(published_at) * 100 + month(published_at), {UNDATED}), epoch_us(published_at)
FROM some_rows
"""  # noqa: S608
_FORMER = f"""
WITH several AS (SELECT hash(article_id) FROM editions GROUP BY ALL HAVING count(*) > 1)
SELECT {_KEY} FROM editions WHERE hash(article_id) IN (FROM several)
EXCEPT SELECT {_KEY} FROM articles WHERE hash(article_id) IN (FROM several)
"""  # noqa: S608
_KEPT = [field.name for field in fields(KeptRow)]
# Rows that say what texts have in common: some of so many files, so that no portal speaks for all.
SAMPLE_FILES, SAMPLE_ROWS = 40, 100
# More that is missing is not looked up one by one.
MAX_MISSING = 100_000
MOST_GROWN = 10  # times as many articles as when it was made


@dataclass(frozen=True)
class IndexState:
    """What keeping the index did: articles in it, those that were added, and whether it was written anew."""

    articles: int
    added: int
    is_new: bool


def index_path(settings: Settings) -> Path:
    """Beside an archive in a directory; for one in S3 on this machine, because the index needs a disk."""
    if not settings.is_s3:
        return Path(settings.archive) / "search"
    return settings.cache / "search" / hashlib.sha256(settings.archive.encode()).hexdigest()[:16]


def index_files(settings: Settings) -> tuple[Path, Path]:
    """All that may hold words of removed articles: the index, and what was the index before its second form."""
    path = index_path(settings)
    return path, path.with_suffix(".db")


def snapshot_of(connections: Connections) -> str:
    """Which state of the articles is read."""
    return str(connections.snapshot_ids().get("articles", 0))


def open_index(connections: Connections) -> SearchIndex | None:
    """The index, whatever state of the archive it holds; None where there is none. Raises DamagedObject."""
    path = index_path(connections.settings)
    return SearchIndex(path) if path.exists() else None


def keep_index(connections: Connections, *, create: bool = True) -> IndexState:
    """Bring the index to the state of the archive. Raises StoreDenied where it cannot be written, RetryLater.

    Without `create` nothing is made where no index is; what is damaged or of another version is written anew.
    """
    path = index_path(connections.settings)
    try:
        with suppress(DamagedObject):
            index = open_index(connections)
            if index is None and not create:
                return IndexState(0, 0, False)
            if index is not None and (state := _updated(connections, index)) is not None:
                return state
        return _written_anew(connections, path)
    except OSError as error:
        raise StoreDenied(
            f"the index {path} cannot be written: {error}", remedy="give the right to write it"
        ) from error


def check_index(connections: Connections) -> list[str]:
    """What is wrong with the index, if there is one: its files, or its articles where it is of the archive's state."""
    remedy, where = "written anew by `warraq maintain` once it is deleted", index_path(connections.settings)
    try:
        index = open_index(connections)
        if index is None or not index.opened_state:
            return []  # or it is being changed
        damaged = [f"{where / name}: damaged ({remedy})" for name in index.damage()]
        if damaged or index.opened_state != snapshot_of(connections):
            return damaged
        held = {key for prefix in PREFIXES for key in index.keys(prefix)}
    except DamagedObject as error:
        return [error.message]
    differing = len(held ^ set(_keys(connections)))
    return [f"{where}: {differing} articles are not those of the archive ({remedy})"] if differing else []


def _updated(connections: Connections, index: SearchIndex) -> IndexState | None:
    """Add what is missing; None where the index is better written anew."""
    snapshot = snapshot_of(connections)
    if index.removals != removals_begun(connections.tables):
        return None  # what is taken out of an index stays in its files for a while
    if index.opened_state == snapshot:
        return IndexState(index.count, 0, False)
    if index.count > MOST_GROWN * index.made_of:
        return None  # few texts did not tell what many have in common
    gone, missing = list[str](), list[str]()
    wanted = {prefix: set(keys) for prefix, keys in groupby(_keys(connections), key=lambda key: key[:2])}
    for prefix in PREFIXES:
        held, there = index.keys(prefix), wanted.pop(prefix, set())
        gone += held - there
        missing += there - held
    if len(missing) > min(MAX_MISSING, 2 * index.count + 1000):
        return None
    added = index.change(snapshot, gone=gone, added=_documents(connections, missing) if missing else ())
    return IndexState(index.count, added, False)


def _written_anew(connections: Connections, path: Path) -> IndexState:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Only a finished index gets the name.
    with tempfile.TemporaryDirectory(prefix=".search-", dir=path.parent) as name:
        part = Path(name, "new")
        part.mkdir()
        index = SearchIndex.new(part, like=_some_rows(connections), removals=removals_begun(connections.tables))
        added = index.change(snapshot_of(connections), gone=(), added=_documents(connections, None))
        if path.exists():
            path.replace(Path(name, "old"))
        part.replace(path)
    path.with_suffix(".db").unlink(missing_ok=True)
    return IndexState(added, added, True)


def _keys(connections: Connections) -> Iterator[str]:
    with connections.fresh() as connection:
        for batch in answer(connection, _KEYS, batch_rows=50_000).batches:
            yield from batch["key"].to_pylist()


def _some_rows(connections: Connections) -> list[KeptRow]:
    columns = [name for name in _KEPT if name != "published_at"]
    some = first_rows(connections.rows("articles")[0], columns, files=SAMPLE_FILES, each=SAMPLE_ROWS)
    return [KeptRow(**row, published_at=None) for part in some for row in part.to_pylist()]


def _documents(connections: Connections, some: Collection[str] | None) -> Iterator[Document]:
    """Of some keys, or of all articles. Read and folded by one thread, which holds the rows of one row group."""
    rows, wanted = connections.rows("articles")[0], None if some is None else set(some)
    # Each with a connection of its own: this query's memory, of a million articles 140 MB, goes with its connection.
    with connections.fresh() as connection, sql_errors():
        former = {key for (key,) in connection.execute(_FORMER).fetchall()}
    with connections.fresh() as connection, sql_errors():
        for group in (group for file in rows.get_fragments() for group in row_groups(file)):
            connection.register("some_rows", read_alone(group, rows.schema, _KEY_OF))
            told = connection.execute(_KEYS_OF_ROWS).fetchall()
            places = [
                place for place, (key, *_) in enumerate(told) if key not in former and (wanted is None or key in wanted)
            ]
            if not places:
                continue
            texts = read_alone(group, rows.schema, _KEPT).drop_columns("published_at")
            texts = texts if len(places) == len(told) else texts.take(places)
            whole = (row for few in texts.to_batches(max_chunksize=100) for row in few.to_pylist())
            for place, row in zip(places, whole, strict=True):
                key, month, published_at = told[place]
                # Not by `ar_fold`: this thread knows the words it has folded.
                kept = KeptRow(**row, published_at=published_at)
                yield Document(key, month, kept, title=text_norm(kept.title), body=text_norm(kept.body))

"""The search index of an archive: where it is, and how it is made from the archive and kept with it."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from storage.errors import DamagedObject, StoreDenied
from storage.read.query import answer
from storage.search.fts_index import MAX_GONE_SHARE, Document, SearchIndex
from storage.settings import Settings
from warraq.api.connections import Connections

SNAPSHOT = "snapshot"
_IDS = "SELECT article_id, edition_id FROM articles"
_TEXTS = """
SELECT article_id, edition_id, portal, country, epoch_us(published_at) AS published_at,
    epoch_us(window_start) AS window_start, ar_fold(title) AS title, ar_fold(body) AS body FROM articles
"""


@dataclass(frozen=True)
class IndexState:
    """What keeping the index did: articles in it, those that were added, and whether it was written anew."""

    articles: int
    added: int
    is_new: bool


def index_path(settings: Settings) -> Path:
    """Beside an archive in a directory; for one in S3 on this machine, because SQLite needs a disk."""
    if not settings.is_s3:
        return Path(settings.archive) / "search.db"
    return settings.cache / "search" / f"{hashlib.sha256(settings.archive.encode()).hexdigest()[:16]}.db"


def snapshot_of(connections: Connections) -> str:
    """Which state of the articles is read."""
    return str(connections.snapshot_ids().get("articles", 0))


def open_index(connections: Connections) -> SearchIndex | None:
    """The index, whatever state of the archive it holds; None where there is none. Raises DamagedObject."""
    path = index_path(connections.settings)
    return SearchIndex(path) if path.is_file() else None


def keep_index(connections: Connections, *, create: bool = True) -> IndexState:
    """Bring the index to the state of the archive. Raises StoreDenied where it cannot be written.

    Without `create` nothing is made where no index is; what is damaged or of another version is written anew.
    """
    path = index_path(connections.settings)
    try:
        index = None
        with suppress(DamagedObject):
            index = open_index(connections)
        if index is None:
            is_there = path.is_file()
            return _written_anew(connections, path) if create or is_there else IndexState(0, 0, False)
        try:
            state = _updated(connections, index)
        finally:
            index.close()
        return _written_anew(connections, path) if state is None else state
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreDenied(
            f"the index {path} cannot be written: {error}", remedy="give the right to write it"
        ) from error
    except sqlite3.DatabaseError:
        return _written_anew(connections, path)


def _updated(connections: Connections, index: SearchIndex) -> IndexState | None:
    """Add what is missing; None where the index is better written anew."""
    snapshot = snapshot_of(connections)
    if index.fact(SNAPSHOT) == snapshot:
        return IndexState(index.live_count, 0, False)
    with index.changes():
        missing = index.keep(_ids(connections))
        if index.gone_share > MAX_GONE_SHARE or len(missing) > 2 * index.live_count + 1000:
            index.note(SNAPSHOT, "")
            return None
        added = index.add(_documents(connections, missing)) if missing else 0
        index.note(SNAPSHOT, snapshot)
    return IndexState(index.live_count, added, False)


def _written_anew(connections: Connections, path: Path) -> IndexState:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".search-", suffix=".db", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        index = SearchIndex(part, is_new=True)
        try:
            with index.changes():
                added = index.add(_documents(connections, None))
                index.note(SNAPSHOT, snapshot_of(connections))
            index.finish()
        finally:
            index.close()
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return IndexState(added, added, True)


def _ids(connections: Connections) -> Iterator[tuple[str, str]]:
    with connections.fresh() as connection:
        for batch in answer(connection, _IDS, batch_rows=50_000).batches:
            yield from zip(batch["article_id"].to_pylist(), batch["edition_id"].to_pylist(), strict=True)


def _documents(connections: Connections, some: list[tuple[str, str]] | None) -> Iterator[Document]:
    with connections.fresh() as connection:
        sql = _TEXTS
        if some is not None:
            ids = pa.table({"article_id": [one for one, _ in some], "edition_id": [edition for _, edition in some]})
            connection.register("missing", ids)
            sql += " SEMI JOIN missing USING (article_id, edition_id)"
        for batch in answer(connection, sql).batches:
            for row in batch.to_pylist():
                yield Document(**row)

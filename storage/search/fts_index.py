"""The index beside the archive: folded words of every article in SQLite's FTS5. Made from the archive, never the truth.

It holds no text, only where which word stands; forms of a word are spelled out when it is asked. An article that has a
newer edition stays in it, marked as gone, until the index is written anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.errors import DamagedObject
from storage.identity.arabic_folding import FOLD_RULES

# Any other form of index is written anew. 1: the first.
INDEX_FORM = 1
WAIT_SECONDS = 30
# Beyond this share of articles that are gone the index is written anew: they cost time and shift the ranking.
MAX_GONE_SHARE = 0.2
_FOLDING = hashlib.sha256(repr((INDEX_FORM, FOLD_RULES)).encode()).hexdigest()
# Letters beyond ASCII are parts of words for this tokenizer; texts are folded before, so nothing else is left to it.
_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, article_id TEXT NOT NULL, edition_id TEXT NOT NULL, portal TEXT NOT NULL, country TEXT,
    published_at INTEGER, window_start INTEGER NOT NULL, is_live INTEGER NOT NULL DEFAULT 1
);
CREATE VIRTUAL TABLE texts USING fts5(title, body, content='', tokenize="ascii tokenchars '%$'");
CREATE VIRTUAL TABLE words USING fts5vocab(texts, row);
"""


@dataclass(frozen=True)
class Document:
    """One article as the index holds it. Times are microseconds since 1970, UTC."""

    article_id: str
    edition_id: str
    portal: str
    country: str | None
    published_at: int | None
    window_start: int
    title: str  # folded
    body: str  # folded


class SearchIndex:
    """An open index. Raises DamagedObject where the file is none, or of another form."""

    def __init__(self, path: Path, *, is_new: bool = False) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            if is_new:
                # Only the finished file gets its name, so nothing is lost if the machine stops before.
                self.connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
                self.note("folding", _FOLDING)
            elif self.fact("folding") != _FOLDING:
                raise DamagedObject(f"{path} is an index of another version", remedy="write it anew: warraq maintain")
        except sqlite3.DatabaseError as error:
            self.connection.close()
            raise DamagedObject(
                f"{path} is no search index: {error}", remedy="write it anew: warraq maintain"
            ) from error
        except DamagedObject:
            self.connection.close()
            raise

    def fact(self, name: str) -> str | None:
        """What was noted under a name."""
        row = self.connection.execute("SELECT value FROM facts WHERE name = ?", [name]).fetchone()
        return None if row is None else str(row[0])

    def note(self, name: str, value: str) -> None:
        """Note something under a name."""
        self.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", [name, value])

    def add(self, documents: Iterable[Document]) -> int:
        """Add articles; returns how many."""
        (last,) = self.connection.execute("SELECT coalesce(max(id), 0) FROM documents").fetchone()
        count = 0
        for batch in _chunks(documents):
            numbered = list(enumerate(batch, start=last + count + 1))
            self.connection.executemany(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
                [
                    (i, d.article_id, d.edition_id, d.portal, d.country, d.published_at, d.window_start)
                    for i, d in numbered
                ],
            )
            self.connection.executemany(
                "INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)", [(i, d.title, d.body) for i, d in numbered]
            )
            count += len(batch)
        return count

    def keep(self, live: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Mark what is not among these articles and editions as gone; returns those that are missing."""
        run = self.connection.execute
        run(
            "CREATE TEMP TABLE live (article_id TEXT, edition_id TEXT, "
            "PRIMARY KEY (article_id, edition_id)) WITHOUT ROWID"
        )
        self.connection.executemany("INSERT OR IGNORE INTO live VALUES (?, ?)", live)
        run("UPDATE documents SET is_live = (article_id, edition_id) IN (SELECT article_id, edition_id FROM live)")
        missing = run(
            "SELECT * FROM live EXCEPT SELECT article_id, edition_id FROM documents WHERE is_live ORDER BY 1"
        ).fetchall()
        run("DROP TABLE live")
        return missing

    @property
    def live_count(self) -> int:
        """Articles that can be found."""
        return int(self.connection.execute("SELECT count(*) FROM documents WHERE is_live").fetchone()[0])

    @property
    def gone_share(self) -> float:
        """Share of what is in it that is no longer in the archive."""
        (share,) = self.connection.execute("SELECT coalesce(avg(1.0 - is_live), 0.0) FROM documents").fetchone()
        return float(share)

    def known(self, words: Sequence[str]) -> list[str]:
        """Those of the words that stand in any text, the given order kept."""
        found: set[str] = set()
        for start in range(0, len(words), 500):
            some = words[start : start + 500]
            marks = ", ".join("?" * len(some))
            rows = self.connection.execute(f"SELECT term FROM words WHERE term IN ({marks})", some)  # noqa: S608
            found.update(row[0] for row in rows)
        return [word for word in words if word in found]

    def holds(self, expression: str) -> bool:
        """Whether any text matches."""
        row = self.connection.execute("SELECT 1 FROM texts WHERE texts MATCH ? LIMIT 1", [expression]).fetchone()
        return row is not None

    def damage(self) -> str | None:
        """What is wrong with the file; None if nothing is."""
        try:
            (told,) = self.connection.execute("PRAGMA quick_check(1)").fetchone()
            if told != "ok":
                return str(told)
            self.connection.execute("INSERT INTO texts (texts) VALUES ('integrity-check')")
            (apart,) = self.connection.execute(
                "SELECT (SELECT count(*) FROM documents) - (SELECT count(*) FROM texts_docsize)"
            ).fetchone()
            return f"{abs(apart)} articles are in one of its tables only" if apart else None
        except sqlite3.DatabaseError as error:
            return str(error)

    @contextlib.contextmanager
    def changes(self) -> Iterator[None]:
        """Changes that others see together, when they are complete."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def finish(self) -> None:
        """Put what was added in order, after the first filling."""
        self.connection.execute("CREATE INDEX documents_by_article ON documents (article_id, edition_id)")
        self.connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")

    def close(self) -> None:
        self.connection.close()


def _chunks(documents: Iterable[Document], size: int = 500) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch

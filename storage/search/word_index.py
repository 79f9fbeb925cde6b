"""The index beside the archive: folded words of every article, kept by tantivy. Made from the archive, never the truth.

It holds no text, only where which word stands; forms of a word are spelled out when it is asked.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tantivy

from storage.errors import DamagedObject, RetryLater
from storage.identity.arabic_folding import FOLD_RULES

# Any other form of index is written anew.
INDEX_FORM = 2
HEAP_BYTES, THREADS = 128_000_000, 2
# Values of `month`, year × 100 + month, for articles without a date.
UNDATED = 0
MAX_BUCKETS = 60_000  # portals, and months of each
PREFIXES = [f"{number:02x}" for number in range(256)]  # of keys
_FORM = hashlib.sha256(repr((INDEX_FORM, FOLD_RULES)).encode()).hexdigest()
_FACTS = "facts.json"
_REWRITTEN = ("meta.json",)  # by tantivy at each change; all other files of a segment have its id in their name
_REMEDY = "write it anew: warraq maintain"


@dataclass(frozen=True)
class Document:
    """One article as the index holds it. Times are microseconds since 1970, UTC."""

    key: str  # begins with two hexadecimal digits; says all that the index says of it
    edition_id: str
    portal: str
    country: str | None
    published_at: int | None
    month: int
    window_start: int
    title: str = field(repr=False)  # folded
    body: str = field(repr=False)  # folded


@dataclass(frozen=True)
class Place:
    """Where a found article is read."""

    edition_id: str
    portal: str
    window_start: int
    score: float


@contextlib.contextmanager
def index_errors(folder: Path) -> Iterator[None]:
    """Raise DamagedObject for what tantivy says of its files, RetryLater while another process writes them."""
    try:
        yield
    except ValueError as error:
        if "LockBusy" in str(error):
            raise RetryLater(
                f"another process writes the index {folder}", remedy="try again when it is done"
            ) from error
        raise _damaged(folder, error) from error
    except BaseException as error:
        # A panic of its Rust code, which Python knows by its name only.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(folder, error) from error


def _damaged(folder: Path, error: BaseException) -> DamagedObject:
    said = " ".join(str(error).split())[:200]
    return DamagedObject(f"the search index {folder} is damaged: {said}", remedy=_REMEDY)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class SearchIndex:
    """An open index at one state. Raises DamagedObject where the folder holds none, or one of another form."""

    def __init__(self, folder: Path, *, is_new: bool = False) -> None:
        self.folder = folder
        before = "" if is_new else self.state
        with index_errors(folder):
            if is_new:
                self._index = tantivy.Index(_schema(), path=str(folder))
                self.note("")
            else:
                self._index = tantivy.Index.open(str(folder))
            words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            self._index.register_tokenizer("words", words)
            self.searcher = self._index.searcher()
        self.schema = self._index.schema
        # Read before and after the files were opened: a writer takes the note away before it changes them.
        self.opened_state = before if before == self.state else ""

    @property
    def state(self) -> str:
        """Which state of the archive it holds, as noted; "" while it is being changed. Raises DamagedObject."""
        try:
            facts = json.loads((self.folder / _FACTS).read_bytes())
            form, state = facts["form"], str(facts["state"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(self.folder, error) from error
        if form != _FORM:
            raise DamagedObject(
                f"{self.folder} is an index of another version", remedy="write it anew: warraq maintain"
            )
        return state

    def note(self, state: str) -> None:
        """Note which state of the archive it holds, and with it the digest of each file; a file never changes."""
        known = self._noted_files()
        files = {path.name: known.get(path.name) or _digest(path) for path in self._files()} if state else known
        files |= {name: _digest(self.folder / name) for name in _REWRITTEN if (self.folder / name).exists()}
        part = self.folder / f".{_FACTS}.part"
        part.write_text(json.dumps({"form": _FORM, "state": state, "files": files}))
        part.replace(self.folder / _FACTS)

    def damage(self) -> list[str]:
        """The names of files that are not as they were noted. Earlier versions noted none."""
        noted = self._noted_files()
        present = {path.name: path for path in self._files()}
        return sorted(name for name, sha256 in noted.items() if name not in present or _digest(present[name]) != sha256)

    def _noted_files(self) -> dict[str, str]:
        try:
            return dict(json.loads((self.folder / _FACTS).read_bytes()).get("files", {}))
        except FileNotFoundError:
            return {}

    def _files(self) -> list[Path]:
        files = (path for path in self.folder.iterdir() if not path.name.startswith(".") and path.is_file())
        return [path for path in files if path.name != _FACTS]

    @property
    def count(self) -> int:
        """Articles that can be found."""
        return int(self.searcher.num_docs)

    def keys(self, prefix: str) -> set[str]:
        """The keys that begin so."""
        everything = tantivy.Query.all_query()
        with index_errors(self.folder):
            return {key for key, _ in self.searcher.terms_with_prefix("key", prefix, filter_query=everything)}

    def change(self, state: str, *, gone: Iterable[str], added: Iterable[Document]) -> int:
        """Bring it to a state of the archive: others see all of it or nothing; returns how many were added."""
        count = 0
        with index_errors(self.folder):
            writer = self._index.writer(heap_size=HEAP_BYTES, num_threads=THREADS)
        try:
            self.note("")
            for key in gone:
                writer.delete_documents_by_term("key", key)
            for document in added:
                writer.add_document(_filled(document))
                count += 1
            with index_errors(self.folder):
                writer.commit()
                writer.wait_merging_threads()
                self._index.reload()
                self.searcher = self._index.searcher()
            self.note(state)
        finally:
            del writer  # lets the lock go
        return count

    def known(self, name: str, words: Sequence[str]) -> list[str]:
        """Those of the words that stand in a field of any text, the given order kept."""
        return [word for word in words if self.searcher.doc_freq(name, word)]

    def counts(self, query: tantivy.Query) -> Iterator[tuple[str, int, int]]:
        """Articles that match, by portal and month."""
        months = {"month": {"terms": {"field": "month", "size": MAX_BUCKETS}}}
        by_portal = {"portal": {"terms": {"field": "portal", "size": MAX_BUCKETS}, "aggs": months}}
        with index_errors(self.folder):
            told = self.searcher.aggregate(query, by_portal)
        for portal in told["portal"]["buckets"]:
            for month in portal["month"]["buckets"]:
                yield portal["key"], int(month["key"]), month["doc_count"]

    def places(self, query: tantivy.Query, *, limit: int, offset: int, order: str) -> list[Place]:
        """The matching articles by their score ("best"), or from the newest or oldest on, undated ones last."""
        more: dict[str, Any] = {}
        if order != "best":
            way = tantivy.Order.Desc if order == "newest" else tantivy.Order.Asc
            more = {"order_by_field": "published_at", "order": way}
        if limit == 0:
            return []
        with index_errors(self.folder):
            hits = self.searcher.search(query, limit, count=False, offset=offset, **more).hits
            found = [(score if order == "best" else 0.0, self.searcher.doc(address)) for score, address in hits]
        return [Place(doc["edition_id"][0], doc["portal"][0], doc["window_start"][0], score) for score, doc in found]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("title", "body"):
        builder.add_text_field(name, tokenizer_name="words", index_option="position")
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("portal", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("country", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("edition_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("window_start", stored=True)
    builder.add_integer_field("published_at", fast=True, indexed=True)
    builder.add_integer_field("month", fast=True)
    return builder.build()


def _filled(document: Document) -> tantivy.Document:
    filled = tantivy.Document(
        key=document.key,
        edition_id=document.edition_id,
        portal=document.portal,
        month=document.month,
        window_start=document.window_start,
        title=document.title,
        body=document.body,
    )
    if document.country is not None:
        filled.add_text("country", document.country)
    if document.published_at is not None:
        filled.add_integer("published_at", document.published_at)
    return filled

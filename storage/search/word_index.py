"""The index beside the archive: folded words of every article, kept by tantivy. Made from the archive, never the truth.

It holds where which word stands, whose forms are spelled out when it is asked, and of each article what is shown.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import tantivy

from storage.errors import DamagedObject, RetryLater
from storage.identity.arabic_folding import FOLD_RULES, text_norm
from storage.search.frequent_pairs import frequent_pairs, frequent_words
from storage.search.kept_rows import KeptRow, RowPacker, dictionary_of

# Any other form of index is written anew.
INDEX_FORM = 4
# Segments of 30,000 articles: eight become one, mapped meanwhile, and eight of those only beyond 1.9 million.
HEAP_BYTES, THREADS = 128_000_000, 2
# Values of `month`, year × 100 + month, for articles without a date.
UNDATED = 0
MAX_BUCKETS = 60_000  # portals, and months of each
PREFIXES = [f"{number:02x}" for number in range(256)]  # of keys
TEXTS = ("title", "body")
TEXTS_AT_ONCE = 100  # whose pairs are made together
_FORM = hashlib.sha256(repr((INDEX_FORM, FOLD_RULES)).encode()).hexdigest()
_FACTS = "facts.json"
_DICTIONARY, _FREQUENT = "rows.dictionary", "frequent_words.json"
_REWRITTEN = ("meta.json",)  # by tantivy at each change; all other files of a segment have its id in their name
_REMEDY = "write it anew: warraq maintain"


def pairs_field(name: str) -> str:
    """Where the pairs of frequent words of a text are."""
    return f"{name}_pairs"


@dataclass(frozen=True)
class Document:
    """One article as the index holds it."""

    key: str  # begins with two hexadecimal digits; says all that the index says of it
    month: int
    row: KeptRow
    title: str = field(repr=False)  # folded
    body: str = field(repr=False)  # folded


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


def _write(folder: Path, facts: Mapping[str, Any]) -> None:
    part = folder / f".{_FACTS}.part"
    part.write_text(json.dumps(facts))
    part.replace(folder / _FACTS)


class SearchIndex:
    """An open index at one state. Raises DamagedObject where the folder holds none, or one of another form."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        before = self.state
        with index_errors(folder):
            self._index = tantivy.Index.open(str(folder))
            words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            self._index.register_tokenizer("words", words)
            self.searcher = self._index.searcher()
        self.schema = self._index.schema
        self._packer = RowPacker(self._noted(_DICTIONARY))
        self.frequent = {name: frozenset(words) for name, words in json.loads(self._noted(_FREQUENT)).items()}
        # Read before and after the files were opened: a writer takes the note away before it changes them.
        self.opened_state = before if before == self.state else ""

    @classmethod
    def new(cls, folder: Path, *, like: Sequence[KeptRow], removals: str) -> SearchIndex:
        """An empty one for such rows, in an empty folder; `removals` is kept beside it."""
        with index_errors(folder):
            tantivy.Index(_schema(), path=str(folder))
        frequent = {name: frequent_words([text_norm(getattr(row, name)) for row in like], name) for name in TEXTS}
        noted = {}
        for name, data in ((_DICTIONARY, dictionary_of(like)), (_FREQUENT, json.dumps(frequent).encode())):
            (folder / name).write_bytes(data)
            noted[name] = hashlib.sha256(data).hexdigest()
        _write(folder, {"form": _FORM, "state": "", "removals": removals, "files": noted})
        return cls(folder)

    @property
    def state(self) -> str:
        """Which state of the archive it holds, as noted; "" while it is being changed. Raises DamagedObject."""
        try:
            facts = self._facts()
            form, state = facts["form"], str(facts["state"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(self.folder, error) from error
        if form != _FORM:
            raise DamagedObject(
                f"{self.folder} is an index of another version", remedy="write it anew: warraq maintain"
            )
        return state

    @property
    def removals(self) -> str:
        """How far removals were when it was made."""
        return str(self._facts().get("removals", ""))

    @property
    def made_of(self) -> int:
        """Articles in it when it was made, which told what texts have in common; 0 before."""
        return int(self._facts().get("made_of", 0))

    def note(self, state: str) -> None:
        """Note which state of the archive it holds, and with it the digest of each file; a file never changes."""
        facts = self._facts()
        known = facts["files"]
        files = {path.name: known.get(path.name) or _digest(path) for path in self._files()} if state else known
        files |= {name: _digest(self.folder / name) for name in _REWRITTEN if (self.folder / name).exists()}
        made_of = facts.get("made_of", 0) or self.count
        _write(self.folder, facts | {"state": state, "files": files, "made_of": made_of})

    def damage(self) -> list[str]:
        """The names of files that are not as they were noted."""
        noted = self._facts()["files"]
        present = {path.name: path for path in self._files()}
        return sorted(name for name, sha256 in noted.items() if name not in present or _digest(present[name]) != sha256)

    def _noted(self, name: str) -> bytes:
        """A file of ours beside tantivy's."""
        try:
            data = (self.folder / name).read_bytes()
        except OSError as error:
            raise _damaged(self.folder, error) from error
        if hashlib.sha256(data).hexdigest() != self._facts()["files"].get(name):
            raise _damaged(self.folder, ValueError(f"{name} is another one"))
        return data

    def _facts(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / _FACTS).read_bytes()))

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
            documents = iter(added)
            while some := list(islice(documents, TEXTS_AT_ONCE)):
                titles = frequent_pairs([one.title for one in some], self.frequent["title"])
                bodies = frequent_pairs([one.body for one in some], self.frequent["body"])
                for document, *pairs in zip(some, titles, bodies, strict=True):
                    writer.add_document(self._filled(document, pairs))
                count += len(some)
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

    def texts_with(self, name: str, words: Sequence[str]) -> int:
        """In how many texts of a field the words stand, a text with several of them counted so often."""
        return sum(self.searcher.doc_freq(name, word) for word in words)

    def counts(self, query: tantivy.Query) -> Iterator[tuple[str, int, int]]:
        """Articles that match, by portal and month."""
        months = {"month": {"terms": {"field": "month", "size": MAX_BUCKETS}}}
        by_portal = {"portal": {"terms": {"field": "portal", "size": MAX_BUCKETS}, "aggs": months}}
        with index_errors(self.folder):
            told = self.searcher.aggregate(query, by_portal)
        for portal in told["portal"]["buckets"]:
            for month in portal["month"]["buckets"]:
                yield portal["key"], int(month["key"]), month["doc_count"]

    def found(
        self, query: tantivy.Query, *, limit: int, offset: int, order: str
    ) -> tuple[int, list[tuple[float, KeptRow]]]:
        """How many match, and some by their score ("best"), or from the newest or oldest on, undated ones last."""
        more: dict[str, Any] = {}
        if order != "best":
            way = tantivy.Order.Desc if order == "newest" else tantivy.Order.Asc
            more = {"order_by_field": "published_at", "order": way}
        # It makes room for as many hits as it is asked for, whatever it finds, and ends the process where it cannot.
        offset = min(offset, self.count)
        limit = min(limit, self.count - offset)
        with index_errors(self.folder):
            answer = self.searcher.search(query, max(limit, 1), offset=offset, **more)
            hits = answer.hits[:limit]
            rows = [self._packer.unpacked(self.searcher.doc(address)["row"][0]) for _, address in hits]
        scores = [score if order == "best" else 0.0 for score, _ in hits]
        total: int = answer.count  # type: ignore[attr-defined]  # its stub does not name it
        return total, list(zip(scores, rows, strict=True))

    def _filled(self, document: Document, pairs: Sequence[str]) -> tantivy.Document:
        row = document.row
        filled = tantivy.Document(
            key=document.key,
            portal=row.portal,
            month=document.month,
            title=document.title,
            body=document.body,
        )
        # Among the others it would be read number by number.
        filled.add_bytes("row", self._packer.packed(row))
        for name, some in zip(TEXTS, pairs, strict=True):
            if some:
                filled.add_text(pairs_field(name), some)
        if row.country is not None:
            filled.add_text("country", row.country)
        if row.published_at is not None:
            filled.add_integer("published_at", row.published_at)
        return filled


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name="words", index_option="position")
        builder.add_text_field(pairs_field(name), tokenizer_name="words", index_option="basic")
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("portal", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("country", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("row", stored=True)
    builder.add_integer_field("published_at", fast=True)
    builder.add_integer_field("month", fast=True)
    return builder.build()

"""The entries of an XML listing, one after the other: each with its fields, by namespace and name and place."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from spiders.sources.reading.documents import CutListing, text_pieces
from spiders.sources.reading.json_text import json_begins
from spiders.sources.reading.markup import END, LEAF, START, TEXT, Damage, attributes_of, plain_text, read_markup

ROOTS = frozenset({"urlset", "sitemapindex", "rss", "feed", "rdf", "html"})
BEGINNING_BYTES = 256 * 1024  # in which a document shows what it is; notices may stand before
MAX_FIELDS = 400  # of one entry; what is wanted stands before
MAX_FIELD_CHARACTERS = 16 * 1024
MAX_DEPTH = 64  # of open elements; what lies deeper is read as if it lay there
_NO_NAMESPACES: dict[str, str] = {}
_ADDRESS_LINE = re.compile(r"^[ \t]*https?://[^\s<>]+[ \t\r]*(?:\n|\Z)", re.IGNORECASE | re.MULTILINE)
_NOTICE = frozenset({"", "br", "b"})  # the first element of a text: none, or that of a notice before it


@dataclass(frozen=True)
class Name:
    """A namespace and a local name in lower case; an undeclared prefix is taken for a namespace of that name."""

    space: str
    local: str


@dataclass(frozen=True)
class Field:
    """An element within an entry, or in the listing's head. `parents` are the elements between the two."""

    name: Name
    text: str
    attributes: dict[str, str]
    parents: tuple[Name, ...] = ()

    def is_text_of(self, local: str) -> bool:
        """Whether it is the entry's own child of this name, and says something."""
        return self.name.local == local and not self.parents and bool(self.text)


@dataclass
class Entry:
    """An entry under its own name, with the fields that were wanted in their order."""

    name: Name
    attributes: dict[str, str]
    fields: list[Field] = field(default_factory=list)

    def own(self, local: str) -> str | None:
        """The text of the entry's first own child of this name: in the entry's namespace, else in none.

        `xmlns=""` on a child is a slip of generators; another extension has a namespace of its own.
        """
        texts = {each.name.space: each.text for each in reversed(self.fields) if each.is_text_of(local)}
        return texts.get(self.name.space) or texts.get("")


@dataclass
class Document:
    """What is known of a document while it is read. `root` is the local name of its root, in lower case."""

    root: str = ""
    first: str = ""  # the first element where no known root comes
    base: str = ""  # xml:base of the root
    damage: Damage = field(default_factory=Damage)
    head: list[Field] = field(default_factory=list)  # wanted fields outside of entries


@dataclass
class _Open:
    written: str
    name: Name
    spaces: dict[str, str]
    attributes: dict[str, str]
    most: int
    text: list[str] = field(default_factory=list)
    characters: int = 0

    def add(self, text: str) -> None:
        if self.characters < self.most:
            self.text.append(text[: self.most])
            self.characters += len(text)


def read_entries(
    pieces: Iterator[str],
    document: Document,
    *,
    entries: frozenset[str],
    wanted: frozenset[str],
    most: int = MAX_FIELD_CHARACTERS,
) -> Iterator[Entry]:
    """The elements named `entries` with those fields whose local name is `wanted`; `document` is told of on the way.

    Names are in lower case; what stands behind `most` characters of a field is left out. Raises UnreadableListing for
    a document that declares entities.
    """
    return _EntryReader(document, entries, wanted, most).read(pieces)


class _EntryReader:
    def __init__(self, document: Document, entries: frozenset[str], wanted: frozenset[str], most: int) -> None:
        self._document = document
        self._entries = entries
        self._wanted = wanted
        self._most = most
        self._stack: list[_Open] = []
        self._entry: Entry | None = None
        self._entry_at = -1  # its place in the stack
        self._names: dict[str, Name] = {}  # as they are resolved under the spaces of the last one
        self._named_under = _NO_NAMESPACES

    def read(self, pieces: Iterator[str]) -> Iterator[Entry]:
        for kind, written, more in read_markup(pieces, self._document.damage):
            if kind == TEXT:
                if self._stack:
                    self._stack[-1].add(written)
                continue
            if kind == LEAF and self._entry is not None and _local(written) not in self._entries:
                self._take_leaf(written, more)
                continue
            if kind != END and (done := self._start(written, more if kind == START else "")):
                yield done
            if kind == LEAF and self._stack:
                self._stack[-1].add(more)
            if kind != START and (done := self._end(written)):
                yield done
        if self._stack and self._document.root != "html":
            self._document.damage.is_cut = True
        if self._entry is not None and self._entry.fields:
            yield self._entry

    def _start(self, written: str, attributes: str) -> Entry | None:
        document, done, local = self._document, None, _local(written)
        if self._entry is None and local in ROOTS and (local != "html" or not document.root):
            document.root = document.root or local
            self._stack.clear()  # what stood open before was noise, or a document that is cut off
        elif not document.root:
            document.first = document.first or local
            return None
        spaces = self._stack[-1].spaces if self._stack else _NO_NAMESPACES
        named = attributes_of(attributes) if attributes else {}
        if "xmlns" in attributes:
            spaces = {**spaces, **{key[6:]: value for key, value in named.items() if key.partition(":")[0] == "xmlns"}}
        name = self._name(written, spaces)
        if not self._stack:
            document.base = named.get("xml:base", "")
        if local in self._entries and (self._entry is None or self._entry.name == name):
            if self._entry is not None:  # the one before was never closed
                done = self._entry
                del self._stack[self._entry_at :]
            self._entry, self._entry_at = Entry(name, named), len(self._stack)
        else:
            self._end_field_before(name)
        if len(self._stack) < MAX_DEPTH:
            self._stack.append(_Open(written, name, spaces, named, self._most))
        return done

    def _end_field_before(self, name: Name) -> None:
        """No field holds another one: where one begins in another, the end of that is missing, or misspelt."""
        at = len(self._stack) - 1
        if self._entry is None or at != self._entry_at + 1 or name.local not in self._wanted:
            return
        if self._stack[at].name.local in self._wanted and self._stack[at].name.space == name.space:
            self._close(self._stack.pop())

    def _end(self, written: str) -> Entry | None:
        """Close the innermost element of this name, and what was left open in it; where there is none, nothing."""
        stack = self._stack
        at = next((at for at in range(len(stack) - 1, -1, -1) if stack[at].written == written), -1)
        if at < 0 and stack and stack[-1].written.lower() == written.lower():
            at = len(stack) - 1  # <pubDate>…</pubdate>
        if at < 0 or (at < self._entry_at and stack[at].name.local not in {*ROOTS, "channel"}):
            return None
        while len(stack) > at:
            closed = stack.pop()
            self._close(closed)
            if self._entry is not None and len(stack) == self._entry_at:
                done, self._entry, self._entry_at = self._entry, None, -1
                del stack[at:]
                return done
        return None

    def _close(self, closed: _Open) -> None:
        text = "".join(closed.text)
        is_entry = self._entry is not None and len(self._stack) == self._entry_at
        if closed.name.local in self._wanted and not is_entry:
            self._keep(closed.name, text, closed.attributes)
        # «<b>» within a title is a part of it; the entry itself has no text of its own.
        if text and len(self._stack) - 1 > self._entry_at >= 0:
            self._stack[-1].add(text)

    def _take_leaf(self, written: str, text: str) -> None:
        name = self._name(written, self._stack[-1].spaces)
        self._end_field_before(name)
        if name.local in self._wanted:
            self._keep(name, text, {})
        if len(self._stack) - 1 > self._entry_at:
            self._stack[-1].add(text)

    def _keep(self, name: Name, text: str, attributes: dict[str, str]) -> None:
        """Note a field whose parents are open."""
        kept = self._entry.fields if self._entry is not None else self._document.head
        if len(kept) < MAX_FIELDS:
            parents = tuple(opened.name for opened in self._stack[self._entry_at + 1 :])
            text = plain_text(text[: self._most]).strip()
            kept.append(Field(name, text, attributes, parents if self._entry is not None else ()))

    def _name(self, written: str, spaces: dict[str, str]) -> Name:
        if spaces is not self._named_under or len(self._names) > MAX_FIELDS:
            self._named_under, self._names = spaces, {}
        name = self._names.get(written)
        if name is None:
            prefix = written.rpartition(":")[0]
            name = Name(spaces.get(prefix, f"undeclared:{prefix}" if prefix else ""), _local(written))
            self._names[written] = name
        return name


def _local(written: str) -> str:
    return written.rpartition(":")[2].lower()


def document_kind(body: bytes, content_type: str | None) -> str:
    """What a document is by its beginning: a root's name, json, addresses, the name of its first element, or nothing.

    Raises UnreadableListing for one that declares entities.
    """
    beginning = ""
    with contextlib.suppress(CutListing):
        for piece in text_pieces(body, content_type, limit=BEGINNING_BYTES):
            beginning += piece
    stripped = beginning.lstrip()
    if _ADDRESS_LINE.match(stripped):
        return "addresses"
    if stripped.startswith(("{", "[")):
        return "json"
    first = ""
    for kind, written, _ in read_markup(iter((beginning,)), Damage()):
        if kind in (START, LEAF):
            local = _local(written)
            if local in ROOTS:
                return local
            first = first or local
    if json_begins(beginning):
        return "json"
    return "addresses" if first in _NOTICE and _ADDRESS_LINE.search(beginning) else first

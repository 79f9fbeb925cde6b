"""The register of removals: one sealed object each, which says who asked, why and how much went, and not what.

It is the deny list as well. What is denied stands in it as digests, so that reading the register tells nobody.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.errors import DamagedObject, ObjectMissing
from storage.identity.arabic_folding import text_norm
from storage.model.record_json import note_fields, record_from_json, sealed_record
from storage.model.window import RunId
from storage.objects.keys import removal_key, removals_root
from storage.objects.local import LocalStore
from storage.objects.store import ObjectStore


class Kind(enum.StrEnum):
    """What a removal is about."""

    URL = "url"
    ARTICLE = "article"
    PREFIX = "prefix"
    PORTAL = "portal"
    TEXT = "text"


class Step(enum.StrEnum):
    """How far it goes: everything goes, a name is masked in texts, or rows are held back until a date."""

    REMOVE = "remove"
    REDACT = "redact"
    EMBARGO = "embargo"


@dataclass(frozen=True)
class Removal:
    """One entry. `marks` are digests (link ids, article ids, of a prefix, of folded words)."""

    id: str
    kind: str  # Kind
    step: str  # Step
    portal: str | None
    since: datetime | None  # windows that start in [since, before)
    before: datetime | None
    marks: tuple[str, ...]
    size: int  # characters of a prefix, words of a text
    reason: str
    basis: str
    requester: str
    by: str
    made_at: datetime
    until: datetime | None = None  # end of an embargo
    runs: tuple[str, ...] = ()  # still to be gone through
    releases: tuple[str, ...] = ()  # still to be made again
    files: tuple[str, ...] = ()  # data files still to be deleted
    rows: int = 0  # that went
    captures: int = 0
    revised: tuple[str, ...] = ()  # releases that were made again
    done_at: datetime | None = None
    over_runs: tuple[str, ...] = ()  # that were gone through
    over_releases: tuple[str, ...] = ()
    over_notes: tuple[str, ...] = ()  # keys of incidents and actions that were deleted

    def reaches(self, portal: str, start: datetime) -> bool:
        """Whether a window of a portal is in its scope."""
        return (
            self.portal in (None, portal)
            and (self.since is None or start >= self.since)
            and (self.before is None or start < self.before)
        )


def digest_of(text: str) -> str:
    """A mark: 32 hex digits of the sha256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def text_mark(title: str, body: str) -> str:
    """The mark of a text, wherever it stands: vowel marks and punctuation do not make another."""
    return digest_of(f"text\n{text_norm(title)}\n{text_norm(body)}")


def words_of(text: str) -> list[str]:
    """A text as the folded words that marks of texts are made of."""
    return text_norm(text).split()


@dataclass(frozen=True)
class Denied:
    """The removals that hold now, asked by crawl, import and extraction."""

    removals: tuple[Removal, ...] = ()

    def of_run(self, portal: str, start: datetime) -> Denied:
        """Those that a window of a portal is subject to."""
        return Denied(tuple(one for one in self.removals if one.reaches(portal, start)))

    def digest_for(self, runs: Iterable[RunId]) -> str:
        """What any of the runs is to be without, as one digest; empty where that is nothing."""
        spans = [(run.portal, run.window.start) for run in runs]
        parts = [
            f"{one.id} {one.step} {one.size} {' '.join(one.marks)}"
            for one in self.removals
            if any(one.reaches(*span) for span in spans)
        ]
        return digest_of("\n".join(sorted(parts))) if parts else ""

    def link(self, canonical: str, link_id: str) -> Removal | None:
        """The removal that an address is subject to."""
        for one in self.removals:
            if one.step == Step.REDACT:
                continue
            if one.kind == Kind.PORTAL or link_id in one.marks:
                return one
            if one.kind == Kind.PREFIX and digest_of(canonical[: one.size]) in one.marks:
                return one
        return None

    def article(self, article_id: str, canonical: str, link_id: str, *texts: str) -> Removal | None:
        """The removal that an article is subject to, by its ids or by what it says."""
        found = next((one for one in self.removals if one.step != Step.REDACT and article_id in one.marks), None)
        return found or self.link(canonical, link_id) or next(iter(self._saying(texts, redact=False)), None)

    def same_text(self, title: str, body: str) -> Removal | None:
        """The removal whose very text this is, at whatever address it was found."""
        wanted = [one for one in self.removals if one.step != Step.REDACT and one.kind in (Kind.URL, Kind.ARTICLE)]
        mark = text_mark(title, body) if wanted else ""
        return next((one for one in wanted if mark in one.marks), None)

    def redactions(self, *texts: str) -> list[Removal]:
        """The removals whose words are to be masked in these texts."""
        return self._saying(texts, redact=True)

    def _saying(self, texts: tuple[str, ...], *, redact: bool) -> list[Removal]:
        wanted = [one for one in self.removals if one.kind == Kind.TEXT and (one.step == Step.REDACT) == redact]
        if not wanted:
            return []
        words = [words_of(text) for text in texts]
        return [one for one in wanted if any(says(said, one) for said in words)]


NOTHING_DENIED = Denied()


def says(words: list[str], removal: Removal) -> bool:
    """Whether folded words hold the denied ones."""
    size = removal.size
    return any(digest_of(" ".join(words[at : at + size])) in removal.marks for at in range(len(words) - size + 1))


def masked(text: str, removal: Removal, *, mask: str) -> str:
    """The text with the denied words masked; the words between spaces are compared as they are folded."""
    spans: list[tuple[int, int]] = []
    position = 0
    for piece in text.split():
        start = text.index(piece, position)
        position = start + len(piece)
        spans.append((start, position))
    folded = [" ".join(words_of(text[start:end])) for start, end in spans]
    out, end, at = [], 0, 0
    while at < len(spans):
        width = _match(folded, at, removal)
        if width:
            out += [text[end : spans[at][0]], mask]
            end = spans[at + width - 1][1]
        at += width or 1
    return "".join([*out, text[end:]])


def _match(folded: list[str], at: int, removal: Removal) -> int:
    """How many pieces of the text from `at` on are the denied words; a piece of signs alone has no word."""
    words: list[str] = []
    for width, piece in enumerate(folded[at:], start=1):
        words += piece.split()
        if len(words) >= removal.size:
            is_it = len(words) == removal.size and digest_of(" ".join(words)) in removal.marks
            return width if is_it and folded[at] else 0
    return 0


def read_removals(store: ObjectStore, beside: Path | None = None) -> list[Removal]:
    """All entries, of the archive and of the place beside it, by id. Raises DamagedObject."""
    found: dict[str, Removal] = {}
    for place in (store, *([LocalStore(beside)] if beside else [])):
        for info in place.list(removals_root()):
            found.setdefault(*_entry(place, info.key))
    return [found[name] for name in sorted(found)]


def read_denied(store: ObjectStore, beside: Path | None = None, *, now: datetime) -> Denied:
    """The removals that hold now: an embargo ends at its date."""
    entries = read_removals(store, beside)
    return Denied(tuple(one for one in entries if one.until is None or one.until > now))


def keep_removal(store: ObjectStore, beside: Path | None, removal: Removal) -> None:
    """Write an entry, in the archive and beside it."""
    for place in (store, *([LocalStore(beside)] if beside else [])):
        place.put(removal_key(removal.id), sealed_record(removal))


def find_removal(store: ObjectStore, beside: Path | None, name: str) -> Removal | None:
    """An entry by its id."""
    for place in (store, *([LocalStore(beside)] if beside else [])):
        try:
            return _entry(place, removal_key(name))[1]
        except ObjectMissing:
            continue
    return None


def _entry(store: ObjectStore, key: str) -> tuple[str, Removal]:
    data = store.get(key)
    note_fields(data, where=key)  # raises where its seal is broken
    entry = record_from_json(Removal, data, where=key)
    if removal_key(entry.id) != key:
        raise DamagedObject(f"{key}: is the entry {entry.id}", remedy="restore it from a copy")
    return entry.id, entry

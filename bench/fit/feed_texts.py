"""Whole texts in the feeds that an archive holds: what a publisher gives feed readers stands beside the page's HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spiders.sources.reading.documents import UnreadableListing, text_pieces
from spiders.sources.reading.entries import Document, Entry, read_entries
from spiders.sources.records import web_address
from storage.identity.urls import canonical_url
from storage.model.records import Capture, Role
from storage.objects.store import ObjectStore
from storage.raw.run import RawRun, raw_runs

MAX_TEXTS = 5_000  # of one portal, held in memory
MAX_CHARACTERS = 500_000  # of one text with its markup; none that a page shows is longer
_ENTRIES = frozenset({"item", "entry"})
# RSS: content:encoded, which WordPress fills with what its API calls content.rendered. Atom: content.
_TEXTS = ("encoded", "content")
_ADDRESSES = ("link", "origlink", "guid", "id")
# What WordPress puts behind each text in a feed, and no page shows.
_APPEARED_FIRST = re.compile(
    r"<p>(?:The post .{0,500} appeared first on |ظهرت المقالة |التدوينة ).{0,500}\Z", re.DOTALL
)


def feed_texts(store: ObjectStore, portal: str) -> dict[str, str]:
    """HTML of texts by the canonical address of their page, as feeds of the portal's runs had it last."""
    found: dict[str, str] = {}
    for run in raw_runs(store, portal=portal):
        # Damaged records are the audit's to tell.
        for capture in RawRun(store, run).captures(role=Role.SOURCE, damaged=lambda *_: None):
            found.update(_texts_of(capture))
            if len(found) >= MAX_TEXTS:
                return found
    return found


def _texts_of(capture: Capture) -> Iterator[tuple[str, str]]:
    try:
        pieces = text_pieces(capture.body, capture.header("content-type"))
        wanted = frozenset((*_TEXTS, *_ADDRESSES))
        for entry in read_entries(pieces, Document(), entries=_ENTRIES, wanted=wanted, most=MAX_CHARACTERS):
            told = (each.text for name in _TEXTS for each in entry.fields if each.name.local == name)
            text = next((text for text in told if text), "")
            address = _address(entry, capture.url)
            if address and text:
                yield canonical_url(address), _APPEARED_FIRST.sub("", text)
    except UnreadableListing:
        return  # a sitemap, a page of links, or what breaks off


def _address(entry: Entry, base: str) -> str | None:
    told = (each for name in _ADDRESSES for each in entry.fields if each.name.local == name)
    return next((url for each in told if (url := web_address(each.attributes.get("href") or each.text, base))), None)

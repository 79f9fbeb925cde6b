"""RSS and Atom, well-formed or not. feedparser reads them: it repairs broken XML and knows the dialects of 25 years."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import feedparser

from spiders.portal.definition import Feed, Portal, Source
from spiders.sources.reading.documents import UnreadableListing, plain_bytes, refuse_entities, root_name
from spiders.sources.reading.listed_dates import read_listed_date
from spiders.sources.records import (
    MAX_LINKS_PER_RESPONSE,
    Discovery,
    ListedLink,
    Listing,
    SourceRequest,
    SourceResponse,
    nothing_read,
    web_address,
)

_read_feed: Any = feedparser.parse  # type: ignore[attr-defined]  # feedparser has no types
_NOT_A_FEED = ("html", "urlset", "sitemapindex")
MAX_PAGES = 30  # of ten entries, as WordPress gives them: what the busiest such sites publish in two days


@dataclass(frozen=True)
class FeedState:
    """Which page of a feed whose software has pages, and the entries of those before."""

    page: int = 1
    before: frozenset[str] = frozenset()


def first_requests(source: Source, discovery: Discovery) -> list[SourceRequest]:
    """One request; WordPress has further pages, other feeds none that can be trusted."""
    assert isinstance(source, Feed)  # noqa: S101 - narrows the type
    return [SourceRequest(discovery.portal.absolute(source.url), "feed")]


def parse(response: SourceResponse, discovery: Discovery) -> Listing:
    """All entries with a web address, in the feed's order. A feed without any is a problem."""
    state = response.request.state if isinstance(response.request.state, FeedState) else FeedState()
    if not response.is_ok:
        return Listing() if state.page > 1 and response.status == 404 else nothing_read(response)
    try:
        document = plain_bytes(response.body)
        refuse_entities(document)
    except UnreadableListing as error:
        return Listing(problems=(f"feed {response.url}: {error}",))
    if root_name(document) in _NOT_A_FEED:
        return Listing(problems=(f"feed {response.url}: is {root_name(document)}, not RSS or Atom",))
    try:
        # BytesIO, because feedparser takes bytes for a file name first.
        parsed = _read_feed(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # the library stumbles over broken input in many ways
        return Listing(problems=(f"feed {response.url}: unreadable: {type(error).__name__}",))
    links: dict[str, ListedLink] = {}
    for entry in parsed.entries[:MAX_LINKS_PER_RESPONSE]:
        link = _link(entry, response, discovery.portal)
        if link is not None:
            links.setdefault(link.url, link)
    fresh = tuple(link for url, link in links.items() if url not in state.before)
    problems = () if links else (f"feed {response.url}: no entries",)
    return Listing(links=fresh, requests=_next_page(parsed, fresh, state, response, discovery), problems=problems)


def _next_page(
    parsed: Any, fresh: tuple[ListedLink, ...], state: FeedState, response: SourceResponse, discovery: Discovery
) -> tuple[SourceRequest, ...]:
    """WordPress gives ten entries, and more under `paged`: asked for while all are of the window and some unknown."""
    is_wordpress = "wordpress.org" in str(parsed.feed.get("generator", "")).lower()
    dates = [link.listed_at for link in fresh if link.listed_at]
    if not is_wordpress or not dates or state.page >= MAX_PAGES or min(dates) < discovery.window.start:
        return ()
    if all(discovery.is_known(link.url) for link in fresh):
        return ()
    further = FeedState(state.page + 1, state.before | {link.url for link in fresh})
    address = response.request.url if state.page == 1 else response.request.url.rpartition("paged=")[0][:-1]
    url = f"{address}{'&' if urlsplit(address).query else '?'}paged={further.page}"
    return (SourceRequest(url, response.request.kind, further),)


def _link(entry: Any, response: SourceResponse, portal: Portal) -> ListedLink | None:
    named = (entry.get("link"), entry.get("feedburner_origlink"), entry.get("id"))
    urls = [url for address in named if address and (url := web_address(str(address), response.url))]
    # Feeds that count clicks lead to another host, and name the article's own address beside it.
    url = next((url for url in urls if portal.hosts.owns(url)), urls[0] if urls else None)
    if url is None:
        return None
    # dict.get: feedparser's own falls back from one to the other, with a warning.
    published, updated = dict.get(entry, "published"), dict.get(entry, "updated")
    listed_at, listed_day = read_listed_date(published, portal, witness="feed:pubDate")
    changed_at, _ = read_listed_date(updated, portal, witness="feed:updated")
    return ListedLink(
        url=url,
        source=response.request.kind,
        source_url=response.request.url,
        listed_at=listed_at,
        listed_day=listed_day,
        lastmod=changed_at,
        title=" ".join(str(entry.get("title") or "").split()) or None,
    )

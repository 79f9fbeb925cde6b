"""RSS 0.9 to 2.0, RDF, Atom and JSON Feed, well-formed or not, read as a stream by the reader of sitemaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from spiders.portal.definition import Feed, Portal, Source
from spiders.sources.reading.documents import CutListing, UnreadableListing, text_pieces
from spiders.sources.reading.entries import Document, Entry, document_kind, read_entries
from spiders.sources.reading.json_text import read_json
from spiders.sources.reading.listed_dates import read_listed_date
from spiders.sources.records import (
    MAX_LINKS_PER_RESPONSE,
    Discovery,
    ListedLink,
    Listing,
    SourceRequest,
    SourceResponse,
    nothing_read,
    stands_outside,
    web_address,
)

MAX_PAGES = 30  # of ten entries, as WordPress gives them: what the busiest such sites publish in two days
MAX_RECORDED_OUTSIDE = 5_000  # entries; of more, those that are dated outside the window are only counted
_DATE_SLACK = timedelta(days=1)
_XML = frozenset({"rss", "feed", "rdf"})
_ENTRIES = frozenset({"item", "entry"})
# In this order: what the entry's own vocabulary says, then Dublin Core, which RDF feeds and others use.
_PUBLISHED = ("pubdate", "published", "issued", "created", "date")
_UPDATED = ("updated", "modified")
_ADDRESSES = ("link", "origlink", "guid", "id")
_WANTED = frozenset({*_PUBLISHED, *_UPDATED, *_ADDRESSES, "title", "generator"})
_ATOM = ("http://www.w3.org/2005/atom", "http://purl.org/atom/ns#")
_DUBLIN_CORE = "purl.org/dc/"
_FEEDBURNER = "feedburner"


@dataclass(frozen=True)
class FeedState:
    """Which page of a feed whose software has pages, and the entries of those before."""

    page: int = 1
    before: frozenset[str] = frozenset()


@dataclass
class _Stated:
    """What a feed says of one entry, in words."""

    addresses: tuple[str, ...]
    published: tuple[str, ...] = ()  # in several words; the first that is a date counts
    updated: tuple[str, ...] = ()
    title: str | None = None


@dataclass
class _Read:
    """A feed's links, and what is to be told of it."""

    links: dict[str, ListedLink] = field(default_factory=dict)
    is_wordpress: bool = False
    of_other_days: int = 0
    without_address: int = 0
    losses: list[str] = field(default_factory=list)


def first_requests(source: Source, discovery: Discovery) -> list[SourceRequest]:
    """One request; WordPress has further pages, other feeds none that can be trusted."""
    assert isinstance(source, Feed)  # noqa: S101 - narrows the type
    return [SourceRequest(discovery.portal.absolute(source.url), "feed")]


def parse(response: SourceResponse, discovery: Discovery) -> Listing:
    """All entries with a web address, in the feed's order. A feed without any is a problem."""
    state = response.request.state if isinstance(response.request.state, FeedState) else FeedState()
    if not response.is_ok:
        return (
            Listing() if state.page > 1 and response.status == 404 else nothing_read(response, is_part=state.page > 1)
        )
    name = f"feed {response.url}"
    try:
        read = _read(response, discovery)
    except UnreadableListing as error:
        return Listing(problems=(f"{name}: {error}",))
    fresh = tuple(link for url, link in read.links.items() if url not in state.before)
    losses = tuple(f"{name}: {loss}" for loss in read.losses)
    problems = losses
    if read.without_address:
        problems += (f"{name}: {read.without_address:,} entries without an address",)
    if not read.links and not problems:
        problems = (f"{name}: no entries",)
    requests = _next_page(fresh, state, response, discovery) if read.is_wordpress else ()
    return Listing(fresh, requests, problems, read.of_other_days, losses=losses)


def _read(response: SourceResponse, discovery: Discovery) -> _Read:
    kind = document_kind(response.body, response.content_type)
    if kind not in {*_XML, "json", ""}:
        raise UnreadableListing(f"is {kind}, not RSS or Atom")
    read, document, left_out = _Read(), Document(), 0
    if response.cut:
        read.losses.append(f"{response.cut}: what stands behind is missing")
    try:
        for stated, base in _json_entries(response) if kind == "json" else _xml_entries(response, discovery, document):
            if discovery.must_stop():
                raise CutListing("the crawl was stopped before its end")
            link = _link(stated, urljoin(response.url, base), response, discovery.portal)
            if link is None:
                read.without_address += 1
            elif link.url in read.links:
                continue
            elif len(read.links) >= MAX_RECORDED_OUTSIDE and stands_outside(link, discovery.window, slack=_DATE_SLACK):
                read.of_other_days += 1
            elif len(read.links) < MAX_LINKS_PER_RESPONSE:
                read.links[link.url] = link
            else:
                left_out += 1
    except CutListing as error:
        read.losses.append(f"{error}: what stands behind is missing")
    if document.damage.is_cut and not read.losses:
        read.losses.append("ends in the middle: what stood behind is missing")
    if left_out:
        read.losses.append(f"more than {MAX_LINKS_PER_RESPONSE:,} entries: {left_out:,} are left out")
    read.is_wordpress = any(each.name.local == "generator" and "wordpress.org" in each.text for each in document.head)
    return read


def _xml_entries(response: SourceResponse, discovery: Discovery, document: Document) -> Iterator[tuple[_Stated, str]]:
    pieces = text_pieces(response.body, response.content_type, must_stop=discovery.must_stop)
    for entry in read_entries(pieces, document, entries=_ENTRIES, wanted=_WANTED):
        yield _stated(entry), urljoin(document.base, entry.attributes.get("xml:base", ""))


def _stated(entry: Entry) -> _Stated:
    """What an XML entry's own elements say: those of `media:` and the like have titles and links too."""
    found: dict[str, str] = {}
    links: list[str] = []
    for each in entry.fields:
        space, local = each.name.space.lower(), each.name.local
        is_own = space == entry.name.space.lower()
        is_atom, is_core = space.startswith(_ATOM) or space == "undeclared:atom", _DUBLIN_CORE in space
        is_core = is_core or space in {"undeclared:dc", "undeclared:dcterms"}
        if each.parents or not (is_own or is_atom or is_core or _FEEDBURNER in space):
            continue
        if local == "link" and each.attributes.get("href"):
            if each.attributes.get("rel", "alternate").lower().rpartition("/")[2] == "alternate":
                links.append(each.attributes["href"])
        elif each.text:
            prefix = "" if is_own or local == "origlink" else "dc:" if is_core else "atom:"
            found.setdefault(f"{prefix}{local}", each.text)
    links = [found["link"], *links] if "link" in found else links
    named = (found.get("origlink"), found.get("guid"), found.get("id"), entry.attributes.get("rdf:about"))
    return _Stated(
        # Other names than addresses («12345», «tag:…») would be read as relative to the feed's own.
        addresses=(*links, *_absolute(named)),
        published=_each(found, _PUBLISHED),
        updated=_each(found, _UPDATED),
        title=found.get("title") or found.get("dc:title"),
    )


def _each(found: dict[str, str], names: tuple[str, ...]) -> tuple[str, ...]:
    spelled = (*names, *(f"atom:{name}" for name in names), *(f"dc:{name}" for name in names))
    return tuple(found[name] for name in spelled if name in found)


def _absolute(named: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(name for name in named if name and name.lower().startswith(("http://", "https://")))


def _json_entries(response: SourceResponse) -> Iterator[tuple[_Stated, str]]:
    """The items of a JSON Feed (jsonfeed.org). Raises UnreadableListing for other JSON."""
    answer = read_json(response.body, response.content_type)
    feed = answer.value
    # Of a feed that breaks off only the list of its items can be read.
    items = feed.get("items") if isinstance(feed, dict) else feed if answer.is_cut else None
    if not isinstance(items, list):
        raise UnreadableListing("is JSON, and no JSON Feed")
    for item in items:
        if isinstance(item, dict):
            named = [text for name in ("url", "external_url") if (text := _text(item, name))]
            published, updated = (
                tuple(filter(None, (_text(item, name),))) for name in ("date_published", "date_modified")
            )
            addresses = (*named, *_absolute((_text(item, "id"),)))
            yield _Stated(addresses, published, updated, _text(item, "title")), ""
    if answer.is_cut:
        raise CutListing("ends in the middle")


def _text(item: dict[str, Any], name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) and value else None


def _next_page(
    fresh: tuple[ListedLink, ...], state: FeedState, response: SourceResponse, discovery: Discovery
) -> tuple[SourceRequest, ...]:
    """WordPress gives ten entries, and more under `paged`: asked for while all are of the window and some unknown."""
    dates = [link.listed_at for link in fresh if link.listed_at]
    if not dates or state.page >= MAX_PAGES or min(dates) < discovery.window.start:
        return ()
    if all(discovery.is_known(link.url) for link in fresh):
        return ()
    further = FeedState(state.page + 1, state.before | {link.url for link in fresh})
    address = response.request.url if state.page == 1 else response.request.url.rpartition("paged=")[0][:-1]
    url = f"{address}{'&' if urlsplit(address).query else '?'}paged={further.page}"
    return (SourceRequest(url, response.request.kind, further),)


def _link(stated: _Stated, base: str, response: SourceResponse, portal: Portal) -> ListedLink | None:
    urls = [url for address in stated.addresses if (url := web_address(address, base))]
    # Feeds that count clicks lead to another host, and name the article's own address beside it.
    url = next((url for url in urls if portal.hosts.owns(url)), urls[0] if urls else None)
    if url is None:
        return None
    fetched_at = response.fetched_at
    listed_at, listed_day = _date(stated.published, portal, witness="feed:pubDate", fetched_at=fetched_at)
    changed_at, _ = _date(stated.updated, portal, witness="feed:updated", fetched_at=fetched_at)
    return ListedLink(
        url=url,
        source=response.request.kind,
        source_url=response.request.url,
        listed_at=listed_at,
        listed_day=listed_day,
        lastmod=changed_at,
        title=" ".join((stated.title or "").split()) or None,
    )


def _date(
    texts: tuple[str, ...], portal: Portal, *, witness: str, fetched_at: datetime
) -> tuple[datetime | None, date | None]:
    read = (read_listed_date(text, portal, witness=witness, fetched_at=fetched_at) for text in texts)
    return next((found for found in read if any(found)), (None, None))

"""Discovery without facts: sitemaps named in robots.txt, feeds of the front page, usual addresses, then the menu.

The steps follow one another, because each is only needed where those before found too little: a run about the present
needs any listing, a run about the past one that lists the past. What works is reported as `found`, to be remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from spiders.politeness.robots_rules import sitemaps_named
from spiders.portal.definition import Feed, Portal, Section, Sitemap, Source, WordPress
from spiders.sources import feed, section, sitemap, wordpress
from spiders.sources.reading.article_links import article_links, parse_page
from spiders.sources.reading.documents import UnreadableListing, page_bytes
from spiders.sources.reading.entries import document_kind
from spiders.sources.reading.json_text import read_json
from spiders.sources.reading.section_links import section_links
from spiders.sources.reading.url_dates import names_other_days
from spiders.sources.records import Discovery, ListedLink, Listing, SourceRequest, SourceResponse, web_address
from storage.model.window import Window

MAX_ROBOTS_SITEMAPS = 30  # robots.txt of some portals names one for each section
MAX_HEAD_FEEDS = 3
SITEMAP_ADDRESSES = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap-news.xml", "/news-sitemap.xml")
FEED_ADDRESSES = ("/feed/", "/rss.xml", "/rss", "/feed.xml", "/rss.aspx", "/atom.xml")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")


@dataclass(frozen=True)
class AutoState:
    """How far the search is: the step, addresses of the step still to try, and what was found so far."""

    step: str = "robots"  # robots, front, sitemaps, wordpress, feeds
    left: tuple[str, ...] = ()
    found: tuple[Source, ...] = ()
    has_links: bool = False  # the front page gave article links
    sections: tuple[str, ...] = ()  # of its menu


def first_requests(source: Source, discovery: Discovery) -> list[SourceRequest]:
    """robots.txt, which often names the sitemaps."""
    return [_request(AutoState(), urljoin(discovery.portal.start_url, "/robots.txt"))]


def parse(response: SourceResponse, discovery: Discovery) -> Listing:
    """Read one step's answer, and ask what the next step needs."""
    state = response.request.state
    assert isinstance(state, AutoState)  # noqa: S101 - narrows the type
    if state.step == "robots":
        return _after_robots(response, state, discovery)
    if state.step == "front":
        return _after_front_page(response, state, discovery)
    return _after_probe(response, state, discovery)


def _after_robots(response: SourceResponse, state: AutoState, discovery: Discovery) -> Listing:
    named, losses = robots_sitemaps(response, discovery.window) if response.is_ok else ((), ())
    sitemaps, problems = _own(named, discovery.portal)
    follow = _follow(sitemaps, discovery)
    front = _request(replace(state, step="front", found=sitemaps), discovery.portal.start_url)
    return Listing(requests=(*follow, front), problems=(*problems, *losses), losses=losses)


def _after_front_page(response: SourceResponse, state: AutoState, discovery: Discovery) -> Listing:
    portal = discovery.portal
    if not response.is_ok:
        cause = response.error or f"status {response.status}"
        further = _next_probe(replace(state, step="sitemaps", left=SITEMAP_ADDRESSES), discovery)
        return Listing(requests=further, problems=(f"front page {portal.start_url}: {cause}",))
    losses: tuple[str, ...] = ()
    try:
        document, cut = page_bytes(response.body)
        named, foreign = _own(head_sources(document, response.url, portal), portal)
        links = article_links(document, response.url, portal)
        sections = tuple(url for url in section_links(document, response.url, portal) if url not in links)
    except UnreadableListing as error:
        named, links, foreign, sections = (), {}, (), ()
        problem: tuple[str, ...] = (f"front page {portal.start_url}: {error}",)
    else:
        problem = () if links else (f"front page {portal.start_url}: no article links",)
        if cut := cut or response.cut:
            losses = (f"front page {portal.start_url}: {cut}",)
    found = tuple(dict.fromkeys((*state.found, *named)))
    listed: tuple[ListedLink, ...] = ()
    if not found and not discovery.is_past:
        listed = tuple(ListedLink(url, "auto", response.url, title=text or None) for url, text in links.items())
    state = AutoState("sitemaps", SITEMAP_ADDRESSES, found, has_links=bool(links), sections=sections)
    return Listing(
        links=listed,
        requests=(*_follow(named, discovery), *_next_probe(state, discovery)),
        problems=(*foreign, *losses, *(problem if not found else ())),
        losses=losses,
    )


def _after_probe(response: SourceResponse, state: AutoState, discovery: Discovery) -> Listing:
    """Probes stop at the first address of a step that answers as it should."""
    source = _recognised(response, state)
    if source is None:
        further = _next_probe(state, discovery)
        if not further and not discovery.is_past and not _is_enough(state, discovery):
            return _pages_of_sections(state, discovery)
        return Listing(requests=further, problems=_nothing_found(state, discovery))
    further = _next_probe(replace(state, found=(*state.found, source), left=()), discovery)
    if isinstance(source, WordPress):
        # The probe asked for the window's posts already: read them out of this answer.
        posts = wordpress.first_requests(source, discovery)[0]
        listing = wordpress.parse(replace(response, request=posts), discovery)
    else:
        parser = sitemap if isinstance(source, Sitemap) else feed
        kind = replace(response.request, kind=source.kind, state=None, is_probe=False)
        listing = parser.parse(replace(response, request=kind), discovery)
    return replace(listing, requests=(*listing.requests, *further), found=(source,))


def _pages_of_sections(state: AutoState, discovery: Discovery) -> Listing:
    """Where nothing lists the whole site: the sections of its menu, and the front page, are its sources."""
    sections = [Section(url) for url in state.sections]
    requests = [
        replace(request, candidate=source, is_probe=True)
        for source in sections
        for request in section.first_requests(source, discovery)
    ]
    front = (Section(discovery.portal.start_url),) if state.has_links else ()
    return Listing(
        requests=tuple(requests), found=front, problems=_nothing_found(state, discovery) if not requests else ()
    )


def _recognised(response: SourceResponse, state: AutoState) -> Source | None:
    if not response.is_ok:
        return None
    try:
        root = document_kind(response.body, response.content_type)
        if state.step == "wordpress":
            return WordPress() if isinstance(read_json(response.body, response.content_type).value, list) else None
    except UnreadableListing:
        return None
    if root in {"urlset", "sitemapindex"}:
        return Sitemap(response.url)
    return Feed(response.url) if root in {"rss", "feed", "rdf"} else None


def _next_probe(state: AutoState, discovery: Discovery) -> tuple[SourceRequest, ...]:
    """The next address to try, going through the steps; none where enough is found."""
    while True:
        if _is_enough(state, discovery):
            return ()
        if state.left:
            url = urljoin(discovery.portal.start_url, state.left[0])
            return (_request(replace(state, left=state.left[1:]), url),)
        if state.step == "sitemaps":
            posts = wordpress.first_requests(WordPress(), discovery)[0].url
            state = replace(state, step="wordpress", left=(posts,))
        elif state.step == "wordpress" and not discovery.is_past:
            state = replace(state, step="feeds", left=FEED_ADDRESSES)
        else:
            return ()


def _is_enough(state: AutoState, discovery: Discovery) -> bool:
    if discovery.is_past:
        return any(source.lists_past for source in state.found)
    return bool(state.found)


def _nothing_found(state: AutoState, discovery: Discovery) -> tuple[str, ...]:
    """What to say when the last probe has failed."""
    if _next_probe(state, discovery) or _is_enough(state, discovery):
        return ()
    name = discovery.portal.name
    if discovery.is_past:
        return (f"auto: {name} has no sitemap and no WordPress API that list the past",)
    return () if state.has_links else (f"auto: no sitemap, feed, API or front page of {name} lists articles",)


def _own(sources: tuple[Source, ...], portal: Portal) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Those on the portal's hosts. Others are not asked unless the definition names them, and the operator is told."""
    own = tuple(source for source in sources if _is_own(getattr(source, "url", ""), portal))
    return own, tuple(
        f"auto: {source.kind} {getattr(source, 'url', '')} is on another host: add it to the sources to have it read"
        for source in sources
        if source not in own
    )


def _is_own(url: str, portal: Portal) -> bool:
    address = portal.absolute(url)
    return portal.hosts.owns(address) or portal.hosts.is_beneath(address)


def _follow(sources: tuple[Source, ...], discovery: Discovery) -> list[SourceRequest]:
    """Requests for sources found on the way: about the past, only those that can list it."""
    parsers = {"sitemap": sitemap, "feed": feed, "wordpress": wordpress}
    return [
        replace(request, candidate=source, is_probe=True)
        for source in sources
        if source.lists_past or not discovery.is_past
        for request in parsers[source.kind].first_requests(source, discovery)
    ]


def robots_sitemaps(response: SourceResponse, window: Window) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """The sitemaps that robots.txt names, those of other years left out, and what is to be told."""
    base = response.url or response.request.url
    urls = [url for named in sitemaps_named(response.body, url=base) if (url := web_address(named, base))]
    kept = [url for url in dict.fromkeys(urls) if not names_other_days(url, window)]
    told = f"auto: robots.txt names {len(kept)} sitemaps: only the first {MAX_ROBOTS_SITEMAPS} are read"
    sitemaps = tuple(Sitemap(url) for url in kept[:MAX_ROBOTS_SITEMAPS])
    return sitemaps, (told,) if len(kept) > MAX_ROBOTS_SITEMAPS else ()


def head_sources(document: bytes, url: str, portal: Portal) -> tuple[Source, ...]:
    """Feeds (not of comments) and the WordPress API that a page's `<link>` elements name."""
    found: dict[Source, None] = {}
    for element in parse_page(document).iter("link"):
        relations = element.get("rel", "").lower().split()
        address = web_address(element.get("href", ""), url)
        if address is None:
            continue
        if "alternate" in relations and element.get("type", "").lower() in _FEED_TYPES:
            if "comment" not in address.lower():
                found[Feed(address)] = None
        elif "https://api.w.org/" in relations and urlsplit(address).netloc == portal.host:
            found[WordPress(address.partition("wp-json")[0])] = None
    feeds = [source for source in found if isinstance(source, Feed)][:MAX_HEAD_FEEDS]
    return (*feeds, *(source for source in found if isinstance(source, WordPress)))


def _request(state: AutoState, url: str) -> SourceRequest:
    return SourceRequest(url, "auto", state, is_probe=state.step != "front")

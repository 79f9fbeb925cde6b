"""Sitemaps: plain, gzipped, news, text, and indexes of sitemaps, read as a stream within bounds."""

from __future__ import annotations

from spiders.portal.definition import NewsSitemap, Sitemap, Source
from spiders.sources import feed
from spiders.sources.reading.documents import CutListing, UnreadableListing
from spiders.sources.reading.entries import document_kind
from spiders.sources.reading.sitemap_entries import Faults, read_addresses, read_sitemap
from spiders.sources.reading.sitemap_links import ChildSitemaps, ChosenLinks, SitemapState
from spiders.sources.records import Discovery, Listing, SourceRequest, SourceResponse, nothing_read


def first_requests(source: Source, discovery: Discovery) -> list[SourceRequest]:
    """One request for the declared sitemap."""
    assert isinstance(source, (Sitemap, NewsSitemap))  # noqa: S101 - narrows the type
    return [SourceRequest(discovery.portal.absolute(source.url), source.kind, SitemapState())]


def parse(response: SourceResponse, discovery: Discovery) -> Listing:
    """Links that may belong to the window, and the child sitemaps of an index that may hold some."""
    if not response.is_ok:
        return nothing_read(response)
    name = f"{response.request.kind} {response.request.url}"
    try:
        kind = document_kind(response.body, response.content_type)
        if kind in {"rss", "feed", "rdf"}:
            return feed.parse(response, discovery)
        if kind not in {"urlset", "sitemapindex", "addresses"}:
            raise UnreadableListing(f"is {kind or 'nothing known'}, not a sitemap")
        return _read(response, discovery, name=name, is_text=kind == "addresses")
    except UnreadableListing as error:
        return Listing() if response.request.is_probe else Listing(problems=(f"{name}: {error}",))


def _read(response: SourceResponse, discovery: Discovery, *, name: str, is_text: bool) -> Listing:
    faults = Faults()
    links, children = ChosenLinks(response, discovery), ChildSitemaps(response, discovery)
    reader = read_addresses if is_text else read_sitemap
    losses = [f"{response.cut}: what stands behind is missing"] if response.cut else []
    try:
        for entry in reader(response, discovery, faults):
            (children if entry.is_index else links).add(entry)
    except CutListing as error:
        losses.append(f"{error}: what stands behind is missing")
    if faults.is_cut and not losses:
        losses.append("ends in the middle: what stood behind is missing")
    problems = [f"{faults.without_address:,} entries without an address"] if faults.without_address else []
    if not links.count and not children.count and not losses:
        problems.append("empty")
    requests = children.requests()
    chosen = links.chosen()
    problems += children.problems + links.problems
    losses += children.losses + links.losses
    return Listing(
        links=chosen,
        requests=requests,
        problems=tuple(f"{name}: {line}" for line in (*losses, *problems)),
        left_out=links.count - len(chosen),
        losses=tuple(f"{name}: {line}" for line in losses),
    )

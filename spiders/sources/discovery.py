"""Discovery of a run's links: which sources to ask for a window, and which parser reads an answer."""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import timedelta
from typing import Protocol, cast

from spiders.portal.definition import Auto, Section, Source, WebArchive
from spiders.sources.records import RECENT, Discovery, Listing, SourceRequest, SourceResponse

# Kinds whose parser is not a module of the same name.
_MODULES = {"news_sitemap": "sitemap", "numeric_ids": "ids.numeric_ids"}
MAX_AHEAD = timedelta(days=1)  # clocks that are off by a zone; portals announce hardly more
COSTLY = ("numeric_ids", "web_archive")  # asked about the present only where a portal has nothing else


class _Parser(Protocol):
    """What each module spiders/sources/<kind>.py offers."""

    def first_requests(self, source: Source, discovery: Discovery) -> list[SourceRequest]: ...
    def parse(self, response: SourceResponse, discovery: Discovery) -> Listing: ...


def begin(discovery: Discovery) -> Listing:
    """The first requests of a run, as a listing without links; problems say that a portal cannot list the window."""
    sources, problems = choose_sources(discovery)
    requests: list[SourceRequest] = []
    for source in sources:
        requests += _parser(source.kind).first_requests(source, discovery)
    return Listing(requests=tuple(dict.fromkeys(requests)), problems=problems)


def read(response: SourceResponse, discovery: Discovery) -> Listing:
    """Read one answer, or a missing one (`error`), with the parser its request names. Never raises for bad content."""
    listing = _without_future(_parser(response.request.kind).parse(response, discovery), discovery)
    candidate = response.request.candidate
    if candidate is not None and (listing.links or listing.requests or listing.left_out):
        listing = replace(listing, found=listing.found or (candidate,))
    if discovery.first_page_only and response.request.kind not in {"auto", "numeric_ids"}:
        # A sample goes down an index, and no further where there are links.
        return replace(listing, requests=() if listing.links else listing.requests[:1])
    return listing


def look_around(discovery: Discovery) -> Listing:
    """The first request of a search for sources beside the declared ones."""
    return Listing(requests=tuple(_parser("auto").first_requests(Auto(), discovery)))


def first_addresses(discovery: Discovery) -> dict[str, Source]:
    """The sources of a run by the address that each is asked at first."""
    return {
        request.url: source
        for source in choose_sources(discovery)[0]
        for request in _parser(source.kind).first_requests(source, discovery)
    }


def _without_future(listing: Listing, discovery: Discovery) -> Listing:
    """A date further ahead than an announcement is a mistake: the link would wait for it for ever."""
    latest = discovery.now + MAX_AHEAD
    if not any(link.listed_at and link.listed_at > latest for link in listing.links):
        return listing
    links = (
        replace(link, listed_at=None) if link.listed_at and link.listed_at > latest else link for link in listing.links
    )
    return replace(listing, links=tuple(links))


def ask_again(discovery: Discovery) -> Listing:
    """What is left to ask when a run has listed nothing: auto discovery afresh, and the front page.

    Not for a portal that only other archives still know, nor for a window that no source was asked about.
    """
    if not choose_sources(discovery)[0] or all(isinstance(source, WebArchive) for source in discovery.portal.sources):
        return Listing()
    requests = _parser("auto").first_requests(Auto(), discovery)
    if discovery.reaches_now:
        requests += _parser("section").first_requests(Section(discovery.portal.start_url), discovery)
    return Listing(requests=tuple(requests))


def choose_sources(discovery: Discovery) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """The sources that can list the window, and problems: a past window needs sources that list the past."""
    declared = _with_remembered(discovery)
    chosen: list[Source] = []
    if discovery.reaches_now:
        chosen += _recent_sources(declared)
    if not discovery.is_past:
        return tuple(chosen), ()
    chosen += [source for source in declared if source.lists_past and source not in chosen]
    if any(source.lists_past for source in declared):
        return tuple(chosen), ()
    day = f"{discovery.now - RECENT:%Y-%m-%d}"
    return tuple(chosen), (f"no source of {discovery.portal.name} lists the past: articles before {day} are missed",)


def _recent_sources(declared: tuple[Source, ...]) -> list[Source]:
    """What tells the present: declared sources, else auto (which `ask_again` brings in where they fail), else ids."""
    cheap = [source for source in declared if source.kind not in COSTLY]
    known = [source for source in cheap if not isinstance(source, Auto)]
    return known or cheap or [source for source in declared if source.kind != "web_archive"]


def _with_remembered(discovery: Discovery) -> tuple[Source, ...]:
    """The definition's sources; what auto found earlier takes its place when it still can list what is asked."""
    declared = discovery.portal.sources
    has_auto = any(isinstance(source, Auto) for source in declared)
    # Sections are what is left when feeds and sitemaps are silent, and those may come back: the search goes on.
    if not has_auto or all(isinstance(source, Section) for source in discovery.remembered):
        return declared
    kept = [source for source in declared if not isinstance(source, Auto)]
    if discovery.is_past and not any(source.lists_past for source in (*kept, *discovery.remembered)):
        kept.append(Auto())
    return tuple(dict.fromkeys((*kept, *discovery.remembered)))


def _parser(kind: str) -> _Parser:
    return cast(_Parser, importlib.import_module(f"spiders.sources.{_MODULES.get(kind, kind)}"))

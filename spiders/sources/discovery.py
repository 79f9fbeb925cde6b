"""Discovery of a run's links: which sources to ask for a window, and which parser reads an answer."""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import timedelta
from typing import Protocol, cast

from spiders.definition import Auto, Source
from spiders.sources.links import Discovery, Listing, SourceRequest, SourceResponse

RECENT = timedelta(days=2)  # feeds, section pages and news sitemaps reach back about this far
_MODULES = {"news_sitemap": "sitemap"}  # kinds whose parser is not a module of the same name
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
    listing = _parser(response.request.kind).parse(response, discovery)
    if discovery.first_page_only and response.request.kind != "auto":
        return replace(listing, requests=listing.requests[:1])
    return listing


def choose_sources(discovery: Discovery) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """The sources that can list the window, and problems: a past window needs sources that list the past."""
    declared = _with_remembered(discovery)
    window, recent_from = discovery.window, discovery.now - RECENT
    reaches_now, reaches_back = window.end > recent_from, window.start < recent_from
    chosen: list[Source] = []
    if reaches_now:
        cheap = [source for source in declared if source.kind not in COSTLY]
        chosen += cheap or [source for source in declared if source.kind != "web_archive"]
    if reaches_back:
        chosen += [source for source in declared if source.lists_past and source not in chosen]
        if not any(source.lists_past for source in declared):
            name = discovery.portal.name
            return tuple(chosen), (
                f"no source of {name} lists the past: articles before {recent_from:%Y-%m-%d} are missed",
            )
    return tuple(chosen), ()


def _with_remembered(discovery: Discovery) -> tuple[Source, ...]:
    """The definition's sources; what auto found earlier takes its place when it still can list what is asked."""
    declared = discovery.portal.sources
    if not discovery.remembered or not any(isinstance(source, Auto) for source in declared):
        return declared
    kept = [source for source in declared if not isinstance(source, Auto)]
    needs_past = discovery.window.start < discovery.now - RECENT
    if needs_past and not any(source.lists_past for source in (*kept, *discovery.remembered)):
        kept.append(Auto())
    return tuple(dict.fromkeys((*kept, *discovery.remembered)))


def _parser(kind: str) -> _Parser:
    return cast(_Parser, importlib.import_module(f"spiders.sources.{_MODULES.get(kind, kind)}"))

"""Archives by day: a page or a sitemap for each day (or month) of the portal's calendar, with further pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from spiders.portal.definition import DatedArchive, Source
from spiders.sources import sitemap
from spiders.sources.reading.article_links import article_links
from spiders.sources.reading.documents import UnreadableListing, page_bytes
from spiders.sources.reading.entries import document_kind
from spiders.sources.records import Discovery, ListedLink, Listing, SourceRequest, SourceResponse, nothing_read
from storage.model.window import Window

MAX_PAGES_A_DAY = 100  # the busiest portals publish some 1,000 articles a day


@dataclass(frozen=True)
class DayState:
    """The day a page lists (None: the address names a month), its number and the links seen on earlier pages."""

    archive: DatedArchive
    day: date
    page: int
    before: frozenset[str] = frozenset()


def first_requests(source: Source, discovery: Discovery) -> list[SourceRequest]:
    """The first page of each day that the window touches in the portal's own calendar."""
    assert isinstance(source, DatedArchive)  # noqa: S101 - narrows the type
    requests: dict[str, SourceRequest] = {}
    for day in _local_days(discovery.window, ZoneInfo(discovery.portal.timezone)):
        request = _request(DayState(source, day, source.first_page), discovery)
        requests.setdefault(request.url, request)
    return list(requests.values())


def parse(response: SourceResponse, discovery: Discovery) -> Listing:
    """The links of one day's page, and the day's next page until one brings nothing new."""
    state = response.request.state
    if not isinstance(state, DayState):
        return sitemap.parse(response, discovery)
    is_first = state.page == state.archive.first_page
    if not response.is_ok:
        is_end = not is_first and response.status in {400, 404, 410}
        return Listing() if is_end else nothing_read(response, is_part=not is_first)
    name = f"dated_archive {response.request.url}"
    try:
        if document_kind(response.body, response.content_type) in {"urlset", "sitemapindex", "rss", "feed", "rdf"}:
            return sitemap.parse(response, discovery)
        document, cut = page_bytes(response.body)
        found = article_links(document, response.url, discovery.portal)
    except UnreadableListing as error:
        return Listing(problems=(f"{name}: {error}",))
    fresh = {url: text for url, text in found.items() if url not in state.before}
    if not fresh:
        return Listing(problems=(f"{name}: no article links",) if is_first else ())
    day = state.day if "{d" in state.archive.url else None
    links = tuple(
        ListedLink(url=url, source="dated_archive", source_url=response.request.url, listed_day=day, title=text or None)
        for url, text in fresh.items()
    )
    requests: tuple[SourceRequest, ...] = ()
    if "{page}" in state.archive.url and state.page - state.archive.first_page + 1 < MAX_PAGES_A_DAY:
        further = replace(state, page=state.page + 1, before=state.before.union(found))
        requests = (_request(further, discovery),)
    cut = cut or response.cut
    losses = [f"{name}: {cut}"] if cut else []
    if "{page}" in state.archive.url and not requests:
        losses.append(f"{name}: more than {MAX_PAGES_A_DAY} pages: the rest is not read")
    return Listing(links=links, requests=requests, problems=tuple(losses), losses=tuple(losses))


def _request(state: DayState, discovery: Discovery) -> SourceRequest:
    day = state.day
    parts = {
        "{yyyy}": f"{day.year:04}",
        "{mm}": f"{day.month:02}",
        "{dd}": f"{day.day:02}",
        "{m}": str(day.month),
        "{d}": str(day.day),
        "{page}": str(state.page),
    }
    url = state.archive.url
    for name, value in parts.items():
        url = url.replace(name, value)
    return SourceRequest(discovery.portal.absolute(url), "dated_archive", state)


def _local_days(window: Window, zone: ZoneInfo) -> list[date]:
    first = window.start.astimezone(zone).date()
    last = (window.end - timedelta(seconds=1)).astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]

"""Section pages: newest first, leading back in time page by page until all links are known."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spiders.portal.definition import Section, Source
from spiders.sources.reading.article_links import article_links
from spiders.sources.reading.documents import UnreadableListing, page_bytes
from spiders.sources.reading.section_links import further_pages
from spiders.sources.records import Discovery, ListedLink, Listing, SourceRequest, SourceResponse, nothing_read

FOUND_PAGES = 5  # of a section that discovery found: what a menu's sections publish in a day or two


@dataclass(frozen=True)
class SectionState:
    """Which page of which section, and the links of the page before: a page that repeats them is past the end."""

    section: Section
    page: int = 1
    before: frozenset[str] = frozenset()


def first_requests(source: Source, discovery: Discovery) -> list[SourceRequest]:
    """The section's first page."""
    assert isinstance(source, Section)  # noqa: S101 - narrows the type
    return [SourceRequest(discovery.portal.absolute(source.url), "section", SectionState(source))]


def parse(response: SourceResponse, discovery: Discovery) -> Listing:
    """The page's article links; the next page, unless the archive knows all of them or it only repeats the last."""
    state = response.request.state
    assert isinstance(state, SectionState)  # noqa: S101 - narrows the type
    if not response.is_ok:
        return (
            Listing() if state.page > 1 and response.status == 404 else nothing_read(response, is_part=state.page > 1)
        )
    section = state.section
    is_tried = response.request.candidate is not None
    try:
        document, cut = page_bytes(response.body)
        found = article_links(document, response.url, discovery.portal, area=section.links)
        if is_tried and (page_url := further_pages(document, response.url, discovery.portal)):
            section = replace(section, page_url=page_url, max_pages=FOUND_PAGES)
    except UnreadableListing as error:
        return Listing() if is_tried else Listing(problems=(f"section {response.request.url}: {error}",))
    if not found and state.page == 1:
        return Listing() if is_tried else Listing(problems=(f"section {response.request.url}: no article links",))
    links = tuple(
        ListedLink(url=url, source="section", source_url=response.request.url, title=text or None)
        for url, text in found.items()
        if url not in state.before
    )
    requests: tuple[SourceRequest, ...] = ()
    has_more = section.page_url is not None and state.page < section.max_pages
    if has_more and section.page_url and any(not discovery.is_known(link.url) for link in links):
        page = state.page + 1
        url = discovery.portal.absolute(section.page_url.replace("{page}", str(page)))
        requests = (SourceRequest(url, "section", SectionState(section, page, frozenset(found))),)
    cut = cut or response.cut
    losses = (f"section {response.request.url}: {cut}",) if cut else ()
    found_sections = (section,) if is_tried and links else ()
    return Listing(links=links, requests=requests, problems=losses, found=found_sections, losses=losses)

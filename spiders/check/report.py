"""What a probe's captures say about a definition: which sources list, what pages give, which rules never matched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from extract.extractor import extract_article
from extract.page import Page
from spiders.http.redirects import MAX_REDIRECTS, sent_on_to
from spiders.portal.definition import Auto, Portal, Source
from spiders.sources.discovery import ask_again, begin, choose_sources, read
from spiders.sources.reading.article_links import is_wanted, parse_page
from spiders.sources.reading.documents import UnreadableListing
from spiders.sources.records import Discovery, ListedLink, SourceResponse
from storage.model.records import Capture, Rejected

RULES = ("title_css", "body_css", "author_css", "date_css", "section_css", "remove_css")
DATES_AGREE = timedelta(days=1)  # a listing's date and the page's may differ by a zone and an edit
_MIN_FEED_LINKS = 5
_MAX_LISTINGS = 50  # of one source


@dataclass(frozen=True)
class SourceFinding:
    """One source of the definition: how it answered and what it listed."""

    kind: str
    url: str
    status: int | None  # None: not asked, or no answer
    links: int = 0
    dated: int = 0
    note: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageFinding:
    """One sampled page and what extraction made of it."""

    url: str
    rejection: str | None = None
    title: str | None = None
    words: int = 0
    published_at: datetime | None = None
    published_source: str | None = None
    published_confidence: float | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def inspect_sources(captures: Iterable[Capture], discovery: Discovery) -> tuple[list[SourceFinding], list[ListedLink]]:
    """A finding a source, and all links they list, in order."""
    answers = {capture.url: capture for capture in captures}
    asked, _ = choose_sources(discovery)
    findings, all_links = [], []
    for source in discovery.portal.sources:
        url = discovery.portal.absolute(getattr(source, "url", ""))
        if source not in asked:
            findings.append(SourceFinding(source.kind, url, None, note="not asked about the present"))
            continue
        finding, links = _inspect_source(source, url, answers, discovery)
        findings.append(finding)
        all_links += links
    return findings, list({link.url: link for link in reversed(all_links)}.values())[::-1]


def _inspect_source(
    source: Source, url: str, answers: dict[str, Capture], discovery: Discovery
) -> tuple[SourceFinding, list[ListedLink]]:
    """Read again, from the captures, what the crawl read of this source."""
    alone = replace(discovery, portal=replace(discovery.portal, sources=(source,)), remembered=())
    waiting = list(begin(alone).requests)
    is_last_resort = False
    links: list[ListedLink] = []
    problems: list[str] = []
    found: list[Source] = []
    status, count = None, 0
    while count < _MAX_LISTINGS:
        if not waiting and isinstance(source, Auto) and not links and not is_last_resort:
            waiting, is_last_resort = list(ask_again(alone).requests), True
        if not waiting:
            break
        request = waiting.pop(0)
        capture = _answer_to(request.url, answers)
        if capture is None:
            if not request.is_probe:
                problems.append(f"{request.url}: no answer was captured")
            continue
        count += 1
        answer = SourceResponse(
            request, capture.captured_at, capture.status, capture.url, capture.headers, capture.body
        )
        status = capture.status if status is None or capture.status == 200 else status
        listing = read(answer, alone)
        links += listing.links
        problems += listing.problems
        found += listing.found
        waiting += listing.requests
    if not links and not problems:
        problems.append(f"{source.kind} {url}: listed nothing")
    note = "found " + ", ".join(f"{s.kind} {getattr(s, 'url', '')}" for s in dict.fromkeys(found)) if found else ""
    dated = sum(link.listed_at is not None or link.listed_day is not None for link in links)
    if links and source.kind in {"feed", "news_sitemap"}:
        wanted = sum(is_wanted(link.url, discovery.portal) for link in links)
        if len(links) >= _MIN_FEED_LINKS and wanted < len(links) / 2:
            example = next(link.url for link in links if not is_wanted(link.url, discovery.portal))
            problems.append(f"article_url fits only {wanted} of {len(links)} links of {url}, not {example}")
    return SourceFinding(source.kind, url, status, len(links), dated, note, tuple(dict.fromkeys(problems))), links


def _answer_to(url: str, answers: dict[str, Capture]) -> Capture | None:
    """The capture of an address, or of where it redirects to."""
    for _ in range(MAX_REDIRECTS + 1):
        capture = answers.get(url)
        if capture is None:
            return None
        target = sent_on_to(capture.status, url, capture.headers, capture.body)
        if target is None:
            return capture
        url = target
    return None


def inspect_page(capture: Capture, link: ListedLink | None, portal: Portal) -> PageFinding:
    """Extract one sampled page; what it lacks, and dates that contradict its listing, are problems."""
    content_type = capture.header("content-type")
    listed_at = link.listed_at if link else None
    page = Page(capture.body, capture.captured_at, capture.url, content_type, capture.status, listed_at)
    article = extract_article(page, portal.profile)
    if isinstance(article, Rejected):
        line = f"{capture.url}: no article: {article.reason}" + (f" ({article.detail})" if article.detail else "")
        return PageFinding(capture.url, rejection=article.reason, problems=(line,))
    problems = []
    if article.published_at is None:
        problems.append(f"{capture.url}: no date was found")
    elif listed_at and abs(article.published_at - listed_at) > DATES_AGREE:
        problems.append(f"{capture.url}: the page says {article.published_at:%Y-%m-%d %H:%M}, {link_source(link)}")
    return PageFinding(
        url=capture.url,
        title=article.title,
        words=article.word_count,
        published_at=article.published_at,
        published_source=article.published_source,
        published_confidence=article.published_confidence,
        language=article.language,
        authors=article.authors,
        problems=tuple(problems),
    )


def link_source(link: ListedLink | None) -> str:
    """What the listing says of the link's date."""
    return f"its {link.source} {link.listed_at:%Y-%m-%d %H:%M}" if link and link.listed_at else "no listing"


def silent_rules(captures: Iterable[Capture], portal: Portal) -> list[str]:
    """Selectors of the definition that match on none of the pages, one line each; empty without pages."""
    trees = []
    for capture in captures:
        try:
            trees.append(parse_page(capture.body))
        except UnreadableListing:
            continue
    rules = [(name, selector) for name in RULES for selector in getattr(portal, name)]
    if not trees:
        return []
    return [
        f"{name} {selector!r} matches on none of {len(trees)} pages"
        for name, selector in rules
        if not any(tree.cssselect(selector) for tree in trees)
    ]

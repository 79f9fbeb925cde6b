"""Articles under ascending numbers: find the ids of a window by probing for dates, then walk the range, gaps included.

The front page tells the newest id; `id_search` says what to probe next. Each probe adds to what is known (`IdsKnown`),
from which the next step follows, so the search is a chain of pure steps. Numbers need not be dense (WordPress counts
images too) nor strictly in order (drafts appear late): the walk takes a margin at either end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from extract.extractor import extract_article
from extract.page import Page
from spiders.portal.definition import NumericIds, Portal, Source
from spiders.sources.ids.id_search import Probed, id_range, next_id
from spiders.sources.reading.article_links import page_links
from spiders.sources.reading.documents import UnreadableListing
from spiders.sources.records import Discovery, ListedLink, Listing, SourceRequest, SourceResponse, nothing_read
from storage.model.records import ArticleText

MARGIN = 40  # ids walked beyond either end, for articles that appeared later than their number
MAX_PROBES = 300  # two bounds × about 25 steps × up to 6 tries where most numbers are gaps
MAX_FAILURES = 10  # probes that ended without an answer: the portal refuses or is down
MAX_WALK = 20_000  # ids listed at most
_MAX_ID_DIGITS = 12
_HOLE = "0idhole0"  # stands for the id while the address is taken apart


@dataclass(frozen=True)
class IdsKnown:
    """What the probes of one run have told so far. `probed` is None until the front page has told the newest id."""

    source: NumericIds
    probed: Probed | None = None
    failures: int = 0
    probing: int | None = None


def first_requests(source: Source, discovery: Discovery) -> list[SourceRequest]:
    """The front page, which links to the newest articles."""
    assert isinstance(source, NumericIds)  # noqa: S101 - narrows the type
    return [SourceRequest(discovery.portal.start_url, "numeric_ids", IdsKnown(source))]


def parse(response: SourceResponse, discovery: Discovery) -> Listing:
    """The next probe, or the links of the range that the probes have found."""
    known = response.request.state
    assert isinstance(known, IdsKnown)  # noqa: S101 - narrows the type
    if known.probed is None:
        if not response.is_ok:
            return nothing_read(response)
        newest = newest_id(response.body, response.url, known.source, discovery.portal)
        if newest is None:
            return Listing(problems=(f"numeric_ids {response.request.url}: no link looks like {known.source.url}",))
        probed, failures = Probed(known.source.first_id, newest), 0
    else:
        probed, failures = _learn(known, known.probed, response, discovery)
    if failures >= MAX_FAILURES:
        return Listing(problems=(f"numeric_ids {known.source.url}: {failures} probes without an answer",))
    probe = _next_probe(probed, discovery)
    if probe is None or len(probed.dated) + len(probed.gaps) >= MAX_PROBES:
        return _walk(known.source, probed, discovery, is_narrow=probe is None)
    state = IdsKnown(known.source, probed, failures, probe)
    url = _address(known.source, probe, discovery)
    return Listing(requests=(SourceRequest(url, "numeric_ids", state, is_probe=True),))


def _next_probe(probed: Probed, discovery: Discovery) -> int | None:
    for target in (discovery.window.start, discovery.window.end):
        probe = next_id(probed, target)
        if probe is not None:
            return probe
    return None


def newest_id(page: bytes, page_url: str, source: NumericIds, portal: Portal) -> int | None:
    """The highest id that the page's links lead to; one far above all others is a trap or a telephone number."""
    path = _path(portal.absolute(source.url.replace("{id}", _HOLE)))
    pattern = re.compile(re.escape(path).replace(_HOLE, rf"(\d{{1,{_MAX_ID_DIGITS}}})") + "/?")
    try:
        matches = [pattern.fullmatch(_path(url)) for url in page_links(page, page_url, portal)]
    except UnreadableListing:
        return None
    ids = sorted({int(match[1]) for match in matches if match})
    while len(ids) > 2 and ids[-1] > 2 * ids[-2]:
        ids.pop()
    return ids[-1] if ids else None


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")


def _learn(known: IdsKnown, probed: Probed, response: SourceResponse, discovery: Discovery) -> tuple[Probed, int]:
    """What is known after a probe, and how many probes got no answer."""
    probing = known.probing or 0
    date = None
    if response.is_ok:
        page = Page(response.body, response.fetched_at, response.url, response.header("content-type"))
        article = extract_article(page, discovery.portal.profile)
        date = article.published_at if isinstance(article, ArticleText) else None
    if date is not None:
        return replace(probed, dated=tuple(sorted({*probed.dated, (probing, date)}))), known.failures
    is_answer = response.status is not None and response.status not in {429, 500, 502, 503, 504}
    return replace(probed, gaps=probed.gaps | {probing}), known.failures + (not is_answer)


def _walk(source: NumericIds, probed: Probed, discovery: Discovery, *, is_narrow: bool) -> Listing:
    """The links of the range. One that the probes did not narrow down is not walked: it may be the whole site."""
    window, name = discovery.window, f"numeric_ids {source.url}"
    if not probed.dated:
        return Listing(problems=(f"{name}: none of {len(probed.gaps)} probed pages tells its date",))
    first, last = id_range(probed, window.start, window.end)
    first, last = max(first - MARGIN, source.first_id), min(last + MARGIN, probed.newest)
    if not is_narrow:
        return Listing(problems=(f"{name}: {MAX_PROBES} probes left ids {first} to {last}: too many to walk",))
    problems: tuple[str, ...] = ()
    oldest = min(date for _, date in probed.dated)
    if oldest >= window.end:
        problems = (f"{name}: no page older than {oldest:%Y-%m-%d} was found",)
    if last - first >= MAX_WALK:
        problems += (f"{name}: of ids {first} to {last} only {MAX_WALK} are walked; ask for shorter windows",)
        last = first + MAX_WALK - 1
    dates = dict(probed.dated)
    # A probed page that tells another day is left out; so are the gaps that probes have seen.
    ids = [i for i in range(first, last + 1) if i not in probed.gaps and (i not in dates or dates[i] in window)]
    links = tuple(
        ListedLink(
            url=_address(source, i, discovery),
            source="numeric_ids",
            source_url=discovery.portal.absolute(source.url),
            is_guess=i not in dates,
        )
        for i in ids
    )
    return Listing(links=links, problems=problems, left_out=last - first + 1 - len(ids))


def _address(source: NumericIds, number: int, discovery: Discovery) -> str:
    return discovery.portal.absolute(source.url.replace("{id}", str(number)))

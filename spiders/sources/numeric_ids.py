"""Articles under ascending numbers: find the ids of a window by probing for dates, then walk the range, gaps included.

The front page tells the newest id. Each probe adds to what is known (`IdsKnown`), from which the next step follows, so
the search is a chain of pure steps. Numbers need not be dense (WordPress counts images too) nor strictly in order
(drafts appear late): a probe that finds nothing moves aside, and the walk takes a margin at either end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from extract.extractor import extract_article
from extract.page import Page
from spiders.definition import NumericIds, Portal, Source
from spiders.sources.article_links import page_links
from spiders.sources.documents import UnreadableListing
from spiders.sources.links import (
    Discovery,
    ListedLink,
    Listing,
    SourceRequest,
    SourceResponse,
    nothing_read,
)
from storage.records import ArticleText

CLOSE_ENOUGH = 32  # ids: walking so many costs less than further probes
MARGIN = 40  # ids walked beyond either end, for articles that appeared later than their number
MAX_PROBES = 160  # two bounds × about 20 halvings × up to 4 tries where most numbers are gaps
MAX_FAILURES = 10  # probes that ended without an answer: the portal refuses or is down
MAX_WALK = 20_000  # ids listed at most
_MAX_ID_DIGITS = 12
_HOLE = "0idhole0"  # stands for the id while the address is taken apart


@dataclass(frozen=True)
class IdsKnown:
    """What the probes of one run have told so far; `dated` is sorted by id."""

    source: NumericIds
    newest: int | None = None
    dated: tuple[tuple[int, datetime], ...] = ()
    gaps: frozenset[int] = frozenset()
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
    if known.newest is None:
        if not response.is_ok:
            return nothing_read(response)
        newest = newest_id(response.body, response.url, known.source, discovery.portal)
        if newest is None:
            return Listing(problems=(f"numeric_ids {response.request.url}: no link looks like {known.source.url}",))
        known = replace(known, newest=newest)
    else:
        known = _learn(known, response, discovery)
    if known.failures >= MAX_FAILURES:
        return Listing(problems=(f"numeric_ids {known.source.url}: {known.failures} probes without an answer",))
    for target in (discovery.window.start, discovery.window.end):
        probe = next_probe(known, target)
        if probe is not None and len(known.dated) + len(known.gaps) < MAX_PROBES:
            url = _address(known.source, probe, discovery)
            request = SourceRequest(url, "numeric_ids", replace(known, probing=probe), is_probe=True)
            return Listing(requests=(request,))
    return _walk(known, discovery)


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


def next_probe(known: IdsKnown, target: datetime) -> int | None:
    """The id to probe next in order to part the ids before `target` from those after, or None when they are parted."""
    newest = known.newest or known.source.first_id
    low, high = _bracket(known, target)
    if high - low <= CLOSE_ENOUGH:
        return None
    dates = dict(known.dated)
    wanted = (low + high) // 2
    # Every other time, guess by time rather than halve: publishing is steady enough to get there sooner.
    if low in dates and high in dates and len(known.dated) % 2 == 0:
        share = (target - dates[low]) / max(dates[high] - dates[low], timedelta(seconds=1))
        wanted = low + round((high - low) * share)
    if high > newest and newest not in dates and newest not in known.gaps:
        wanted = newest
    tried = known.gaps | dates.keys()
    return next((i for i in _around(wanted, low=low, high=high) if i not in tried), None)


def _bracket(known: IdsKnown, target: datetime) -> tuple[int, int]:
    """The closest ids known to lie before and after the target; where they cross, the ids are out of order."""
    newest = known.newest or known.source.first_id
    low = max((i for i, date in known.dated if date < target), default=known.source.first_id - 1)
    high = min((i for i, date in known.dated if date >= target), default=newest + 1)
    return low, high


def _around(wanted: int, *, low: int, high: int) -> Iterator[int]:
    """Ids between low and high, from the wanted one outwards in growing steps, so that a long gap is soon left."""
    yield min(max(wanted, low + 1), high - 1)
    step = 1
    while step < high - low:
        for candidate in (wanted + step, wanted - step):
            if low < candidate < high:
                yield candidate
        step += max(1, step // 2)


def _learn(known: IdsKnown, response: SourceResponse, discovery: Discovery) -> IdsKnown:
    probed = known.probing or 0
    answered = response.status is not None and response.status not in {429, 500, 502, 503, 504}
    date = None
    if response.is_ok:
        page = Page(response.body, response.fetched_at, response.url, response.header("content-type"))
        article = extract_article(page, discovery.portal.profile)
        date = article.published_at if isinstance(article, ArticleText) else None
    if date is not None:
        return replace(known, dated=tuple(sorted({*known.dated, (probed, date)})), probing=None)
    failures = known.failures + (not answered)
    return replace(known, gaps=known.gaps | {probed}, failures=failures, probing=None)


def _walk(known: IdsKnown, discovery: Discovery) -> Listing:
    window, newest = discovery.window, known.newest or known.source.first_id
    name = f"numeric_ids {known.source.url}"
    if not known.dated:
        return Listing(problems=(f"{name}: none of {len(known.gaps)} probed pages tells its date",))
    problems = []
    if any(next_probe(known, bound) is not None for bound in (window.start, window.end)):
        problems.append(f"{name}: {MAX_PROBES} probes did not narrow the range down")
    first = max(min(_bracket(known, window.start)) - MARGIN, known.source.first_id)
    last = min(max(_bracket(known, window.end)) + MARGIN, newest)
    if last - first >= MAX_WALK:
        problems.append(f"{name}: ids {first} to {last}: only the first {MAX_WALK} are walked; ask for shorter windows")
        last = first + MAX_WALK - 1
    dates = dict(known.dated)
    # A probed page that tells another day is left out; so are the gaps that probes have seen.
    ids = [i for i in range(first, last + 1) if i not in known.gaps and (i not in dates or dates[i] in window)]
    links = tuple(
        ListedLink(
            url=_address(known.source, i, discovery),
            source="numeric_ids",
            source_url=discovery.portal.absolute(known.source.url),
            is_guess=i not in dates,
        )
        for i in ids
    )
    return Listing(links=links, problems=tuple(problems), left_out=last - first + 1 - len(ids))


def _address(source: NumericIds, number: int, discovery: Discovery) -> str:
    return discovery.portal.absolute(source.url.replace("{id}", str(number)))

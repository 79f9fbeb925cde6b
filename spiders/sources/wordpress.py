"""The WordPress REST API: posts between two instants, in order, with exact dates; the best source for a past window."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode, urljoin
from zoneinfo import ZoneInfo

from spiders.portal.definition import Portal, Source, WordPress
from spiders.sources.reading.documents import UnreadableListing
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
    web_address,
)

PER_PAGE = 100  # the API's maximum
MAX_PAGES = 200
MAX_WITHDRAWN = 2  # posts that may be gone between the first page and the last, or one in fifty
# Older WordPress compares `after` and `before` with the site's local clock, whatever zone they carry: ask for more,
# by the widest offset of an Arab country's clock, and choose by `date_gmt`.
CLOCK_SLACK = timedelta(hours=4)


@dataclass(frozen=True)
class PostsState:
    """Which page; `plain` asks without permalinks, as sites without them need it.

    `seen` posts came on the pages before, the last of them with the addresses `before`; the API said that there are
    `promised`, or only let it be seen that there are more (`has_more`).
    """

    root: str
    page: int = 1
    plain: bool = False
    is_before: bool = False  # asks for the last post before a window that has none
    seen: int = 0
    promised: int | None = None
    has_more: bool = False
    has_kept: bool = False  # something of the window
    before: frozenset[str] = frozenset()


def first_requests(source: Source, discovery: Discovery) -> list[SourceRequest]:
    """The first page of the window's posts."""
    assert isinstance(source, WordPress)  # noqa: S101 - narrows the type
    return [_request(PostsState(discovery.portal.absolute(source.url)), discovery)]


def parse(response: SourceResponse, discovery: Discovery) -> Listing:
    """The page's posts, and the next page while there is more: totals may lie, pages may repeat or be capped."""
    state = response.request.state
    assert isinstance(state, PostsState)  # noqa: S101 - narrows the type
    name = f"wordpress {response.request.url}"
    status, posts, told, is_cut = _answer(response)
    if status == 404 and not state.plain and state.page == 1:
        return Listing(requests=(_request(replace(state, plain=True), discovery),))
    if status == 400 and state.page > 1:
        return _ended(name, state, discovery)  # a page beyond the last
    if not response.is_ok:
        return nothing_read(response, is_part=state.page > 1)
    if posts is None:
        return _unread(f"{name}: not the posts API: {told}", state)
    listing = _read(posts[:MAX_LINKS_PER_RESPONSE], response, state, discovery, name=name)
    more = len(posts) - MAX_LINKS_PER_RESPONSE
    losses: tuple[str, ...] = (
        (f"{name}: more than {MAX_LINKS_PER_RESPONSE:,} posts: {more:,} are left out",) if more > 0 else ()
    )
    if is_cut:
        losses += (f"{name}: ends in the middle: what stands behind is missing",)
    problems = losses if state.page > 1 or not told else (*losses, f"{name}: {told}")
    return replace(listing, problems=(*listing.problems, *problems), losses=(*listing.losses, *losses))


def _answer(response: SourceResponse) -> tuple[int | None, list[Any] | None, str, bool]:
    """The status, also where an error object with status 200 names another one; the posts; what is to be told."""
    if not response.is_ok:
        return response.status, None, "", False
    try:
        answer = read_json(response.body, response.content_type)
    except UnreadableListing as error:
        return response.status, None, str(error), False
    posts = answer.value
    if isinstance(posts, dict) and posts and all(key.isdigit() for key in posts):
        posts = list(posts.values())  # as PHP writes a list of which something was taken out
    if isinstance(posts, list):
        return (
            response.status,
            posts,
            f"something is printed around the posts: {answer.noise}" if answer.noise else "",
            answer.is_cut,
        )
    data, code = answer.value.get("data"), answer.value.get("code")
    status = data.get("status") if isinstance(data, dict) else None
    named = f"answers with the error {code[:80]}" if isinstance(code, str) else "is an object"
    return status if isinstance(status, int) else response.status, None, named, False


def _read(posts: list[Any], response: SourceResponse, state: PostsState, discovery: Discovery, *, name: str) -> Listing:
    links = [link for post in posts if (link := _link(post, response, discovery.portal))]
    if state.is_before:
        return Listing(links=tuple(links[:1]))
    addresses = frozenset(link.url for link in links)
    if state.page > 1 and addresses <= state.before:
        cause = f"page {state.page} repeats the page before it" if addresses else ""
        return _ended(name, state, discovery, cause=cause)
    kept = tuple(link for link in links if link.listed_at is None or link.listed_at in discovery.window)
    pages, total = _number(response, "X-WP-TotalPages"), _number(response, "X-WP-Total")
    further = replace(
        state,
        page=state.page + 1,
        seen=state.seen + len(posts),
        promised=total if total is not None else state.promised,
        has_kept=state.has_kept or bool(kept),
        before=addresses,
    )
    has_more = len(posts) >= PER_PAGE or state.page < (pages or 0) or further.seen < (further.promised or 0)
    further = replace(further, has_more=has_more)
    left_out = len(posts) - len(kept)
    if posts and not links:
        return _unread(f"{name}: none of {len(posts)} posts has an address", further)
    nameless = len(posts) - len(links)
    told = (f"{name}: {nameless} posts of {len(posts)} without an address",) if nameless else ()
    # Where nothing says how many there are, a host may give fewer a page than were asked for: one more is tried.
    if not posts or not (has_more or (pages is None and total is None)):
        ended = _ended(name, further, discovery)
        return replace(ended, links=kept, left_out=left_out, problems=(*told, *ended.problems))
    if state.page >= MAX_PAGES:
        return _unread(f"{name}: more than {MAX_PAGES} pages; ask for shorter windows", further, kept)
    return Listing(kept, (_request(further, discovery),), told, left_out)


def _ended(name: str, state: PostsState, discovery: Discovery, *, cause: str = "") -> Listing:
    """The end of the pages; a loss where there is clearly more. A few posts may be withdrawn while we are paging."""
    requests: tuple[SourceRequest, ...] = ()
    if not state.has_kept and not discovery.reaches_now:
        # Its date shows that the API answers, and that nothing was published in the window.
        requests = (_request(PostsState(state.root, plain=state.plain, is_before=True), discovery),)
    if state.promised is None:
        is_loss = bool(cause) and state.has_more
    else:
        is_loss = state.promised - state.seen > max(MAX_WITHDRAWN, state.promised // 50)
    if not is_loss:
        return Listing(requests=requests)
    promised = "" if state.promised is None else f" of {state.promised:,}"
    line = f"{name}: {cause or 'the pages end'} behind {state.seen:,} posts{promised}"
    return Listing(requests=requests, problems=(line,), losses=(line,))


def _unread(line: str, state: PostsState, links: tuple[ListedLink, ...] = ()) -> Listing:
    return Listing(links, problems=(line,), losses=(line,) if state.page > 1 else ())


def _number(response: SourceResponse, header: str) -> int | None:
    text = (response.header(header) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _request(state: PostsState, discovery: Discovery) -> SourceRequest:
    window = discovery.window
    query = {
        "after": f"{window.start - CLOCK_SLACK:%Y-%m-%dT%H:%M:%S}Z",
        "before": f"{window.end + CLOCK_SLACK:%Y-%m-%dT%H:%M:%S}Z",
        "per_page": PER_PAGE,
        "page": state.page,
        "orderby": "date",
        "order": "asc",
        "_fields": "link,date,date_gmt,modified_gmt,title",
    }
    if state.is_before:
        del query["after"]
        query |= {"before": f"{window.start - CLOCK_SLACK:%Y-%m-%dT%H:%M:%S}Z", "per_page": 1, "order": "desc"}
    path = "?" + urlencode({"rest_route": "/wp/v2/posts"}) + "&" if state.plain else "wp-json/wp/v2/posts?"
    return SourceRequest(urljoin(state.root, path + urlencode(query, safe=":,")), "wordpress", state)


def _link(post: Any, response: SourceResponse, portal: Portal) -> ListedLink | None:
    address = post.get("link") if isinstance(post, dict) else None
    url = web_address(address, response.url) if isinstance(address, str) and address else None
    if url is None:
        return None
    fetched_at = response.fetched_at
    listed_at = _instant(post, "date", portal, fetched_at)
    lastmod = _instant(post, "modified", portal, fetched_at)
    title = post.get("title")
    rendered = title.get("rendered") if isinstance(title, dict) else None
    return ListedLink(
        url=url,
        source="wordpress",
        source_url=response.request.url,
        listed_at=listed_at,
        lastmod=lastmod,
        title=" ".join(html.unescape(rendered).split()) if isinstance(rendered, str) else None,
    )


def _instant(post: dict[str, Any], name: str, portal: Portal, fetched_at: datetime) -> datetime | None:
    """The time in UTC that the API states, or else the site's own; midnight is a time here like any other."""
    for spelled, zone in ((f"{name}_gmt", "Z"), (name, "")):
        text = post.get(spelled)
        if not isinstance(text, str) or not text:
            continue
        text = text if text[-1:] == "Z" else f"{text}{zone}"
        instant, day = read_listed_date(text, portal, witness=f"wordpress:{spelled}", fetched_at=fetched_at)
        if instant or day:
            local = UTC if zone else ZoneInfo(portal.timezone)
            return instant or datetime.combine(day or date.min, time(), local).astimezone(UTC)
    return None

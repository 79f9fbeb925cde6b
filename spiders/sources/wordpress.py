"""The WordPress REST API: posts between two instants, in order, with exact dates; the best source for a past window."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urljoin

from spiders.portal.definition import Portal, Source, WordPress
from spiders.sources.reading.documents import UnreadableListing, plain_bytes
from spiders.sources.reading.listed_dates import read_listed_date
from spiders.sources.records import (
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
# Older WordPress compares `after` and `before` with the site's local clock, whatever zone they carry: ask for more,
# by the widest offset of an Arab country's clock, and choose by `date_gmt`.
CLOCK_SLACK = timedelta(hours=4)


@dataclass(frozen=True)
class PostsState:
    """Which page; `plain` asks without permalinks, as sites without them need it."""

    root: str
    page: int = 1
    plain: bool = False
    is_before: bool = False  # asks for the last post before a window that has none


def first_requests(source: Source, discovery: Discovery) -> list[SourceRequest]:
    """The first page of the window's posts."""
    assert isinstance(source, WordPress)  # noqa: S101 - narrows the type
    return [_request(PostsState(discovery.portal.absolute(source.url)), discovery)]


def parse(response: SourceResponse, discovery: Discovery) -> Listing:
    """The page's posts, and the next page as far as the answer's X-WP-TotalPages goes."""
    state = response.request.state
    assert isinstance(state, PostsState)  # noqa: S101 - narrows the type
    if response.status == 404 and not state.plain and state.page == 1:
        return Listing(requests=(_request(replace(state, plain=True), discovery),))
    if not response.is_ok:
        # A page beyond the last is answered with 400: posts may have been withdrawn while we were paging.
        return Listing() if state.page > 1 and response.status == 400 else nothing_read(response)
    posts = _posts(response)
    if posts is None:
        return Listing(problems=(f"wordpress {response.request.url}: not the posts API",))
    links = [link for post in posts[:PER_PAGE] if (link := _link(post, response, discovery.portal))]
    if state.is_before:
        return Listing(links=tuple(links[:1]))
    kept = tuple(link for link in links if link.listed_at is None or link.listed_at in discovery.window)
    total = response.header("X-WP-TotalPages") or ""
    has_more = state.page < int(total) if total.isascii() and total.isdigit() else len(posts) >= PER_PAGE
    requests: tuple[SourceRequest, ...] = ()
    problems: tuple[str, ...] = ()
    if state.page == 1 and not has_more and not kept and not discovery.reaches_now:
        # Its date shows that the API answers, and that nothing was published in the window.
        requests = (_request(replace(state, is_before=True), discovery),)
    if has_more and state.page >= MAX_PAGES:
        problems = (f"wordpress {response.request.url}: more than {MAX_PAGES} pages; ask for shorter windows",)
    elif has_more:
        requests = (_request(replace(state, page=state.page + 1), discovery),)
    return Listing(links=kept, requests=requests, problems=problems, left_out=len(posts) - len(kept))


def _request(state: PostsState, discovery: Discovery) -> SourceRequest:
    window = discovery.window
    query = {
        "after": f"{window.start - CLOCK_SLACK:%Y-%m-%dT%H:%M:%S}Z",
        "before": f"{window.end + CLOCK_SLACK:%Y-%m-%dT%H:%M:%S}Z",
        "per_page": PER_PAGE,
        "page": state.page,
        "orderby": "date",
        "order": "asc",
        "_fields": "link,date_gmt,modified_gmt,title",
    }
    if state.is_before:
        del query["after"]
        query |= {"before": f"{window.start - CLOCK_SLACK:%Y-%m-%dT%H:%M:%S}Z", "per_page": 1, "order": "desc"}
    path = "?" + urlencode({"rest_route": "/wp/v2/posts"}) + "&" if state.plain else "wp-json/wp/v2/posts?"
    return SourceRequest(urljoin(state.root, path + urlencode(query, safe=":,")), "wordpress", state)


def _posts(response: SourceResponse) -> list[Any] | None:
    try:
        posts = json.loads(plain_bytes(response.body).decode("utf-8-sig"))
    except (UnreadableListing, ValueError, RecursionError):
        return None
    return posts if isinstance(posts, list) else None


def _link(post: Any, response: SourceResponse, portal: Portal) -> ListedLink | None:
    address = post.get("link") if isinstance(post, dict) else None
    url = web_address(address, response.url) if isinstance(address, str) and address else None
    if url is None:
        return None
    listed_at, _ = read_listed_date(_gmt(post.get("date_gmt")), portal, witness="wordpress:date_gmt")
    lastmod, _ = read_listed_date(_gmt(post.get("modified_gmt")), portal, witness="wordpress:modified_gmt")
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


def _gmt(text: object) -> str | None:
    return (
        f"{text}Z" if isinstance(text, str) and text and text[-1:] != "Z" else text if isinstance(text, str) else None
    )

"""Walks a site that is written down in a dictionary, as the spider walks a real one: requests in, answers out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from spiders.portal.definition import Portal, Source
from spiders.sources import discovery
from spiders.sources.records import Discovery, ListedLink, SourceRequest, SourceResponse
from storage.model.window import Window

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
TODAY = Window(NOW - timedelta(hours=32), NOW - timedelta(hours=8))
MARCH_FIFTH = Window(datetime(2024, 3, 5, tzinfo=UTC), datetime(2024, 3, 6, tzinfo=UTC))
ROOT = "https://news.example/"

Answer = bytes | str | int | tuple[int, bytes, tuple[tuple[str, str], ...]]
Site = Mapping[str, Answer] | Callable[[str], Answer]


def portal(*sources: Source, **fields: object) -> Portal:
    """A portal of these sources at news.example, in Cairo time."""
    empty = Portal(
        name="example", title_ar="مثال", title_en="Example", country="EG", timezone="Africa/Cairo", start_url=ROOT
    )
    return replace(empty, sources=sources, **fields)  # type: ignore[arg-type]


@dataclass
class Walk:
    """What a walk brought: links in order, problems, addresses asked, sources found, entries left out."""

    links: list[ListedLink] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    found: list[Source] = field(default_factory=list)
    left_out: int = 0

    @property
    def urls(self) -> list[str]:
        return [link.url for link in self.links]


def answer(request: SourceRequest, content: Answer | None) -> SourceResponse:
    """The response to a request: bytes or text with status 200, a bare status, or status, body and headers."""
    if content is None:
        content = 404
    status, body, headers = content if isinstance(content, tuple) else (200, content, ())
    if isinstance(body, int):
        status, body = body, b""
    if isinstance(body, str):
        body = body.encode()
    return SourceResponse(request, NOW, status, request.url, headers, body)


def walk(asked: Portal, site: Site, window: Window = TODAY, *, limit: int = 500, **fields: object) -> Walk:
    """Follow all requests of a discovery through the site; an address is asked once, as in a crawl."""
    task = Discovery(asked, window, NOW, **fields)  # type: ignore[arg-type]
    listing = discovery.begin(task)
    done = Walk(problems=list(listing.problems))
    waiting = deque(listing.requests)
    while waiting:
        request = waiting.popleft()
        if request.url in done.asked and request.kind != "auto":
            continue
        done.asked.append(request.url)
        hash(request)  # the crawl keeps requests in a set
        assert len(done.asked) <= limit, f"discovery does not end: {done.asked[-5:]}"
        content = site(request.url) if callable(site) else site.get(request.url)
        listing = discovery.read(answer(request, content), task)
        done.links += listing.links
        done.problems += listing.problems
        done.found += listing.found
        done.left_out += listing.left_out
        waiting.extend(listing.requests)
    return done

"""What the demo portal answers to a request; faults and the wire are not its business."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

from warraq.demo.portal import DemoSite, SitePage, plain_path
from warraq.demo.server import wordpress_api
from warraq.demo.server.listings import Listings
from warraq.demo.site import words
from warraq.demo.site.non_articles import STUBS
from warraq.demo.site.stories import EDITED_AFTER

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
JSON = "application/json; charset=utf-8"
_ARCHIVE = re.compile(r"/archive/(\d{4})/(\d{2})/(\d{2})/?")
_SECTION = re.compile(r"/section/([a-z]+)(?:/page/(\d{1,6}))?/?")
_DAY_SITEMAP = re.compile(r"/sitemaps/(\d{4})-(\d{2})-(\d{2})\.xml(\.gz)?")
_ID = re.compile(r"/(\d{6,9})/?")


@dataclass(frozen=True)
class Answer:
    """A response before faults, conditions and content-encoding."""

    status: int
    body: bytes = b""
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    last_modified: datetime | None = None


@dataclass(frozen=True)
class Target:
    """A request's target, read: its path in one spelling, its query, and the article it names if it names one."""

    path: str
    query: str
    number: int | None
    variant: str = ""  # amp or m

    @property
    def name(self) -> str:
        """How faults and hits call it: the path, with the query where it names the article or a page."""
        return f"{self.path}?{self.query}" if self.query else self.path


def read_target(site: DemoSite, raw: str) -> Target:
    """Read a request line's target, in any spelling of its Arabic letters."""
    parts = urlsplit(raw if raw.startswith("/") else "/")
    path = plain_path(parts.path)
    for variant in ("amp", "m"):
        if path.startswith(f"/{variant}/"):
            number = site.number_at(path.removeprefix(f"/{variant}"), parts.query)
            return Target(path, parts.query, number, variant)
    return Target(path, parts.query, site.number_at(path, parts.query))


class Answers:
    """Answers of one site."""

    def __init__(self, site: DemoSite, listings: Listings) -> None:
        self.site = site
        self.listings = listings
        newest = next(site.newest(1), None)
        self._updated = newest.published_at if newest else site.calendar.clock
        self._lists: dict[str, tuple[Callable[[], bytes], str]] = {
            "/feed": (listings.feed, RSS),
            "/feed/": (listings.feed, RSS),
            "/rss.xml": (listings.feed, RSS),
            "/sitemap.xml": (listings.sitemap_index, XML),
            "/sitemap_index.xml": (listings.sitemap_index, XML),
            "/news-sitemap.xml": (listings.news_sitemap, XML),
            "/sitemaps/sections.xml": (listings.sections_sitemap, XML),
        }

    def answer(self, target: Target, *, edition: int = 0, deny_robots: bool = False) -> Answer:
        """The answer to a GET. `edition` is the edition of the article that is out."""
        if target.number is not None:
            return self._article(target.number, edition, amp=target.variant == "amp")
        fixed = self._fixed(target.path, deny_robots=deny_robots)
        if fixed:
            return fixed
        return self._paged(target) or self._by_id(target) or Answer(404, self.listings.not_found())

    def _article(self, number: int, edition: int, *, amp: bool) -> Answer:
        page = self.site.amp_page(number, edition=edition) if amp else self.site.page(number, edition=edition)
        changed = self.site.calendar.published_at(number)
        return self._ok(page, changed + EDITED_AFTER if edition else changed)

    def _ok(self, page: SitePage, last_modified: datetime | None = None) -> Answer:
        return Answer(200, page.body, page.content_type, last_modified=last_modified)

    def _fixed(self, path: str, *, deny_robots: bool) -> Answer | None:
        if path == "/robots.txt":
            return Answer(200, self.listings.robots(deny=deny_robots), "text/plain; charset=utf-8")
        if path in self._lists:
            make, content_type = self._lists[path]
            return Answer(200, make(), content_type)
        if path in STUBS:
            return self._ok(self.site.stub_page(STUBS[path]))
        if path in self.site.odd_paths():
            return self._ok(self.site.odd_page(path)[0], self._updated)
        if path in ("/wp-json/", "/wp-json") and self.site.wordpress:
            return self._api(wordpress_api.index(self.site))
        return None

    def _paged(self, target: Target) -> Answer | None:
        if target.path == "/wp-json/wp/v2/posts" and self.site.wordpress:
            return self._api(wordpress_api.posts(self.site, target.query, edition_of=self.listings.edition_of))
        body: bytes | None = None
        if match := _DAY_SITEMAP.fullmatch(target.path):
            day = _day(match[1], match[2], match[3])
            if day and self.site.first_day <= day <= self.site.calendar.last_day:
                body = self.listings.day_sitemap(day)
                return (
                    Answer(200, gzip.compress(body, 6, mtime=0), "application/gzip")
                    if match[4]
                    else Answer(200, body, XML)
                )
        elif match := _ARCHIVE.fullmatch(target.path):
            day, page = _day(match[1], match[2], match[3]), parse_qs(target.query).get("page", ["1"])[0]
            if day and page.isascii() and page.isdigit() and int(page[:6]) > 0:
                body = self.listings.archive_day(day, page=int(page[:6]))
        elif (match := _SECTION.fullmatch(target.path)) and match[1] in words.SECTIONS:
            body = self.listings.section(match[1], page=max(1, int(match[2] or 1)))
        return None if body is None else Answer(200, body)

    def _by_id(self, target: Target) -> Answer | None:
        """/577176/ and /?p=577176 lead to the article's address, as in WordPress; the front page is / alone."""
        match = _ID.fullmatch(target.path)
        identifier = match[1] if match else parse_qs(target.query).get("p", [""])[0] if target.path == "/" else ""
        if identifier.isascii() and identifier.isdigit() and len(identifier) < 10:
            number = self.site.number_of_id(int(identifier))
            if number is not None:
                address = self.site.base_url + self.site.path(self.site.card(number))
                return Answer(301, headers=(("Location", address),))
        return Answer(200, self.listings.front_page(), last_modified=self._updated) if target.path == "/" else None

    def _api(self, answer: wordpress_api.ApiAnswer) -> Answer:
        return Answer(answer.status, answer.body, JSON, answer.headers)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None

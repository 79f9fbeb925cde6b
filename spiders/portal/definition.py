"""A portal's definition: plain data, standard library only, so that listing all portals stays cheap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar
from urllib.parse import urljoin, urlsplit
from zlib import crc32

from extract.profile import DateQuirk, PortalProfile
from storage.identity.hosts import PortalHosts
from storage.identity.urls import canonical_url


@dataclass(frozen=True)
class Source:
    """Base of all kinds of source. `lists_past` says whether it can list a window long gone."""

    kind: ClassVar[str] = ""
    lists_past: ClassVar[bool] = False


@dataclass(frozen=True)
class Feed(Source):
    """An RSS or Atom feed."""

    url: str
    kind: ClassVar[str] = "feed"


@dataclass(frozen=True)
class NewsSitemap(Source):
    """A Google News sitemap: the last two days, with publication dates."""

    url: str
    kind: ClassVar[str] = "news_sitemap"


@dataclass(frozen=True)
class Sitemap(Source):
    """A sitemap or sitemap index, nested and gzipped ones included; followed by `lastmod` and dates in URLs."""

    url: str
    kind: ClassVar[str] = "sitemap"
    lists_past: ClassVar[bool] = True


@dataclass(frozen=True)
class DatedArchive(Source):
    """A page or sitemap per day. `url` holds {yyyy}, {mm}, {dd}, and {page} or {m}, {d} where they occur."""

    url: str
    first_page: int = 1
    kind: ClassVar[str] = "dated_archive"
    lists_past: ClassVar[bool] = True


@dataclass(frozen=True)
class Section(Source):
    """A section page, newest first; `page_url` holds {page} and leads back in time up to `max_pages`."""

    url: str
    page_url: str | None = None
    max_pages: int = 1
    links: str | None = None  # CSS of the area that holds article links
    kind: ClassVar[str] = "section"


@dataclass(frozen=True)
class WordPress(Source):
    """The WordPress REST API: exact windows, the best source for backfills. `url` is the site's root."""

    url: str = "/"
    kind: ClassVar[str] = "wordpress"
    lists_past: ClassVar[bool] = True


@dataclass(frozen=True)
class NumericIds(Source):
    """Articles under ascending numbers: `url` holds {id}. The id range of a window is found by bisection."""

    url: str
    first_id: int = 1
    kind: ClassVar[str] = "numeric_ids"
    lists_past: ClassVar[bool] = True


@dataclass(frozen=True)
class WebArchive(Source):
    """Captures kept by others: the Wayback Machine's CDX server or a Common Crawl index.

    `endpoint` replaces the service's own addresses, for a mirror or another archive with the same interface.
    """

    url: str  # a URL prefix of the portal, e.g. www.example.com/news/
    service: str = "wayback"  # wayback or commoncrawl
    endpoint: str | None = None
    kind: ClassVar[str] = "web_archive"
    lists_past: ClassVar[bool] = True

    @property
    def index_url(self) -> str:
        """Where captures are looked up."""
        known = {"wayback": "https://web.archive.org", "commoncrawl": "https://index.commoncrawl.org"}
        return (self.endpoint or known[self.service]).rstrip("/")

    @property
    def pages_url(self) -> str:
        """Where the captured bytes are."""
        known = {"wayback": "https://web.archive.org", "commoncrawl": "https://data.commoncrawl.org"}
        return (self.endpoint or known[self.service]).rstrip("/")

    @property
    def hosts(self) -> tuple[str, ...]:
        """Hosts outside of the portal that this source asks."""
        return tuple(dict.fromkeys(urlsplit(url).netloc for url in (self.index_url, self.pages_url)))


@dataclass(frozen=True)
class Auto(Source):
    """Found by trying: sitemaps in robots.txt, usual addresses, feed links in the head, then the front page."""

    kind: ClassVar[str] = "auto"
    lists_past: ClassVar[bool] = True


@dataclass(frozen=True)
class Politeness:
    """How gently a portal is asked; one budget for all runs together."""

    delay_seconds: float = 1.0
    concurrency: int = 2
    max_requests_per_run: int = 20_000


@dataclass(frozen=True)
class Retired:
    """The portal is not archived any more: since when (a day), and why. What was archived stays readable."""

    since: str
    reason: str


@dataclass(frozen=True)
class Thresholds:
    """From when on operators are told of this portal; what is not set goes by the portal's own rhythm."""

    silent_hours: float | None = None
    late_windows: int = 3


def own_minute(name: str) -> int:
    """The minute of the hour at which a portal of this name begins: spread evenly, and always the same."""
    return crc32(name.encode()) % 60


@dataclass(frozen=True)
class Portal:
    """A news site. URLs of sources may be relative to `start_url`."""

    name: str
    title_ar: str
    title_en: str
    country: str  # ISO 3166-1 alpha-2, or XX for pan-Arab and foreign broadcasters
    timezone: str  # IANA
    start_url: str
    sources: tuple[Source, ...] = (Auto(),)
    domains: tuple[str, ...] = ()  # further hosts of the same portal; the host of start_url is always one
    folded_hosts: tuple[str, ...] = ()  # hosts (mobile, amp, www) whose paths mean the same as on start_url's host
    article_url: str | None = None  # regular expression (search) over the URL of an article
    not_article_url: str | None = None
    keep_query: tuple[str, ...] = ()
    told_apart_by: tuple[str, ...] = ()  # parameters that look like tracking and name stories here; crawls learn more
    language: str = "ar"
    schedule: str = ""  # cron, in the portal's zone; the DAG's data interval. Empty: hourly, see `own_minute`
    politeness: Politeness = Politeness()
    site_names: tuple[str, ...] = ()
    title_css: tuple[str, ...] = ()
    body_css: tuple[str, ...] = ()
    author_css: tuple[str, ...] = ()
    date_css: tuple[str, ...] = ()
    section_css: tuple[str, ...] = ()
    remove_css: tuple[str, ...] = ()
    date_quirks: tuple[DateQuirk, ...] = ()
    javascript: bool = False
    is_local: bool = False  # only a local portal may be asked on loopback and private addresses
    facts_as_of: str | None = None  # when the facts were gathered, e.g. 2026-11
    verified_live: str | None = None  # when `warraq check` last passed against the live site
    notes: tuple[str, ...] = ()
    thresholds: Thresholds = Thresholds()
    retired: Retired | None = None  # no schedule and no alerts any more

    def __post_init__(self) -> None:
        if self.schedule == "":
            object.__setattr__(self, "schedule", f"{own_minute(self.name)} * * * *")

    @property
    def host(self) -> str:
        """Host (and port) of the portal's canonical address."""
        return urlsplit(self.start_url).netloc.lower()

    @property
    def all_domains(self) -> tuple[str, ...]:
        """All hosts requests may go to; subdomains of one that starts with a dot count too."""
        return tuple(dict.fromkeys((self.host, *self.folded_hosts, *self.domains)))

    @cached_property
    def hosts(self) -> PortalHosts:
        """Whose an address is."""
        return PortalHosts(self.all_domains)

    def canonical(self, url: str) -> str:
        """The spelling that a URL of this portal is known by; `link_id` and `article_id` are made of it."""
        return canonical_url(
            url,
            keep_query=self.keep_query,
            told_apart_by=self.told_apart_by,
            folded_hosts=self.folded_hosts,
            host=self.host,
        )

    def telling_apart(self, names: Iterable[str]) -> Portal:
        """The same portal, whose stories are also told apart by these parameters."""
        found = tuple(sorted({*self.told_apart_by, *names}))
        return self if found == self.told_apart_by else replace(self, told_apart_by=found)

    def absolute(self, url: str) -> str:
        """A source's URL, made absolute against `start_url`."""
        return urljoin(self.start_url, url)

    def at(self, start_url: str) -> Portal:
        """The same portal at another address, for example a copy on loopback."""
        return replace(self, start_url=start_url, domains=(), folded_hosts=())

    @property
    def profile(self) -> PortalProfile:
        """What extraction may know."""
        return PortalProfile(
            name=self.name,
            site_names=tuple(dict.fromkeys((*self.site_names, self.title_ar, self.title_en))),
            domains=self.all_domains,
            country=self.country,
            timezone=self.timezone,
            title=self.title_css,
            body=self.body_css,
            author=self.author_css,
            date=self.date_css,
            section=self.section_css,
            remove=self.remove_css,
            date_quirks=self.date_quirks,
            keep_query=self.keep_query,
        )

"""Where the demo portal lists its links: robots.txt, feed, sitemaps, dated archive, sections, front page.

Each kind spells Arabic slugs in its own way (raw, %D9, %d9), as real portals do; all of them list the same articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import format_datetime
from html import escape
from itertools import islice
from urllib.parse import unquote

from storage.model.outcomes import Rejection
from warraq.demo.portal import DemoSite
from warraq.demo.site import words
from warraq.demo.site.non_articles import STUBS
from warraq.demo.site.stories import EDITED_AFTER, section_of
from warraq.demo.site.truth import Card
from warraq.demo.site.written_times import short_day

PER_PAGE = 25
FRONT_PAGE_LINKS = 40
NEWS_SITEMAP_LINKS = 1000
NEWS_SITEMAP_AGE = timedelta(days=2)
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP_NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def lower_percent(path: str) -> str:
    """%d9 in place of %D9."""
    return re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), path)


@dataclass(frozen=True)
class Listings:
    """The lists of a site. `edition_of` tells which edition of an article is out, for lastmod."""

    site: DemoSite
    edition_of: Callable[[int], int] = lambda _: 0

    def robots(self, *, deny: bool = False) -> bytes:
        """robots.txt with two sitemaps, and Crawl-delay where the site wants one."""
        lines = ["User-agent: *", "Disallow: /" if deny else "Disallow: /private/"]
        if self.site.crawl_delay_seconds is not None:
            lines.append(f"Crawl-delay: {self.site.crawl_delay_seconds:g}")
        lines += ["", *(f"Sitemap: {self.site.base_url}/{name}" for name in ("sitemap.xml", "news-sitemap.xml"))]
        return "\n".join(lines).encode() + b"\n"

    def feed(self) -> bytes:
        """RSS of the newest articles: raw Arabic addresses with a tracking parameter."""
        items = []
        for card in self.site.newest(self.site.feed_items):
            link = self.site.base_url + unquote(self.site.path(card))
            link += ("&" if "?" in link else "?") + "utm_source=rss&utm_medium=feed"
            items.append(
                f"<item><title>{escape(card.title)}</title><link>{escape(link)}</link>"
                f'<guid isPermaLink="false">mizan-{card.public_id}</guid>'
                f"<category>{words.SECTIONS[card.section]}</category>"
                f"<pubDate>{format_datetime(card.local_time)}</pubDate><description>{escape(card.title)}</description></item>"
            )
        return (
            f'{_XML}<rss version="2.0"><channel><title>{words.SITE_NAME}</title><link>{self.site.base_url}/</link>'
            f"<description>{words.SLOGANS[0]}</description><language>ar</language>{''.join(items)}</channel></rss>"
        ).encode()

    def news_sitemap(self) -> bytes:
        """The last two days before the site's clock."""
        oldest = self.site.calendar.clock - NEWS_SITEMAP_AGE
        entries = []
        for card in self.site.newest(NEWS_SITEMAP_LINKS):
            if card.published_at < oldest:
                break
            entries.append(
                f"<url><loc>{self._address(card)}</loc><news:news><news:publication><news:name>{words.SITE_NAME}</news:name>"
                f"<news:language>ar</news:language></news:publication><news:publication_date>{card.local_time.isoformat()}"
                f"</news:publication_date><news:title>{escape(card.title)}</news:title></news:news></url>"
            )
        return f"{_XML}<urlset {_SITEMAP_NAMESPACES}>{''.join(entries)}</urlset>".encode()

    def sitemap_index(self) -> bytes:
        """One sitemap a day, every second one gzipped."""
        entries = []
        for offset in range(self.site.days):
            day = self.site.first_day + timedelta(days=offset)
            name = f"{day}.xml" + (".gz" if offset % 2 else "")
            entries.append(
                f"<sitemap><loc>{self.site.base_url}/sitemaps/{name}</loc><lastmod>{self._lastmod(day)}</lastmod></sitemap>"
            )
        entries.append(f"<sitemap><loc>{self.site.base_url}/sitemaps/sections.xml</loc></sitemap>")
        return f"{_XML}<sitemapindex {_SITEMAP_NAMESPACES}>{''.join(entries)}</sitemapindex>".encode()

    def day_sitemap(self, day: date) -> bytes:
        """The articles of one local day, with lastmod."""
        entries = [
            f"<url><loc>{self._address(card)}</loc><lastmod>{self._changed(card)}</lastmod></url>"
            for card in map(self.site.card, self.site.calendar.numbers(day))
        ]
        moment = self.site.calendar.clock.isoformat()
        entries += [
            f"<url><loc>{self.site.base_url}{path}</loc><lastmod>{moment}</lastmod></url>"
            for path, _ in self._others(day)
        ]
        return f"{_XML}<urlset {_SITEMAP_NAMESPACES}>{''.join(entries)}</urlset>".encode()

    def sections_sitemap(self) -> bytes:
        """Pages that are no articles."""
        entries = "".join(f"<url><loc>{self.site.base_url}/section/{key}</loc></url>" for key in words.SECTIONS)
        return f"{_XML}<urlset {_SITEMAP_NAMESPACES}>{entries}</urlset>".encode()

    def archive_day(self, day: date, *, page: int) -> bytes | None:
        """A page of the dated archive, newest first; None past its last page."""
        numbers = self.site.calendar.numbers(day)[::-1]
        links = [(self.site.path(card), card.title) for card in map(self.site.card, numbers[self._slice(page)])]
        if page == 1:
            links += self._others(day)
        elif not links:
            return None
        address = f"/archive/{day:%Y/%m/%d}?page={{}}"
        more = address.format(page + 1) if page * PER_PAGE < len(numbers) else None
        return self._list_page(f"أرشيف يوم {day.day}-{day.month}-{day.year}", links, more=more)

    def section(self, key: str, *, page: int) -> bytes | None:
        """A page of a section, newest first, with percent-encoding in lower case; None past its last page."""
        layouts = len(self.site.layouts)
        numbers = (n for n in range(self.site.articles - 1, -1, -1) if section_of(n, layouts) == key)
        found = list(islice(numbers, (page - 1) * PER_PAGE, page * PER_PAGE + 1))
        if page > 1 and not found:
            return None
        links = [(lower_percent(self.site.path(card)), card.title) for card in map(self.site.card, found[:PER_PAGE])]
        more = f"/section/{key}/page/{page + 1}" if len(found) > PER_PAGE else None
        return self._list_page(words.SECTIONS[key], links, more=more)

    def front_page(self) -> bytes:
        """The newest articles, and links to sections and feeds."""
        links = [(self.site.path(card), card.title) for card in self.site.newest(FRONT_PAGE_LINKS)]
        links += self._others(self.site.calendar.last_day)
        return self._list_page(words.SLOGANS[0], links, more=None)

    def not_found(self) -> bytes:
        """The body of an honest 404."""
        return self.site.stub_page(next(s for s in STUBS.values() if s.expected is Rejection.SOFT_404)).body

    def _list_page(self, title: str, links: Iterable[tuple[str, str]], *, more: str | None) -> bytes:
        around = self.site.surroundings(None)
        items = "".join(
            f'<div class="item"><h3><a href="{escape(path)}">{escape(text)}</a></h3></div>' for path, text in links
        )
        following = f'<a class="next" rel="next" href="{more}">الصفحة التالية</a>' if more else ""
        empty = "" if items else "<p>لا توجد أخبار في هذا اليوم</p>"
        day = short_day(self.site.calendar.clock)
        return (
            f'<!DOCTYPE html><html lang="ar" dir="rtl">{around.head(title=f"{title} | {words.SITE_NAME}")}<body>'
            f"<header>{around.menu()}<span>{around.header_clock()}</span><b>{day}</b></header><main><h1>{title}</h1>"
            f"<div class='list'>{items}{empty}</div>{following}</main><footer>{around.footer()}</footer></body></html>"
        ).encode()

    def _others(self, day: date) -> list[tuple[str, str]]:
        """Stubs and odd pages, which belong to the last day."""
        if not self.site.list_stubs or day != self.site.calendar.last_day:
            return []
        odd = [(path, self.site.odd_page(path)[1].title) for path in self.site.odd_paths()]
        return odd + [(stub.path, stub.title) for stub in STUBS.values()]

    def _address(self, card: Card) -> str:
        return escape(self.site.base_url + self.site.path(card))

    def _changed(self, card: Card) -> str:
        edited = EDITED_AFTER if self.edition_of(card.number) else timedelta()
        return (card.local_time + edited).isoformat()

    def _lastmod(self, day: date) -> str:
        numbers = self.site.calendar.numbers(day)
        return max((self._changed(self.site.card(n)) for n in numbers[-1:]), default=day.isoformat())

    @staticmethod
    def _slice(page: int) -> slice:
        return slice((page - 1) * PER_PAGE, page * PER_PAGE)

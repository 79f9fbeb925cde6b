"""The demo portal as data: an article, its page and the truth about it, computed from (seed, number) when asked for."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import parse_qs, quote, unquote_to_bytes

from storage.model.records import Precision
from warraq.demo.layouts import LAYOUTS
from warraq.demo.layouts.semantic import render_amp
from warraq.demo.site import non_articles as stubs
from warraq.demo.site.calendar import Calendar
from warraq.demo.site.furniture import Surroundings
from warraq.demo.site.sentences import dice
from warraq.demo.site.stories import card, number_of, write_story
from warraq.demo.site.truth import Card, Story, Stub, Truth

RELATED = 8
POPULAR = 10
POPULAR_AMONG = 100  # the most read are found among the newest
NEAR = 400  # related articles are at most so many numbers away
MAX_ARTICLES = 1_000_000  # the sentence grammar has room for as many


@dataclass(frozen=True)
class SitePage:
    """One page as the site would answer: bytes without content-encoding, and its content type."""

    body: bytes
    content_type: str


@dataclass(frozen=True)
class DemoSite:
    """A news site of `articles` articles over `days` days from `first_day` (days of Cairo).

    Nothing is generated before it is asked for. `layouts` may name fewer than all of LAYOUTS.
    """

    seed: int = 1
    articles: int = 200
    first_day: date = date(2024, 12, 1)
    days: int = 10
    base_url: str = "http://127.0.0.1:18800"
    layouts: tuple[str, ...] = tuple(LAYOUTS)
    list_stubs: bool = False  # whether front page and sitemaps also list the pages that are no articles
    wordpress: bool = True  # whether the REST API is there
    crawl_delay_seconds: float | None = None
    feed_items: int = 50
    hashed_css: bool = False  # class names and ids that tell nothing, as some build tools make them
    calendar: Calendar = field(init=False)

    def __post_init__(self) -> None:
        if self.articles > MAX_ARTICLES:
            raise ValueError(f"a demo site has at most {MAX_ARTICLES} articles")
        object.__setattr__(self, "calendar", Calendar(self.first_day, self.days, self.articles))

    def card(self, number: int) -> Card:
        """What lists say of an article."""
        return card(self.seed, number, layouts=self.layouts, calendar=self.calendar)

    def path(self, card: Card) -> str:
        """An article's path, percent-encoded in upper case."""
        return LAYOUTS[card.layout].path(card)

    def story(self, number: int, *, edition: int = 0) -> Story:
        """The article itself."""
        return write_story(self.seed, number, layouts=self.layouts, calendar=self.calendar, edition=edition)

    def page(self, number: int, *, edition: int = 0) -> SitePage:
        """An article's page."""
        story = self.story(number, edition=edition)
        return self._set(story, LAYOUTS[story.layout].render(story, self.surroundings(number)))

    def amp_page(self, number: int, *, edition: int = 0) -> SitePage:
        """An article's AMP variant, which names the article's own address as canonical."""
        story = self.story(number, edition=edition)
        html = render_amp(story, self.surroundings(number), canonical=self.base_url + self.path(story))
        return SitePage(html.encode(), "text/html; charset=utf-8")

    def truth(self, number: int, *, edition: int = 0) -> Truth:
        """What is right about an article's page; its boilerplate is what the page really prints."""
        story = self.story(number, edition=edition)
        around = self.surroundings(number)
        layout = LAYOUTS[story.layout]
        layout.render(story, around)
        return self._truth(
            story, around, path=layout.path(story), precision=layout.precision(story), encoding=layout.encoding
        )

    def odd_paths(self) -> tuple[str, ...]:
        """Addresses of articles with unusual pages: other languages, a live blog."""
        return tuple(stubs.ODD_TITLES) if self.articles else ()

    def odd_page(self, path: str) -> tuple[SitePage, Truth]:
        """An unusual article's page and truth."""
        story = stubs.odd_story(path, self.story(self.articles - 1))
        around = self.surroundings(None)
        page = SitePage(stubs.render_odd(story, around).encode(), "text/html; charset=utf-8")
        truth = self._truth(story, around, path=path, precision=Precision.MINUTE, encoding="utf-8")
        return page, truth

    def stub_page(self, stub: Stub) -> SitePage:
        """The page of something that is no article."""
        return SitePage(stubs.render_stub(stub, self.surroundings(None)).encode(), "text/html; charset=utf-8")

    def number_at(self, path: str, query: str = "") -> int | None:
        """The article behind a path in any spelling; None if there is none."""
        identifier = _identifier(path, query)
        number = None if identifier is None else number_of(self.seed, identifier)
        if number is None or number >= self.articles:
            return None
        here = path + (f"?id={identifier}" if "id=" in self.path(self.card(number)) else "")
        return number if here == self.path(self.card(number)) else None

    def number_of_id(self, identifier: int) -> int | None:
        """The article with a public id, whatever its address."""
        number = number_of(self.seed, identifier)
        return number if number is not None and number < self.articles else None

    def surroundings(self, number: int | None) -> Surroundings:
        """The furniture around article `number`, or around a page that is none."""
        throw = dice(self.seed, "related", number)
        around = range(max(0, (number or 0) - NEAR), min(self.articles, (number or 0) + NEAR))
        near = [n for n in throw.sample(around, min(len(around), RELATED + 1)) if n != number][:RELATED]
        cards = [self.card(n) for n in near]
        return Surroundings(
            base_url=self.base_url,
            clock=self.calendar.clock,
            related_cards=[(self.path(card), card) for card in cards],
            popular_cards=[(path, card) for path, card in self._popular if card.number != number],
            throw=throw,
        )

    def newest(self, count: int) -> Iterator[Card]:
        """The latest articles, newest first."""
        return (self.card(n) for n in range(self.articles - 1, max(-1, self.articles - 1 - count), -1))

    @cached_property
    def _popular(self) -> list[tuple[str, Card]]:
        among = range(max(0, self.articles - POPULAR_AMONG), self.articles)
        numbers = dice(self.seed, "popular").sample(among, min(POPULAR, len(among)))
        return [(self.path(self.card(n)), self.card(n)) for n in numbers]

    def _set(self, story: Story, html: str) -> SitePage:
        layout = LAYOUTS[story.layout]
        if self.hashed_css:
            html = _hashed(html)
        charset = f"; charset={layout.charset_in_header}" if layout.charset_in_header else ""
        # What windows-1256 lacks (the ں of a name, say) becomes a character reference, as old systems do.
        return SitePage(html.encode(layout.encoding, "xmlcharrefreplace"), f"text/html{charset}")

    def _truth(self, story: Story, around: Surroundings, *, path: str, precision: Precision, encoding: str) -> Truth:
        return Truth(
            number=story.number,
            public_id=story.public_id,
            url=self.base_url + path,
            path=path,
            layout=story.layout,
            title=story.title,
            paragraphs=story.paragraphs,
            description=story.description,
            author=story.author,
            agency=story.agency,
            section=story.section,
            tags=story.tags,
            language=story.language,
            published_at=story.published_at,
            precision=precision,
            modified_at=story.modified_at,
            edition=story.edition,
            encoding=encoding,
            boilerplate=tuple(around.boilerplate),
            optional=tuple(around.optional),
        )


def plain_path(raw: str) -> str:
    """One spelling for a request's path: raw letters, %d9, %D9 and the doubly encoded %25D9 all become %D9."""
    try:
        data = raw.encode("latin-1")  # letters as they came over the wire, a byte each
    except UnicodeEncodeError:
        data = raw.encode()
    return quote(unquote_to_bytes(unquote_to_bytes(data)).decode("utf-8", "replace"))


def _hashed(html: str) -> str:
    return re.sub(r'(?<= )(class|id)="([^"]+)"', lambda m: f'{m[1]}="s{zlib.crc32(m[2].encode()):08x}"', html)


def _identifier(path: str, query: str) -> int | None:
    """The public id in an address: ?id=, or the longest run of six to nine digits in the last segments."""
    asked = parse_qs(query).get("id", [""])[0]
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return int(asked)
    for segment in reversed([part for part in path.split("/") if part][-2:]):
        for piece in reversed(segment.replace(".", "-").split("-")):
            if piece.isascii() and piece.isdigit() and 6 <= len(piece) < 10:
                return int(piece)
    return None

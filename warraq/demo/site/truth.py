"""What the demo portal knows about its own pages, and what an extractor should therefore find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.model.outcomes import Rejection
from storage.model.records import Precision
from warraq.demo.site.calendar import ZONE


@dataclass(frozen=True)
class Card:
    """What a list of links says of an article."""

    number: int
    public_id: int  # the number in its address; ascending, with gaps
    layout: str
    title: str
    section: str  # key of words.SECTIONS
    published_at: datetime  # UTC, whole minutes

    @property
    def local_time(self) -> datetime:
        """When it was published, on the newsroom's clock."""
        return self.published_at.astimezone(ZONE)


@dataclass(frozen=True)
class Story(Card):
    """An article before it is set on a page. Texts are spelled as the page spells them."""

    paragraphs: tuple[str, ...]  # subheadings included
    subheadings: frozenset[int]  # which paragraphs are subheadings
    description: str
    author: str | None
    agency: str | None
    tags: tuple[str, ...]
    caption: str
    modified_at: datetime | None = None
    edition: int = 0  # 0 as first published, 1 after the silent edit
    language: str = "ar"


@dataclass(frozen=True)
class Truth:
    """What is right about one article page. `boilerplate` must not be in the body; `optional` may be."""

    number: int
    public_id: int
    url: str
    path: str  # percent-encoded, upper case
    layout: str
    title: str
    paragraphs: tuple[str, ...]
    description: str
    author: str | None
    agency: str | None
    section: str
    tags: tuple[str, ...]
    language: str
    published_at: datetime  # UTC, exact to the minute even where the page tells only the day
    precision: Precision  # what the page tells
    modified_at: datetime | None
    edition: int
    encoding: str
    boilerplate: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def body(self) -> str:
        """Paragraphs separated by one newline, as extracted articles have them."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True)
class Stub:
    """A page that is no article, and the rejection that is right for it."""

    path: str
    title: str
    expected: Rejection

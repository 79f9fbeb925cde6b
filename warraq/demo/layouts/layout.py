"""What a layout is: where its articles live, how it sets them, and what the page tells about the time."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from storage.model.records import Precision
from warraq.demo.site.furniture import Surroundings
from warraq.demo.site.truth import Card, Story


@dataclass(frozen=True)
class Layout:
    """A kind of article page. `charset_in_header` is None where only the page itself names its charset."""

    name: str
    path: Callable[[Card], str]
    render: Callable[[Story, Surroundings], str]
    precision: Callable[[Story], Precision] = lambda _: Precision.MINUTE
    encoding: str = "utf-8"
    charset_in_header: str | None = "utf-8"


def slug(card: Card) -> str:
    """The headline as a path segment in Arabic, percent-encoded in upper case."""
    kept = "".join(letter if letter.isalnum() else " " for letter in card.title)
    return quote("-".join(kept.split()))


def local_iso(card: Card) -> str:
    """The local time with its offset, to the second."""
    return card.local_time.isoformat()


def json_ld(data: dict[str, object]) -> str:
    """A script element of structured data."""
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'

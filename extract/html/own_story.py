"""Whose facts they are: pages describe other stories too (related, trending), and what is said of those is not ours.

A headline or an address says to which story a fact belongs. What says neither is the page's own where nothing lists it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from extract.html.block import Block
from storage.identity.arabic_folding import text_norm

# Points for and against a fact's belonging to the page; above zero it does.
SAME_ADDRESS, SAME_HEADLINE, SIMILAR_HEADLINE, OTHER_ADDRESS, OTHER_HEADLINE = 4, 4, 1, -3, -2
# Headlines that say the same in other words share this part of the shorter one's words.
SIMILAR_SHARE = 0.5
MIN_CONTAINED_CHARACTERS = 15
MIN_WORD_LETTERS = 3
MAX_TITLES = 8
_PLAIN_ADDRESS = re.compile(r"https?://(?:www\.)?([a-z\d.-]+)(?:[/?#]|$)")


@dataclass(frozen=True)
class OwnStory:
    """What the page calls its own story: its titles (folded) and its addresses (see `address_key`)."""

    titles: tuple[str, ...]
    addresses: frozenset[str]

    def points(self, *, headlines: Sequence[str], addresses: Sequence[str]) -> int:
        """How far headlines and addresses stated with a fact speak for (above 0) or against its being the page's."""
        stated = {key for key in map(address_key, addresses) if key}
        points = 0
        if stated & self.addresses:
            points += SAME_ADDRESS
        elif stated and self.addresses:
            points += OTHER_ADDRESS
        folded = [text for text in map(text_norm, headlines) if text]
        if folded and self.titles:
            points += max(_likeness(text, title) for text in folded for title in self.titles)
        return points

    def is_told_in(self, headline: str) -> bool:
        """Whether a headline has a word of one of the titles, one that is no particle."""
        words = {word for word in _words(text_norm(headline)) if len(word) > MIN_WORD_LETTERS}
        return any(words & _words(title) for title in self.titles)


def own_story(titles: Iterable[str], addresses: Iterable[str | None]) -> OwnStory:
    """The page's own story, as its head and its main heading name it."""
    folded = dict.fromkeys(text for text in map(text_norm, titles) if text)
    keys = {address_key(address) for address in addresses if address}
    return OwnStory(tuple(folded)[:MAX_TITLES], frozenset(key for key in keys if key))


def address_key(address: str) -> str:
    """An address without scheme, host and fragment, for comparison on one page; "" for a front page, which is no
    story's.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    path = unquote(parts.path).lower().rstrip("/").removesuffix("/amp")
    if not path and not parts.query:
        return ""
    return f"{path}?{parts.query}" if parts.query else path


def shares_no_word(headline: str, titles: Iterable[str]) -> bool:
    """Whether a headline has words, none of them in one of the titles."""
    words = _words(text_norm(headline))
    return bool(words) and words.isdisjoint(word for title in titles for word in _words(text_norm(title)))


def mark_leading_out(blocks: list[Block], url: str | None) -> None:
    """Set `leads_out` on lines whose links lead to other sites than the page's: books, other papers, no own story."""
    own = _site(url or "")
    for block in blocks if own else ():
        if block.hrefs:
            sites = map(_site, block.hrefs)
            block.leads_out = all(site and not (site.endswith(own) or own.endswith(site)) for site in sites)


def _site(address: str) -> str:
    """The host that an address names, without `www`; nothing where it names none."""
    if "//" not in address:
        return ""
    if (plain := _PLAIN_ADDRESS.match(address)) is not None:
        return plain[1]  # as urlsplit reads it, and sooner
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _likeness(headline: str, title: str) -> int:
    shorter, longer = sorted((headline, title), key=len)
    if shorter == longer or (len(shorter) >= MIN_CONTAINED_CHARACTERS and shorter in longer):
        return SAME_HEADLINE
    one, other = _words(shorter), _words(longer)
    if not one or not other:
        return 0
    shared = len(one & other) / min(len(one), len(other))
    return SIMILAR_HEADLINE if shared >= SIMILAR_SHARE else OTHER_HEADLINE


def _words(folded: str) -> set[str]:
    words = (word.removeprefix("و") for word in folded.split())
    return {word for word in words if len(word) >= MIN_WORD_LETTERS}

"""Which headline is the page's where it states another one than it shows: with a kicker, reworded, for machines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from extract.fields.person_names import is_arabic
from extract.fields.site_names import MAX_NAME_WORDS, strip_site_name
from extract.html.block import MIN_HEADLINE_WORDS, Block
from extract.html.json_ld import NEWS_TYPES, types_of
from extract.html.metadata import PageMetadata
from storage.identity.arabic_folding import text_norm

# A stated title of no more words is the site's or the section's.
MAX_LITTLE_WORDS = 3
MAX_KICKER_CHARACTERS = 50
_ELISION = re.compile(r"\s*(?:\.{3}|…)\s*")
_PARTS = re.compile(r"\s+[-–—|•·»]+\s+")
_SIGN = re.compile(r"\s*:\s+|\s+[-–—|]\s+")


def as_stated(shown: str, metadata: PageMetadata, names: tuple[str, ...]) -> str:
    """The headline as a news page states it twice for others (JSON-LD and og:title), where the shown one lacks its
    kicker or is reworded. A shown kicker that og:title leaves out is no part of it either. Another headline, as papers
    in other languages write them for search engines, is not the page's.
    """
    if metadata.article is None or not types_of(metadata.article) & NEWS_TYPES:
        return shown
    social = [strip_site_name(text, names) for text in metadata.meta.get("og:title", [])[:1]]
    if not social or len(social[0].split()) <= MAX_LITTLE_WORDS:
        return shown
    folded, other = text_norm(shown), text_norm(social[0])
    if folded.startswith(f"{other} ") or other == folded:
        return shown  # the stated one was cut short for networks
    if folded.endswith(f" {other}") and len(folded) - len(other) <= MAX_KICKER_CHARACTERS:
        return social[0]
    told_twice = other in {text_norm(strip_site_name(text, names)) for text in metadata.article_strings("headline")}
    if other.endswith(f" {folded}"):
        told_twice &= not _is_filed_under(social[0], folded, metadata.title_element)
    else:
        told_twice &= is_arabic(shown) or _is_reworded(folded, other)
    return social[0] if told_twice else shown


def _is_reworded(shown: str, stated: str) -> bool:
    """Whether a shown headline has all words of a stated one, or all but one."""
    return len(set(stated.split()) - set(shown.split())) <= 1


def _is_filed_under(stated: str, shown: str, title_element: str) -> bool:
    """Whether what a stated title has before the shown one is section or writer, which the title element has behind it:
    «Opinion - Maya Ferris: …», «… - Maya Ferris - Coast Post».
    """
    behind = text_norm(title_element).removeprefix(f"{shown} ")
    parts = map(text_norm, _SIGN.split(stated))
    return behind != text_norm(title_element) and any(" " in part and part in behind for part in parts)


def masthead(blocks: Sequence[Block], stated: Sequence[str]) -> str | None:
    """The page's first line where a menu follows it and a stated title is the same or begins with it: the site's name,
    since below a headline stands its text.
    """
    first = blocks[0] if blocks else None
    if first is None or first.words > MAX_NAME_WORDS or first.running:
        return None
    behind = list(takewhile(lambda block: not block.running and not block.links, blocks[1:]))
    menu = blocks[1 + len(behind) :][: MAX_LITTLE_WORDS + 1]
    is_menu = len(menu) > MAX_LITTLE_WORDS and all(b.links and b.words <= MAX_LITTLE_WORDS for b in menu)
    is_said = any(f"{text_norm(title)} ".startswith(f"{first.folded} ") for title in stated)
    is_again = any(block.folded == first.folded for block in blocks[1 + len(behind) :])
    return first.text if is_menu and is_said and not is_again and len(behind) <= MAX_LITTLE_WORDS else None


def behind_masthead(title: str, name: str | None, blocks: Sequence[Block]) -> str:
    """A stated title without the site's name and the colon before it, where the rest is a line of the page."""
    begin = f"{name}:"
    rest = title.strip().removeprefix(begin).strip() if name and title.strip().startswith(begin) else ""
    folded = text_norm(rest)
    return rest if rest and any(block.folded == folded for block in blocks) else title


def whole_line(title: str, blocks: Sequence[Block]) -> str:
    """The line of the page that a stated title was cut from: «السوق يعود ... بعد أسبوع», behind the site or not."""
    part = next((part for part in _PARTS.split(title) if _ELISION.search(part)), None)
    if part is None:
        return title
    begin, end = (text_norm(side) for side in _ELISION.split(part, maxsplit=1))
    if len(begin.split()) < MIN_HEADLINE_WORDS:
        return title
    lines = (block for block in blocks if not block.links and block.pruned_by is None and not block.running)
    return next((b.text for b in lines if b.folded.startswith(begin) and end in b.folded[len(begin) :]), title)

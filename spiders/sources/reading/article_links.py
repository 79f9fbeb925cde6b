"""Which links of a page lead to articles: by the definition's patterns, else by what news sites' links look like."""

from __future__ import annotations

import functools
import re
import statistics
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from extract.html.decoding import decode_text
from spiders.portal.definition import Portal
from spiders.sources.reading.attributes import without_attribute_masses
from spiders.sources.reading.documents import UnreadableListing
from spiders.sources.records import web_address

_MIN_HEADLINE_WORDS = 4  # shorter link texts are sections, tags, «المزيد»
_HEADLINE_CHARACTERS = 22  # or so many characters: short headlines of long words
_MIN_OF_A_SHAPE = 2  # one link alone makes no pattern of a listing
_SLUG_WORDS = 4
_NOT_PAGES = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|zip|apk|css|js|xml|ico)$", re.IGNORECASE)
_SERVICE_PATHS = re.compile(
    r"(?:^|/)(?:tags?|keywords?|authors?|writers?|categor(?:y|ies)|pages?|search|login|register|contact(?:-?us)?"
    r"|about(?:-?us)?|privacy(?:-policy)?|terms|rss|feed|wp-(?:admin|content|login)\S*|comments?|print|share"
    r"|وسم|تصنيف|كاتب)(?:/|$)",
    re.IGNORECASE,
)
_MAX_TEXTS = 200  # of one anchor: one that nothing closes holds all that follows
_NUMBERS = re.compile(r"\d+")


@dataclass
class _Anchor:
    """All anchors of a page that lead to one URL: images and headlines often are separate ones."""

    url: str
    text: str
    path: str
    query: str


def is_wanted(url: str, portal: Portal) -> bool:
    """Whether the definition's patterns let the URL pass; without patterns every web address does."""
    if not url.startswith(("http://", "https://")):
        return False
    if portal.not_article_url and _pattern(portal.not_article_url).search(url):
        return False
    if portal.article_url is None or _pattern(portal.article_url).search(url):
        return True
    # Tracking parameters and the like must not hide an article.
    return bool(_pattern(portal.article_url).search(portal.canonical(url)))


def article_links(document: bytes, base_url: str, portal: Portal, *, area: str | None = None) -> dict[str, str]:
    """URLs of articles a listing page links to, with the link's text, in the page's order.

    `area` is a CSS selector; where it matches nothing the whole page is read. Raises UnreadableListing.
    """
    anchors = _anchors(parse_page(document), base_url, portal, area)
    if portal.article_url is not None:
        return {a.url: a.text for a in anchors if is_wanted(a.url, portal)}
    anchors = [a for a in anchors if is_wanted(a.url, portal) and not _SERVICE_PATHS.search(a.path)]
    shapes: defaultdict[tuple[str, ...], list[_Anchor]] = defaultdict(list)
    for anchor in anchors:
        shapes[_shape(anchor)].append(anchor)
    chosen = {a.url for members in shapes.values() if _are_articles(members) for a in members if _may_be_article(a)}
    return {a.url: a.text for a in anchors if a.url in chosen}


def page_links(document: bytes, base_url: str, portal: Portal) -> list[str]:
    """All links of a page that stay on the portal, in order. Raises UnreadableListing."""
    return [anchor.url for anchor in _anchors(parse_page(document), base_url, portal, None)]


def parse_page(document: bytes) -> etree._Element:
    """The page as a tree; raises UnreadableListing for what is no page."""
    parser: Any = html.HTMLParser  # lxml.html has no types
    try:
        # The one reader of encodings: lxml believes what is declared, UTF-7 too.
        text = without_attribute_masses(decode_text(document, None))
        tree = etree.fromstring(text.encode(), parser(encoding="utf-8", no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UnreadableListing(f"not a page: {error}") from error
    if tree is None:
        raise UnreadableListing("not a page: empty")
    return tree


def _anchors(tree: etree._Element, base_url: str, portal: Portal, area: str | None) -> list[_Anchor]:
    base = tree.find(".//base[@href]")
    if base is not None:
        base_url = web_address(base.get("href", ""), base_url) or base_url
    roots = (tree.cssselect(area) if area else []) or [tree]
    found: dict[str, _Anchor] = {}
    for element in (anchor for root in roots for anchor in root.iter("a")):
        address = element.get("href", "").partition("#")[0]
        url = web_address(address, base_url) if address else None
        if url is None or not portal.hosts.owns(url):
            continue
        parts = urlsplit(url)
        path = unquote(parts.path)
        if _NOT_PAGES.search(path):
            continue
        text = " ".join("".join(islice(element.itertext(), _MAX_TEXTS)).split()) or element.get("title", "").strip()
        known = found.get(url)
        if known is None:
            found[url] = _Anchor(url, text, path, parts.query)
        elif len(text) > len(known.text):
            known.text = text
    return list(found.values())


def _shape(anchor: _Anchor) -> tuple[str, ...]:
    """What URLs of one kind of page share: the first folder and, of each further part, whether number, slug or word."""
    folders = [part for part in anchor.path.split("/") if part]
    shape = ["/".join(folders[:1]) if len(folders) > 1 and not _NUMBERS.search(folders[0]) else ""]
    shape += [_kind_of_part(part) for part in folders[len(folders) > 1 :]]
    shape += sorted(re.sub(r"=.*\d.*", "=0", piece) for piece in anchor.query.split("&") if piece)
    return tuple(shape)


def _kind_of_part(part: str) -> str:
    if len(re.split(r"[-_ ،.]+", part.strip("-"))) >= _SLUG_WORDS:
        return "slug"
    return "number" if _NUMBERS.search(part) else "word"


def _are_articles(members: list[_Anchor]) -> bool:
    """Whether links of one shape are headlines: most of their texts are as long as headlines are."""
    if len(members) < _MIN_OF_A_SHAPE:
        return _has_identity(members[0]) and _is_headline(members[0].text)
    words = statistics.median(len(member.text.split()) for member in members)
    return words >= _MIN_HEADLINE_WORDS or (_has_identity(members[0]) and words >= _MIN_HEADLINE_WORDS - 1)


def _may_be_article(anchor: _Anchor) -> bool:
    return _has_identity(anchor) or _is_headline(anchor.text)


def _is_headline(text: str) -> bool:
    return len(text.split()) >= _MIN_HEADLINE_WORDS or len(text) >= _HEADLINE_CHARACTERS


def names_one_thing(url: str) -> bool:
    """Whether a URL names one thing: a number of four digits, a date, or a slug of several words."""
    parts = urlsplit(url)
    return _names_one_thing(unquote(parts.path), parts.query)


def _has_identity(anchor: _Anchor) -> bool:
    return _names_one_thing(anchor.path, anchor.query)


def _names_one_thing(path: str, query: str) -> bool:
    last = [part for part in path.split("/") if part][-1:]
    numbers = _NUMBERS.findall(path) + _NUMBERS.findall(query)
    return any(len(number) >= 4 for number in numbers) or (bool(last) and _kind_of_part(last[0]) == "slug")


@functools.cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)

"""The licence that a page states for its own article; what it states of a picture, comment or other story is theirs.

Stated in places that machines read: rel=license in HTML and in HTTP's Link, JSON-LD, microdata, Dublin Core.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from extract.body.others.other_stories import MAX_CARD_LEVELS
from extract.fields.section_tags_image import PLACEHOLDER
from extract.html.block import Block, clean_line
from extract.html.element_roles import structure_rule
from extract.html.json_ld import types_of
from extract.html.metadata import PageMetadata
from extract.html.own_story import address_key
from extract.html.parsing import Element
from storage.identity.hosts import PortalHosts, authority
from storage.identity.urls import joined_address, spelled_url
from storage.model.records import RemovedBlock

MAX_LICENCE_CHARACTERS = 500
MAX_CLAIMS = 50
# `license`, `cc:license`, `dcterms.license`, `og:license`…: the last part of a name says it.
_LICENCE = re.compile(r"(?:^|[:./#])licen[sc]e$")
_RIGHTS = re.compile(r"^(?:dc|dcterms)[.:](?:access)?rights$")
# Elements, and rules of elements and lines, in which something else than the page is spoken of.
_OTHERS_TAGS = frozenset(("figure", "picture", "blockquote", "aside", "dialog"))
_OTHERS = re.compile(
    r"class\.(?:related|popular|comments|sidebar|widget|caption|embed|author_box|advert)|tag\.aside"
    r"|shape\.(?:caption|other_story|next_article|card)|(?:related|comments|caption|advert|promo)\."
)
_OTHERS_TYPES = ("object", "photograph", "comment", "review", "clip", "episode", "recording")
_OWN_TYPES = ("article", "posting", "report", "page", "creativework")
_PICTURE = re.compile(r"(?:(?:مصدر|حقوق) )?(?:ال)?(?:صوره|صور|فيديو|تصوير|عدسه)\b|(?:photo|image|picture|video)s?\b")
_CREATIVE_COMMONS = re.compile(r"https?://(?:www\.)?creativecommons\.org(/(?:licenses|publicdomain)/[a-z0-9./+-]+)")
_DEED = re.compile(r"/(?:deed|legalcode)[^/]*$")
_ADDRESS = re.compile(r"(?:https?:/|/|\.{1,2}/|www\.)\S*|[a-z0-9-]+(?:\.[a-z0-9-]+)+/\S*", re.IGNORECASE)
_NO_TEXT = re.compile(r"[a-z][a-z0-9+.-]*:\S*|[#?]\S*|[\W\d_]*", re.IGNORECASE)  # javascript:, #top, signs alone


def stated_licence(
    root: Element,
    metadata: PageMetadata,
    blocks: Sequence[Block],
    *,
    url: str | None,
    shown: Sequence[Block],
    removed: Sequence[RemovedBlock],
) -> str | None:
    """The licence's address, or what is said of it; None where nothing is, or links in the body contradict each other.

    `shown` are the blocks of the text, `removed` what the rules took out.
    """
    pages = [node for node in metadata.page_nodes if any(kind.endswith("Page") for kind in types_of(node))]
    nodes = [metadata.article or {}, *pages]
    claims = list(islice(_claims(root), MAX_CLAIMS))
    below = [element for element in claims if not _is_in_head(element)]
    first = [
        *(_value(element, url) for element in claims if element not in below),
        *(_told(value, url) for node in nodes for value in _texts(node.get("license"))),
        *(_address(value, url) for value in metadata.header_licences),
    ]
    if told := next(filter(None, first), None):
        return told
    places = _Places(metadata, blocks, shown, removed, url) if below else None
    in_body = [element for element in below if places is not None and places.is_of_page(element)]
    if said := set(filter(None, (_value(element, url) for element in in_body))):
        return said.pop() if len(said) == 1 else None
    last = [
        *(value for node in nodes for value in _texts(node.get("usageInfo"))),
        *(value for name, values in metadata.meta.items() if _RIGHTS.match(name) for value in values),
    ]
    return next(filter(None, (_told(value, url) for value in last)), None)


def _claims(root: Element) -> Iterator[Element]:
    """Elements that name a licence."""
    for element in root.iter("link", "a", "meta"):
        for attribute in ("rel", "itemprop", "property", "name"):
            value = element.get(attribute)
            # A page has hundreds of links: what could name none is not looked at closer.
            if value and "licen" in value.lower():
                if _is_relation(element) or any(map(_LICENCE.search, _properties(element))):
                    yield element
                break


def _is_relation(element: Element) -> bool:
    return element.tag != "meta" and any(map(_LICENCE.search, (element.get("rel") or "").lower().split()))


def _properties(element: Element) -> list[str]:
    named = [element.get("itemprop"), element.get("property"), element.get("name") if element.tag == "meta" else None]
    return " ".join(filter(None, named)).lower().split()


def _is_in_head(element: Element) -> bool:
    return element.tag != "a" and all(above.tag in ("head", "html") for above in element.iterancestors())


def _texts(value: Any) -> list[str]:
    """A JSON-LD value: text, or the address or name of a licence that is described."""
    if isinstance(value, list):
        return [text for item in value[:MAX_CLAIMS] if not isinstance(item, list) for text in _texts(item)]
    if isinstance(value, dict):
        return [text for key in ("url", "@id", "name") if isinstance(text := value.get(key), str) and text.strip()][:1]
    return [value] if isinstance(value, str) else []


class _Places:
    """Where on the page the page itself is spoken of."""

    def __init__(
        self,
        metadata: PageMetadata,
        blocks: Sequence[Block],
        shown: Sequence[Block],
        removed: Sequence[RemovedBlock],
        url: str | None,
    ) -> None:
        self._others = set(metadata.other_scopes)
        self._owners = {block.owner: block for block in reversed(blocks)}
        self._text = {element for block in shown for element in block.path}  # what holds some of it
        self._removed = [block.text for block in removed if _OTHERS.match(block.rule)]
        self._url = address_key(url or "")

    def is_of_page(self, element: Element) -> bool:
        """Whether neither line, box, picture, quotation, card nor item that an element stands in is another's."""
        around = [element, *element.iterancestors()]
        block = next((self._owners[above] for above in around if above in self._owners), None)
        return not (block is not None and self._is_line_of_others(block)) and not any(
            self._is_of_others(above, level, is_relation=_is_relation(element)) for level, above in enumerate(around)
        )

    def _is_line_of_others(self, block: Block) -> bool:
        return (
            _OTHERS.match(block.pruned_by or "") is not None
            or any(text.startswith(block.text[:MAX_LICENCE_CHARACTERS]) for text in self._removed)
            or _PICTURE.match(block.folded) is not None
        )

    def _is_of_others(self, above: Element, level: int, *, is_relation: bool) -> bool:
        if above in self._others or above.tag in _OTHERS_TAGS:
            return True
        if level and above.get("itemscope") is not None and (kind := (above.get("itemtype") or "").lower().rstrip("/")):
            return kind.endswith(_OTHERS_TYPES) if is_relation else not kind.endswith(_OWN_TYPES)
        if (about := address_key(above.get("about") or "")) and about != self._url:
            return True
        if above in self._text or above.tag in ("html", "body", "main") or above.find(".//h1") is not None:
            return False
        is_card = level <= MAX_CARD_LEVELS and any(above.find(f".//h{n}//a[@href]") is not None for n in range(2, 7))
        rule = structure_rule(above) or ""
        return _OTHERS.match(rule) is not None or is_card or (above.tag == "article" and bool(self._text))


def _value(element: Element, url: str | None) -> str | None:
    if element.tag == "meta":
        return _told(element.get("content") or "", url)
    return _address(element.get("href") or "", url)


def _told(value: str, url: str | None) -> str | None:
    """What is stated as an address or in words, as the column holds it; None for what says nothing."""
    line = clean_line(value)
    if _ADDRESS.fullmatch(line):
        return _address(line, url)
    return None if _NO_TEXT.fullmatch(line) or PLACEHOLDER.search(line) else line[:MAX_LICENCE_CHARACTERS]


def _address(value: str, url: str | None) -> str | None:
    """An address in its normal spelling, of Creative Commons without the form of its deed; None for a page's own."""
    line = clean_line(value)
    first = line.partition("/")[0]
    is_bare = "." in first.strip(".") and ":" not in first and "/" in line  # www.example.com/terms
    absolute = joined_address(url or "", f"https://{line}" if is_bare else line)
    host = authority(absolute) if absolute else None
    if not line or PLACEHOLDER.search(line) or absolute is None or host is None:
        return None
    if urlsplit(absolute).scheme not in ("http", "https") or PortalHosts((host,)).is_front_page(absolute):
        return None
    if deed := _CREATIVE_COMMONS.match(absolute):
        return f"https://creativecommons.org{_DEED.sub('', deed[1]).rstrip('/')}/"
    spelled = spelled_url(absolute)
    is_own = url is not None and spelled == spelled_url(url)
    return None if is_own or len(spelled) > MAX_LICENCE_CHARACTERS else spelled

"""What the page's head, JSON-LD and microdata say about the article, read once; nothing is judged here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

import lxml.etree

from extract.html.block import clean_line
from extract.html.element_roles import structure_rule
from extract.html.json_ld import Node, article_node, own_nodes, read_json_ld, resolve, strings
from extract.html.own_story import (
    MIN_CONTAINED_CHARACTERS,
    OTHER_ADDRESS,
    OTHER_HEADLINE,
    OwnStory,
    own_story,
    shares_no_word,
)
from extract.html.parsing import Element
from extract.html.script_state import story_in_state
from extract.html.story_scopes import item_of, other_scopes

MAX_META_CHARACTERS = 20_000
MAX_META_ELEMENTS = 2_000
MAX_TITLE_CHARACTERS = 2_000
MAX_MAIN_HEADINGS = 3
_OTHER_STORIES = (
    "class.related",
    "class.read_more",
    "class.popular",
    "class.comments",
    "class.sidebar",
    "class.widget",
    "tag.aside",
)
_SCOPES = lxml.etree.XPath("descendant::*[@itemscope]")
_ROOTS = ("html", "head", "body", "main", "article")
# RFC 8288: <address>; rel="words", several behind commas.
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_LINK_VALUE = re.compile(r"<([^<>]*)>([^<]*)")
_REL = re.compile(r"""(?:^|;)\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""", re.IGNORECASE)
_ANCHOR = re.compile(r";\s*anchor\s*=", re.IGNORECASE)  # a link of something else
_TITLE_FIELDS = ("og:title", "twitter:title", "title", "dc.title")


@dataclass(frozen=True)
class PageMetadata:
    """`meta` is keyed by the lower-case name, property or itemprop; values in document order."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    title_element: str = ""
    links: dict[str, list[str]] = field(default_factory=dict)  # rel → hrefs
    html_lang: str | None = None
    json_ld: tuple[Node, ...] = ()
    article: Node | None = None  # the JSON-LD of the page's own article, with references resolved
    page_nodes: tuple[Node, ...] = ()  # the nodes of `json_ld` that speak of no other story
    other_scopes: tuple[Element, ...] = ()  # elements that hold microdata of other stories
    header_licences: tuple[str, ...] = ()  # addresses that HTTP's Link header calls its licence

    def first(self, *names: str) -> str | None:
        """The first non-empty value of the first of the names that has one."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return None

    def article_strings(self, key: str) -> list[str]:
        """Text of a field of the JSON-LD article."""
        return strings(self.article.get(key)) if self.article else []


def read_metadata(root: Element, url: str | None = None, *, link_header: str | None = None) -> PageMetadata:
    """Collect the metadata of a page in one walk over its elements. `url`: where it was fetched.

    What HTTP's Link header says stands behind what the page says itself.
    """
    told: dict[str, list[Element]] = {"meta": [], "link": [], "script": [], "title": [], "h1": []}
    for element in root.iterdescendants(*told):
        told[element.tag].append(element)
    stated = [field for element in told["meta"][:MAX_META_ELEMENTS] for field in _stated(element)]
    links: dict[str, list[str]] = {}
    for element in told["link"][:MAX_META_ELEMENTS]:
        for rel in (element.get("rel") or element.get("itemprop") or "").lower().split():
            links.setdefault(rel, []).append((element.get("href") or "").strip())
    scripts = [element.text for element in told["script"] if "ld+json" in (element.get("type") or "").lower()]
    titles = (
        clean_line("".join(each.itertext())[:MAX_TITLE_CHARACTERS]) for each in told["title"] if _is_page_title(each)
    )
    title = next(filter(None, titles), "")
    headings = [clean_line("".join(heading.itertext())) for heading in told["h1"][:MAX_MAIN_HEADINGS]]
    sent = list(_header_links(link_header or ""))
    for rel, address in sent:
        links.setdefault(rel, []).append(address)
    stated = _without_shared(headings, stated, links, title=title, url=url)
    nodes = read_json_ld([script for script in scripts if script])
    story = _own_story(headings, stated, links, title=title, url=url)
    others = dict.fromkeys(other_scopes(_SCOPES(root), story))
    meta: dict[str, list[str]] = {}
    boxes = {parent: _is_in_box(parent, others) for parent in {element.getparent() for _, _, element in stated}}
    for name, content, element in stated:
        if not boxes[element.getparent()]:
            meta.setdefault(name, []).append(content)
    article = article_node(nodes, story) or story_in_state(told["script"], story, is_article=False)
    if article is not None:
        article = {key: resolve(value, nodes) for key, value in article.items()}
    return PageMetadata(
        meta=meta,
        title_element=title,
        links=links,
        html_lang=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        json_ld=tuple(nodes),
        article=article,
        page_nodes=tuple(own_nodes(nodes, story)),
        other_scopes=tuple(others),
        header_licences=tuple(address for rel, address in sent if rel == "license"),
    )


def _header_links(header: str) -> Iterator[tuple[str, str]]:
    for address, parameters in _LINK_VALUE.findall(header[:MAX_META_CHARACTERS]):
        if (rel := _REL.search(parameters)) and not _ANCHOR.search(parameters):
            yield from ((word, _as_sent(address.strip())) for word in (rel[1] or rel[2]).lower().split())


def _as_sent(address: str) -> str:
    """An address of a header, which is read as Latin-1: letters beyond ASCII as the bytes they were sent as."""
    try:
        return quote_from_bytes(address.encode("latin-1"), safe=_PRINTABLE)
    except UnicodeEncodeError:
        return address


def _stated(element: Element) -> Iterator[tuple[str, str, Element]]:
    """What a meta element states, under each of its names."""
    content = clean_line((element.get("content") or "")[:MAX_META_CHARACTERS])
    for attribute in ("property", "name", "itemprop"):
        name = element.get(attribute)
        if name and content:
            yield name.strip().lower(), content, element


def _own_story(
    headings: Sequence[str],
    stated: list[tuple[str, str, Element]],
    links: dict[str, list[str]],
    *,
    title: str,
    url: str | None,
) -> OwnStory:
    titles = [content for field in _TITLE_FIELDS for name, content, _ in stated if name == field]
    own_urls = [content for name, content, _ in stated if name == "og:url"]
    return own_story([*titles, title, *headings], [url, *links.get("canonical", []), *own_urls])


def _without_shared(
    headings: Sequence[str],
    stated: list[tuple[str, str, Element]],
    links: dict[str, list[str]],
    *,
    title: str,
    url: str | None,
) -> list[tuple[str, str, Element]]:
    """Without Open Graph's part of the head where it shares another story than title and heading both name."""
    agreed = [heading for heading in headings if len(heading) >= MIN_CONTAINED_CHARACTERS and heading in title]
    shared = {name: content for name, content, _ in stated if name in ("og:title", "og:url")}
    story = own_story([title, *agreed], [url, *links.get("canonical", [])])
    points = story.points(headlines=[shared.get("og:title", "")], addresses=[shared.get("og:url", "")])
    has_no_word = "og:url" not in shared and shares_no_word(shared.get("og:title", ""), [title, *agreed])
    if not agreed or (points > OTHER_ADDRESS + OTHER_HEADLINE and not has_no_word):
        return stated
    return [field for field in stated if not field[0].startswith(("og:", "article:"))]


def _is_in_box(parent: Element, others: Collection[Element]) -> bool:
    """Whether what holds a meta element is another story's item or stands in a box of other stories in the body; what
    holds the main heading is no box.
    """
    return item_of(parent, others) is not None or any(
        structure_rule(above) in _OTHER_STORIES and above.find(".//h1") is None
        for above in (parent, *parent.iterancestors())
        if above.tag not in _ROOTS
    )


def _is_page_title(element: Element) -> bool:
    parent = element.getparent()
    return parent is None or parent.tag in ("head", "html", "body")

"""JSON-LD as news portals write it: graphs, several objects in a row, trailing commas, raw line breaks, cut ends."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from extract.html.own_story import OTHER_HEADLINE, SAME_HEADLINE, SIMILAR_HEADLINE, OwnStory

_ARTICLE_TYPES = """Article NewsArticle AnalysisNewsArticle BackgroundNewsArticle OpinionNewsArticle
ReportageNewsArticle ReviewNewsArticle BlogPosting LiveBlogPosting Report TechArticle
SocialMediaPosting AdvertiserContentArticle SatiricalArticle ScholarlyArticle Recipe HowTo Review CriticReview"""
ARTICLE_TYPES = frozenset(_ARTICLE_TYPES.split())
# A page on a book or a film may be one; a reader's, of a thing that is sold, names no page.
REVIEW_TYPES = frozenset(("Review", "CriticReview"))
NEWS_TYPES = frozenset(name for name in ARTICLE_TYPES if name.endswith("NewsArticle"))
# Bounds against hostile input: a real block has a few kilobytes and a few levels.
MAX_BLOCK_CHARACTERS = 2_000_000
MAX_NODES = 2_000
MAX_DEPTH = 30

_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$"
)
_STRING_FIELD = re.compile(
    r'"(@type|headline|datePublished|dateModified|dateCreated|uploadDate|articleSection|description|articleBody|name)"'
    r'\s*:\s*"((?:[^"\\]|\\.){0,20000})"'
)

# Under these keys pages list other stories.
_LISTING_KEYS = ("itemListElement", "item", "hasPart", "liveBlogUpdate")
# Set on nodes that stand in a list: no such key is in anybody's vocabulary.
LISTED = "@warraq:listed"
# Set on the story that stands in the state of a script (extract/html/script_state.py).
FROM_STATE = "@warraq:state"

Node = dict[str, Any]


def read_json_ld(scripts: list[str]) -> list[Node]:
    """All typed nodes of a page's JSON-LD scripts, outermost first. Broken scripts give what can be read of them."""
    nodes: list[Node] = []
    for script in scripts:
        if len(script) <= MAX_BLOCK_CHARACTERS:
            for value in _values(script):
                nodes.extend(_flatten(value, depth=0))
        if len(nodes) > MAX_NODES:
            break
    return nodes[:MAX_NODES]


def _values(script: str) -> list[Any]:
    text = script.strip()
    if not text.startswith(("{", "[")) or not text.endswith(("}", "]")):
        text = _WRAPPING.sub("", text).strip()
    if not text:
        return []
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text)):
        values = _decode_all(candidate)
        if values is not None:
            return values
    fields: Node = {}
    for match in _STRING_FIELD.finditer(text):
        # The first of each field belongs to the outer object in every broken block seen.
        fields.setdefault(match[1], _unescape(match[2]))
    return [fields] if "headline" in fields or "datePublished" in fields else []


def _decode_all(text: str) -> list[Any] | None:
    """One JSON value, or several in a row; None when the text is something else."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    position = 0
    try:
        while position < len(text) and len(values) < 50:
            value, position = decoder.raw_decode(text, position)
            values.append(value)
            while position < len(text) and text[position] in " \t\r\n,;":
                position += 1
    except (ValueError, RecursionError):
        return None
    return values


def _unescape(raw: str) -> str:
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except (ValueError, RecursionError):
        return raw


def _flatten(value: Any, *, depth: int, listed: bool = False) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:MAX_NODES]:
            yield from _flatten(item, depth=depth + 1, listed=listed)
    elif isinstance(value, dict):
        if "@type" in value or "headline" in value:
            yield {**value, LISTED: True} if listed else value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", *_LISTING_KEYS):
            if isinstance(value.get(key), dict | list):
                yield from _flatten(value[key], depth=depth + 1, listed=listed or key in _LISTING_KEYS)


def types_of(node: Node) -> set[str]:
    """A node's types without their namespace."""
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    return {item.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for item in values if isinstance(item, str)}


def article_node(nodes: list[Node], story: OwnStory) -> Node | None:
    """The node that describes the page's own article; where several do, they say it together, the likeliest first."""
    found = [node for node in nodes if types_of(node) & ARTICLE_TYPES or ("headline" in node and "@type" not in node)]
    scored = [(_points(node, story), node) for node in found]
    own = [(points, node) for points, node in scored if points > 0]
    if not own:
        # A node that says neither headline nor address is the page's where there is no other.
        own = [
            (points, node)
            for points, node in scored
            if (points == 0 or _is_in_other_words(node, points, nodes, story))
            and LISTED not in node
            and not types_of(node) & REVIEW_TYPES
        ][:1]
    own.sort(key=lambda item: (-item[0], -("headline" in item[1]) - ("datePublished" in item[1])))
    joined: Node = {}
    for points, node in own:
        if points == own[0][0] or points > SIMILAR_HEADLINE:
            joined |= {key: value for key, value in node.items() if key not in joined}
    return joined or None


def own_nodes(nodes: list[Node], story: OwnStory) -> list[Node]:
    """The nodes that may speak of the page: no list holds them, and neither name nor address is another story's."""
    return [
        node
        for node in nodes
        if LISTED not in node
        and ((points := _points(node, story)) >= 0 or _is_in_other_words(node, points, nodes, story))
    ]


def _is_in_other_words(node: Node, points: int, nodes: list[Node], story: OwnStory) -> bool:
    """Whether it is the only node of a page with a headline, which is the page's in other words: it shares one."""
    if points != OTHER_HEADLINE or any("headline" in other and other is not node for other in nodes):
        return False
    return any(map(story.is_told_in, strings(node.get("headline"))))


def _points(node: Node, story: OwnStory) -> int:
    headlines = [*strings(node.get("headline")), *strings(node.get("alternativeHeadline")), *strings(node.get("name"))]
    page = node.get("mainEntityOfPage")
    addresses = [
        *strings(node.get("url"), key="@id"),
        *(strings(page, key="@id") or strings(page, key="url")),
        *(text for text in strings(node.get("@id")) if text.startswith("http")),
        *(text for text in strings(node.get("isPartOf"), key="@id") if text.startswith("http")),
    ]
    points = story.points(headlines=headlines, addresses=addresses)
    return min(points, 0) if LISTED in node and points < SAME_HEADLINE else points


def strings(value: Any, *, key: str = "name") -> list[str]:
    """Text of a JSON-LD value: a string, an object's `key`, or a list of both."""
    if isinstance(value, str):
        text = " ".join(html.unescape(value).split())
        return [text] if text else []
    if isinstance(value, dict):
        return strings(value.get(key), key=key) if not isinstance(value.get(key), dict) else []
    if isinstance(value, list):
        return [text for item in value[:100] if not isinstance(item, list) for text in strings(item, key=key)]
    return []


def resolve(value: Any, nodes: list[Node]) -> Any:
    """Replace references ({"@id": …}) by the nodes of the same graph that they name."""
    if isinstance(value, list):
        return [resolve(item, nodes) for item in value[:100] if not isinstance(item, list)]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return next((node for node in nodes if node.get("@id") == value["@id"]), value)
    return value

"""The page's own story in the state of its scripts, for pages that their scripts draw: what it says there, as JSON-LD.

Frameworks send the data of a page as one JSON object (`__NEXT_DATA__`, `Fusion.globalContent=…`). The object with the
page's headline and a text in it is the story; names of fields differ, so several are known of each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from itertools import islice
from typing import Any

from extract.html.block import MIN_HEADLINE_WORDS
from extract.html.json_ld import FROM_STATE, MAX_DEPTH, Node, strings
from extract.html.own_story import SAME_HEADLINE, OwnStory
from extract.html.parsing import Element

MAX_SCRIPT_CHARACTERS = 3_000_000
MAX_PARTS = 20
MAX_OBJECTS = 20_000
MIN_SCRIPT_CHARACTERS = 500
MIN_TEXT_CHARACTERS = 200
MIN_PARAGRAPH_LETTERS = 30  # a type, a name, an id is shorter

# Names of fields in small letters, without underlines; the first that is there counts.
_HEADLINES = ("headline", "title", "headlines", "name")
_BODIES = (
    "articlebody",
    "body",
    "bodyhtml",
    "content",
    "contenthtml",
    "contentelements",
    "html",
    "text",
    "story",
    "blocks",
    "paragraphs",
)
_PUBLISHED = (
    "datepublished",
    "published",
    "publishedat",
    "publishdate",
    "publisheddate",
    "publicationdate",
    "displaydate",
    "firstpublishdate",
    "firstpublishedat",
    "pubdate",
)
_AUTHORS = ("authors", "author", "byline", "writers", "writer", "credits")
_TEXTS = ("rendered", "html", "content", "text", "value")
# Most scripts hold no story: these names are looked for before anything is read.
_ANY_DAY = re.compile(r'"(?:date_?pub|pub|display_?date|first_?pub)', re.IGNORECASE)
_ANY_BODY = re.compile(r'"(?:article_?body|body|content|html|text|story|blocks|paragraphs)', re.IGNORECASE)
_ASSIGNED = re.compile(r'=\s*(?=\{\s*")')
_MARKUP = re.compile(r"<(?:p|br|h\d|div|li)\b", re.IGNORECASE)


def story_in_state(scripts: Iterable[Element], story: OwnStory, *, is_article: bool) -> Node | None:
    """The page's own story as an article of JSON-LD, with its text where it has one; None where no script has it.

    Unless the page `is_article` by what it states, it must say when it was published: sections of shops have headline
    and text too.
    """
    found: list[tuple[int, Node]] = []
    for value in _states(scripts, _ANY_BODY if is_article else _ANY_DAY):
        for item in islice(_objects(value), MAX_OBJECTS):
            fields = {key.lower().replace("_", ""): part for key, part in item.items()}
            if not fields.keys() & set(_BODIES if is_article else _PUBLISHED):
                continue
            headlines = _headlines(fields)
            if headlines and story.points(headlines=headlines, addresses=()) >= SAME_HEADLINE:
                body = max(map(_body, (fields.get(name) for name in _BODIES)), key=len)
                node = _node(fields, headlines[0], body)
                is_told = len(body) >= MIN_TEXT_CHARACTERS or len(headlines[0].split()) >= MIN_HEADLINE_WORDS
                if len(body) >= MIN_TEXT_CHARACTERS if is_article else "datePublished" in node and is_told:
                    found.append((len(body), node))
    return max(found, key=lambda item: item[0])[1] if found else None


def _states(scripts: Iterable[Element], needed: re.Pattern[str]) -> Iterator[Any]:
    """The objects in the page's scripts, of those in whose source stands what is needed."""
    decoder = json.JSONDecoder(strict=False)
    for script in scripts:
        source = script.text or ""
        kind = (script.get("type") or "").lower()
        if not MIN_SCRIPT_CHARACTERS <= len(source) <= MAX_SCRIPT_CHARACTERS or "ld+json" in kind:
            continue
        if not needed.search(source):
            continue
        is_data = "json" in kind
        starts = [0] if is_data else [match.end() for match in islice(_ASSIGNED.finditer(source), MAX_PARTS)]
        end = 0
        for start in starts:
            if start >= end:
                try:
                    value, end = decoder.raw_decode(source.lstrip() if is_data else source, start)
                except (ValueError, RecursionError):
                    continue
                yield value


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting += [part for part in item.values() if isinstance(part, dict | list)]
        elif isinstance(item, list):
            waiting += [part for part in item if isinstance(part, dict | list)]


def _headlines(fields: dict[str, Any]) -> list[str]:
    found = (fields.get(name) for name in _HEADLINES)
    texts = (strings(value, key="rendered") or strings(value, key="basic") for value in found)
    return [text for each in texts for text in each][:2]


def _body(value: Any) -> str:
    """Markup of a text: as it is, or that of the elements that a list or an object holds, in their order."""
    if isinstance(value, str):
        return value if _MARKUP.search(value) else ""
    return "".join(islice(_elements(value, depth=0), MAX_OBJECTS))


def _elements(value: Any, *, depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        fields = {key.lower(): part for key, part in value.items()}
        told = next((fields[name] for name in _TEXTS if fields.get(name)), None)
        yield from _elements(list(value.values()) if told is None else [told], depth=depth)
    elif isinstance(value, list) and depth < MAX_DEPTH:
        for item in value:
            if isinstance(item, dict | list):
                yield from _elements(item, depth=depth + 1)
            elif isinstance(item, str) and (_MARKUP.search(item) or len(item) >= MIN_PARAGRAPH_LETTERS):
                yield item if _MARKUP.search(item) else f"<p>{item if '<' in item else escape(item)}</p>"


def _node(fields: dict[str, Any], headline: str, body: str) -> Node:
    node: Node = {"@type": "Article", "headline": headline}
    if len(body) >= MIN_TEXT_CHARACTERS:
        node |= {"articleBody": body, FROM_STATE: True}
    published = next((fields[name] for name in _PUBLISHED if fields.get(name)), None)
    if isinstance(published, int | float):
        published = _instant(published)
    if isinstance(published, str):
        node["datePublished"] = published
    author = next((fields[name] for name in _AUTHORS if fields.get(name)), None)
    if isinstance(author, dict):
        author = author.get("by", author)
    if author:
        node["author"] = author
    return node


def _instant(stamp: float) -> str | None:
    """A time of Unix, in seconds or milliseconds."""
    try:
        return datetime.fromtimestamp(stamp / 1000 if stamp > 1e11 else stamp, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None

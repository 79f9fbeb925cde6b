"""Every place of a page that says when the article was published or changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from extract.dates.records import JSON_LD, LISTING, META, MODIFIED, PUBLISHED, TIME_ELEMENT, VISIBLE_TEXT, DateWitness
from extract.dates.witnesses.urls import url_witnesses
from extract.dates.witnesses.visible import visible_witnesses
from extract.html.block import Block
from extract.html.parsing import Element

MAX_RAW_CHARACTERS = 120
SELECTED_WEIGHT = 0.93  # what a portal's definition points at
# Names of meta elements and microdata, and how far each is to be believed when it stands alone.
_PUBLISHED_META = {
    "article:published_time": 0.9,
    "og:article:published_time": 0.9,
    "og:published_time": 0.9,
    "article:published": 0.9,
    "article.published": 0.9,
    "datepublished": 0.9,
    "published_time": 0.85,
    "published": 0.8,
    "published_at": 0.85,
    "pubdate": 0.85,
    "pub_date": 0.85,
    "publishdate": 0.85,
    "publish_date": 0.85,
    "publish-date": 0.85,
    "publication_date": 0.85,
    "publicationdate": 0.85,
    "parsely-pub-date": 0.9,
    "sailthru.date": 0.8,
    "cxenseparse:recs:publishtime": 0.85,
    "article_date_original": 0.85,
    "dc.date.issued": 0.85,
    "dc.date.created": 0.75,
    "dcterms.issued": 0.85,
    "dcterms.created": 0.75,
    "dcterms.date": 0.6,
    "dc.date": 0.6,
    "citation_publication_date": 0.7,
    "datecreated": 0.7,
    "uploaddate": 0.5,
    "date": 0.5,
}
_MODIFIED_META = {
    "article:modified_time": 0.9,
    "article:modified": 0.9,
    "og:updated_time": 0.8,
    "article:updated_time": 0.85,
    "og:article:modified_time": 0.85,
    "datemodified": 0.9,
    "modified_time": 0.8,
    "lastmod": 0.8,
    "last-modified": 0.6,
    "dcterms.modified": 0.8,
    "dc.date.modified": 0.8,
}
_PUBLISHED_LD = {"datePublished": 0.95, "dateCreated": 0.7, "uploadDate": 0.6}
# A WebPage node beside the article says the same as a rule; without an article node it is all there is.
_PAGE_NODE_WEIGHT = 0.75


def date_witnesses(
    *,
    url: str | None = None,
    meta: Mapping[str, Sequence[str]] | None = None,
    article: Mapping[str, Any] | None = None,
    nodes: Sequence[Mapping[str, Any]] = (),
    blocks: Sequence[Block] = (),
    headline: Block | None = None,
    body_start: int = 0,
    body_end: int = 0,
    selected: Sequence[Element] = (),
    listed_at: datetime | None = None,
) -> list[DateWitness]:
    """The witnesses of one page, from what the extractor has read already; nothing is judged here.

    `article` is the JSON-LD node of the article and `nodes` all nodes; `meta` is keyed by lower-case name; `selected`
    are the elements that the portal's date selectors found; `listed_at` is what a feed or sitemap said.
    """
    found: list[DateWitness] = []
    found += _json_ld(article, nodes)
    found += _meta(meta or {})
    found += _selected(selected)
    found += visible_witnesses(blocks, headline=headline, body_start=body_start, body_end=body_end)
    if url:
        found += url_witnesses(url)
    if listed_at is not None:
        found.append(DateWitness(LISTING, "listed_at", listed_at.isoformat(), weight=0.8))
    return list(dict.fromkeys(found))


def _text(value: Any) -> str | None:
    """A JSON-LD date: a string, a number, {"@value": …} or a list of these."""
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("@value")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()[:MAX_RAW_CHARACTERS] if not isinstance(value, int) or abs(value) < 10**15 else ""
    return text or None


def _json_ld(article: Mapping[str, Any] | None, nodes: Sequence[Mapping[str, Any]]) -> Iterator[DateWitness]:
    if article is not None:
        yield from _node(article, factor=1.0)
    if article is None or _text(article.get("datePublished")) is None:
        for node in nodes:
            if "WebPage" in str(node.get("@type")) or (article is None and "VideoObject" in str(node.get("@type"))):
                yield from _node(node, factor=_PAGE_NODE_WEIGHT)
                break


def _node(node: Mapping[str, Any], *, factor: float) -> Iterator[DateWitness]:
    for key, weight in _PUBLISHED_LD.items():
        raw = _text(node.get(key))
        if raw is not None:
            yield DateWitness(JSON_LD, key, raw, weight=weight * factor)
            break
    raw = _text(node.get("dateModified"))
    if raw is not None:
        yield DateWitness(JSON_LD, "dateModified", raw, role=MODIFIED, weight=0.95 * factor)


def _meta(meta: Mapping[str, Sequence[str]]) -> Iterator[DateWitness]:
    for role, names in ((PUBLISHED, _PUBLISHED_META), (MODIFIED, _MODIFIED_META)):
        for name, weight in names.items():
            values = [value for value in meta.get(name, ()) if value]
            if not values or len({value[:10] for value in values}) > 1:
                # Microdata of several stories: which one is the article's cannot be told here.
                continue
            yield DateWitness(META, name, values[0][:MAX_RAW_CHARACTERS], role=role, weight=weight)


def _selected(elements: Sequence[Element]) -> Iterator[DateWitness]:
    for element in elements[:3]:
        raw = element.get("datetime") or element.get("content")
        if raw:
            yield DateWitness(TIME_ELEMENT, "selector", raw[:MAX_RAW_CHARACTERS], weight=SELECTED_WEIGHT)
        text = " ".join("".join(element.itertext()).split())
        if text:
            yield DateWitness(VISIBLE_TEXT, "selector", text[:300], weight=SELECTED_WEIGHT)

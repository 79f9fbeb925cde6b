"""What the page's head, JSON-LD and microdata say about the article, read once; nothing is judged here."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.blocks import clean_line
from extract.json_ld import Node, article_node, read_json_ld, resolve, strings
from extract.parsing import Element

MAX_META_CHARACTERS = 20_000
MAX_META_ELEMENTS = 2_000
MAX_TITLE_CHARACTERS = 2_000


@dataclass(frozen=True)
class PageMetadata:
    """`meta` is keyed by the lower-case name, property or itemprop; values in document order."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    title_element: str = ""
    links: dict[str, list[str]] = field(default_factory=dict)  # rel → hrefs
    html_lang: str | None = None
    json_ld: tuple[Node, ...] = ()
    article: Node | None = None  # the JSON-LD node of the article, with references resolved

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


def read_metadata(root: Element) -> PageMetadata:
    """Collect the metadata of a page in one walk over the few elements that carry any."""
    meta: dict[str, list[str]] = {}
    links: dict[str, list[str]] = {}
    scripts: list[str] = []
    title = ""
    for count, element in enumerate(root.iter("meta", "link", "script", "title")):
        if count > MAX_META_ELEMENTS:
            break
        if element.tag == "meta":
            content = clean_line((element.get("content") or "")[:MAX_META_CHARACTERS])
            for attribute in ("property", "name", "itemprop"):
                name = element.get(attribute)
                if name and content:
                    meta.setdefault(name.strip().lower(), []).append(content)
        elif element.tag == "link":
            for rel in (element.get("rel") or element.get("itemprop") or "").lower().split():
                links.setdefault(rel, []).append((element.get("href") or "").strip())
        elif element.tag == "script":
            if "ld+json" in (element.get("type") or "").lower() and element.text:
                scripts.append(element.text)
        elif not title and _is_page_title(element):
            title = clean_line("".join(element.itertext())[:MAX_TITLE_CHARACTERS])
    nodes = read_json_ld(scripts)
    article = article_node(nodes)
    if article is not None:
        article = {key: resolve(value, nodes) for key, value in article.items()}
    return PageMetadata(
        meta=meta,
        title_element=title,
        links=links,
        html_lang=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        json_ld=tuple(nodes),
        article=article,
    )


def _is_page_title(element: Element) -> bool:
    parent = element.getparent()
    return parent is None or parent.tag in ("head", "html", "body")

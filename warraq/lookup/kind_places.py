"""Where on a page the features stand that speak for or against an article."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from extract.html.block import MIN_HEADLINE_WORDS, Block
from extract.html.json_ld import types_of
from extract.verdict.page_evidence import Evidence

MAX_PATH_TAGS = 4
MAX_SHOWN = 100  # characters of a line
_LINKED_SHARE = 0.6


def path_of(block: Block) -> str:
    """The block's element and those above, innermost last: `main > article > div.text > p`."""
    tags = [str(element.tag) + _first_class(element.get("class")) for element in block.path[:MAX_PATH_TAGS]]
    return " > ".join(reversed(tags))


def kind_places(page: Evidence) -> dict[str, str]:
    """The place of each feature of the page's kind: a field of the head, the address, or lines."""
    types = sorted({name for node in page.metadata.json_ld for name in types_of(node)})
    json_ld, og_type = f"JSON-LD {', '.join(types)}", f"meta og:type: {page.metadata.first('og:type')}"
    published = f"meta article:published_time: {page.metadata.first('article:published_time')}"
    found = {
        **dict.fromkeys(("json_ld_article", "json_ld_list", "json_ld_product"), json_ld),
        **dict.fromkeys(("og_article", "og_website"), og_type),
        "published_time": published,
        **dict.fromkeys(("path_front", "path_short", "path_article"), _path(page.url)),
        **_lines(page),
    }
    return {name: place[: 2 * MAX_SHOWN] for name, place in found.items()}


def _lines(page: Evidence) -> dict[str, str]:
    texts = [block for block in page.kept if block.running]
    shown = sum(bool(block.running) for block in page.blocks)
    stories = [block for block in page.blocks if block.link_share > _LINKED_SHARE and block.words >= MIN_HEADLINE_WORDS]
    open_stories = [block for block in stories if block.pruned_by is None]
    found = {}
    if page.headline is not None:
        found["headline_long"] = _line(page.headline)
    if page.kept:
        found["named_region"] = f"around {_line(page.kept[0])}"
    if texts:
        many = f"{len(texts)} of the page's {shown} paragraphs, the first {_line(texts[0])}"
        found |= dict.fromkeys(("texts_beside", "text_share", "stops", "teaser_share", "excerpts_only"), many)
    if stories:
        found["story_links"] = f"{len(stories)} headlines that are links, the first {_line(stories[0])}"
    if open_stories:
        found["open_story_links"] = (
            f"{len(open_stories)} outside of menus and boxes, the first {_line(open_stories[0])}"
        )
    return found


def _line(block: Block) -> str:
    return f"{path_of(block)}: {block.text[:MAX_SHOWN]}"


def _path(url: str | None) -> str:
    try:
        return f"address {unquote(urlsplit(url or '').path)}"
    except ValueError:
        return f"address {url}"


def _first_class(classes: str | None) -> str:
    first = (classes or "").split()[:1]
    return f".{first[0][:30]}" if first else ""

"""Microdata of other stories: an item inside a box speaks of the story that the box shows, not of the page's."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from extract.html.block import MAX_LABEL_WORDS, clean_line
from extract.html.own_story import OwnStory
from extract.html.parsing import Element

MAX_SCOPES = 200
_STORY_TYPES = ("article", "posting", "report")


def other_scopes(scopes: Sequence[Element], story: OwnStory) -> list[Element]:
    """Those of the elements with microdata whose microdata describe another story than the page's."""
    found: list[Element] = []
    stories = [scope for scope in scopes[:MAX_SCOPES] if (scope.get("itemtype") or "").lower().endswith(_STORY_TYPES)]
    # The title of the page may be the section's: its only story with a text is its own.
    is_named = any(title.count(" ") >= MAX_LABEL_WORDS for title in story.titles)
    for scope in stories:
        if len(stories) == 1 and not is_named and scope.find(".//*[@itemprop='articleBody']") is not None:
            continue
        fields = _fields(scope)
        headlines = fields.get("headline", []) or fields.get("name", [])
        if not headlines or scope.find(".//h1") is not None:
            continue
        addresses = [*fields.get("url", []), *fields.get("mainentityofpage", []), scope.get("itemid") or ""]
        if story.points(headlines=headlines, addresses=[address for address in addresses if address]) < 0:
            found.append(scope)
    return found


def item_of(element: Element, scopes: Collection[Element]) -> Element | None:
    """The one of the scopes that the element stands in, if any."""
    if not scopes:
        return None
    return next((above for above in (element, *element.iterancestors()) if above in scopes), None)


def _fields(scope: Element) -> dict[str, list[str]]:
    """The item's own fields; those of items inside it (author, publisher, picture) are theirs."""
    fields: dict[str, list[str]] = {}
    for element in scope.iterfind(".//*[@itemprop]"):
        if element.get("itemscope") is not None:
            if "mainentityofpage" in element.get("itemprop", "").lower():
                fields.setdefault("mainentityofpage", []).append(element.get("itemid") or "")
            continue
        if _nearest_scope(element) is not scope:
            continue
        value = element.get("content") or element.get("href") or clean_line("".join(element.itertext())[:500])
        for name in (element.get("itemprop") or "").lower().split():
            fields.setdefault(name, []).append(value)
    return fields


def _nearest_scope(element: Element) -> Element | None:
    return next((above for above in element.iterancestors() if above.get("itemscope") is not None), None)

"""CSS selectors of a portal's definition. They are hints: what does not parse or match selects nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from cssselect import SelectorError
from lxml.cssselect import CSSSelector

from extract.html.block import clean_line
from extract.html.parsing import Element

MAX_SELECTED = 50


@lru_cache(maxsize=512)
def _compiled(selector: str) -> CSSSelector | None:
    try:
        return CSSSelector(selector, translator="html")  # type: ignore[no-untyped-call]  # lxml has no types
    except (SelectorError, ValueError):  # portal definitions are checked by tests of their own
        return None


def select_elements(root: Element, selectors: Sequence[str]) -> list[Element]:
    """The elements of the first selector that matches any."""
    for selector in selectors:
        compiled = _compiled(selector)
        found = compiled(root)[:MAX_SELECTED] if compiled is not None else []
        if found:
            return list(found)
    return []


def select_texts(root: Element, selectors: Sequence[str]) -> list[str]:
    """The texts of the first selector that matches any text. A meta element's text is its content."""
    for selector in selectors:
        texts = [_text(element) for element in select_elements(root, (selector,))]
        texts = [text for text in texts if text]
        if texts:
            return texts
    return []


def _text(element: Element) -> str:
    if element.tag == "meta":
        return clean_line(element.get("content") or "")
    return clean_line("".join(element.itertext()))


def remove_selected(root: Element, selectors: Sequence[str]) -> None:
    """Take out all elements that any of the selectors matches, with their text; what follows them stays."""
    for selector in selectors:
        for element in select_elements(root, (selector,)):
            if element.getparent() is not None and element.tag not in ("html", "body"):
                take_out(element)


def take_out(element: Element) -> None:
    """Remove an element with its text; the text behind it stays."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)

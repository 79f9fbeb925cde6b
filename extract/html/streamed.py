"""Parts of a page that a React server sends behind it, put where the page's own script would put them.

A server that streams sends `<template id="B:0">` in the place of a part that is not ready, and later the part itself,
in `<div hidden id="S:0">`, with a call of `$RC("B:0","S:0")` that moves it; `$RS("S:1","P:1")` moves a part of such a
part. Until then the text stands hidden behind the footer. Source: React's ReactDOMFizzInstructionSetShared.
"""

from __future__ import annotations

import re

import lxml.etree

from extract.html.parsing import Element
from extract.html.selectors import take_out

# Pages at hand have 33 at most. Each place has fewer elements above it, so no tree gets deep by moving.
MAX_PARTS = 500
MAX_PLACE_DEPTH = 256
_ID = r"""["']([\w:«»-]{0,40}[BSP]:[0-9a-f]{1,6})["']"""
_MOVE = re.compile(rf"\$R[A-Z]\(\s*{_ID}\s*,\s*{_ID}")
_PARTS = lxml.etree.XPath("//div[@hidden][contains(@id, 'S:')]")
_PART = re.compile(r"([\w:«»-]{0,40})S:([0-9a-f]{1,6})")


def place_streamed(root: Element) -> None:
    """Move each hidden part of a streamed page to its place; a part whose place is not on the page stays."""
    places = {place: element for element in root.iter("template") if (place := element.get("id")) is not None}
    if not places:
        return
    parts = [div for div in _PARTS(root) if _PART.fullmatch(div.get("id"))][:MAX_PARTS]
    # A part's part has the number of its place; so has a part as a rule, where the page's scripts do not say.
    told = {}
    for part in parts:
        inner, outer = (_PART.sub(rf"\1{letter}:\2", part.get("id")) for letter in "PB")
        told[part.get("id")] = inner if inner in places else outer
    for script in root.iter("script"):
        for one, other in _MOVE.findall(script.text or ""):
            part, place = (one, other) if _PART.fullmatch(one) else (other, one)
            told[part] = place
    for part in parts:
        place = places.get(told[part.get("id")])
        if place is None or place.getparent() is None:
            continue
        above = list(place.iterancestors())
        if part in above or len(above) > MAX_PLACE_DEPTH:
            continue
        _move(part, place)


def _move(part: Element, place: Element) -> None:
    """Show the part in the place of the template."""
    take_out(part)
    part.tail = place.tail
    del part.attrib["hidden"]
    place.getparent().replace(place, part)

"""What the elements around a line of text say of it: class names, microdata, machine-readable dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from extract.dates.grammar.labels import names_change
from extract.dates.grammar.words import fold_date_text
from extract.dates.records import MODIFIED, PUBLISHED, TIME_ELEMENT, DateWitness
from extract.html.block import Block
from extract.html.parsing import Element

MAX_LINE_CHARACTERS = 160  # a line with a date, author, views; longer lines are prose
_DATE_NAME = re.compile(r"date|time|publish|posted|created|stamp|clock-o|calendar|تاريخ", re.IGNORECASE)
_CHANGE_NAME = re.compile(r"(?:date[-_]?)?(?:updated?|modified)", re.IGNORECASE)
_TOLD_IN = ("data-datetime", "data-date", "data-time", "data-timestamp", "title")
_FULL_DAY = re.compile(r"\s*(?:(?:19|20)\d\d([-/.])\d\d?\1\d\d?|\d\d?([-/.])\d\d?\2(?:19|20)\d\d)(?!\d)")
_SINCE_1970 = re.compile(r"1\d{9}(?:\d{3})?")


def near(block: Block) -> Iterator[Element]:
    """The elements whose text the block is, their parents up to the owner, and the owner."""
    for element, is_tail in block.places[:6]:
        current = element.getparent() if is_tail else element
        while current is not None and current is not block.owner:
            yield current
            current = current.getparent()
        if is_tail:
            yield element  # an icon before the date carries its class
    yield block.owner
    parent = block.owner.getparent()
    if parent is not None:
        yield parent


def names_of_element(element: Element) -> str:
    """Class, id and itemprop of an element as one string."""
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"[:300]


def named_as_date(block: Block) -> bool:
    """Whether a class name, an id or the tag itself says that the line is a date."""
    return any(element.tag == "time" or _DATE_NAME.search(names_of_element(element)) for element in near(block))


def time_elements(block: Block, *, weight: float) -> list[DateWitness]:
    """The machine-readable dates of a line (`<time datetime>`, microdata, `<abbr title>`), one a role."""
    dated = [(element, raw) for element in near(block) if (raw := _machine_date(element))]
    if not dated:
        return []
    only_updated = names_change(fold_date_text(block.text[:MAX_LINE_CHARACTERS]))
    found: dict[str, DateWitness] = {}
    for element, raw in dated:
        role = MODIFIED if only_updated or _is_change(element) else PUBLISHED
        where = (element.get("itemprop") or element.tag).lower()
        found.setdefault(role, DateWitness(TIME_ELEMENT, where, raw, role=role, weight=weight))
    return list(found.values())


def _machine_date(element: Element) -> str | None:
    raw = element.get("datetime")
    if raw is None and (element.get("itemprop") or "").lower() in ("datepublished", "datemodified", "datecreated"):
        raw = element.get("content") or element.get("title")
    if raw is None and element.tag == "abbr":
        raw = element.get("title")
    if raw is None:
        # What scripts write «منذ سنتين» from, and what a pointer shows above it.
        told = (element.get(name) for name in _TOLD_IN)
        raw = next((read for value in told if value and (read := _read_told(value))), None)
    return raw[:100] if raw and re.search(r"\d", raw[:40]) else None


def _read_told(value: str) -> str | None:
    """A whole day, or the seconds or milliseconds since 1970 that scripts count in."""
    if _SINCE_1970.fullmatch(value):
        return datetime.fromtimestamp(int(value[:10]), UTC).isoformat()
    return value if _FULL_DAY.match(value) else None


def _is_change(element: Element) -> bool:
    if "datemodified" in (element.get("itemprop") or "").lower():
        return True
    # `updated` beside another name for a date is what themes call the publication, for the hAtom format.
    names = names_of_element(element).lower()
    return _CHANGE_NAME.search(names) is not None and not _DATE_NAME.search(_CHANGE_NAME.sub("", names))

"""One figure for how far an extracted text can be trusted, and flags that say why not (docs/explain/extraction.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.boilerplate.rule_matching import suspected_leaks
from extract.html.block import Block

FULL_LENGTH_WORDS = 80
SHORT_BODY_WORDS = 40
MAX_LINK_SHARE = 0.25
# Weights of the parts; they add up to 1.
LENGTH, LINKS, LEAKS, DATE, TITLE = 0.25, 0.15, 0.25, 0.2, 0.15


@dataclass(frozen=True)
class Measured:
    """What was measured on one page. `title_witnesses`: how many independent places agree with the title."""

    kept: Sequence[Block]
    words: int
    date_confidence: float | None
    title_witnesses: int
    title_is_visible: bool


def judge_quality(measured: Measured) -> tuple[float, set[str]]:
    """Quality from 0 to 1, rounded to three places, and the flags of its weak parts."""
    flags: set[str] = set()
    characters = sum(len(block.text) for block in measured.kept)
    link_share = sum(block.link_chars for block in measured.kept) / characters if characters else 0.0
    leaks = suspected_leaks(measured.kept)
    if measured.words < SHORT_BODY_WORDS:
        flags.add("short_body")
    if link_share > MAX_LINK_SHARE:
        flags.add("many_links")
    if leaks:
        flags.add("leak_suspected")
    if measured.title_witnesses == 0:
        flags.add("title_unconfirmed")
    if not measured.title_is_visible:
        flags.add("title_not_visible")
    title = min(1.0, 0.4 * min(2, measured.title_witnesses) + 0.2 * measured.title_is_visible)
    quality = (
        LENGTH * min(1.0, measured.words / FULL_LENGTH_WORDS)
        + LINKS * max(0.0, 1 - link_share / (2 * MAX_LINK_SHARE))
        + LEAKS * max(0.0, 1 - 0.34 * leaks)
        + DATE * (measured.date_confidence or 0.0)
        + TITLE * title
    )
    return round(quality, 3), flags

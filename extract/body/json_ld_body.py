"""The text that a page states in its JSON-LD, for pages that show none: their scripts would load it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import escape

from extract.html.block import Block
from extract.html.blocks import read_blocks
from extract.html.metadata import PageMetadata
from extract.html.parsing import NotHtml, TooComplex, parse_html
from storage.identity.arabic_folding import text_norm

MIN_STATED_WORDS = 30
# The shown text is another one when it has less than this share of the stated words.
MIN_SHOWN_SHARE = 0.5
MAX_STATED_CHARACTERS = 300_000

_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|ul|li|span|strong)\b", re.IGNORECASE)


def stated_blocks(metadata: PageMetadata, kept: Sequence[Block]) -> list[Block] | None:
    """The blocks of the stated text when the page does not show it, else None."""
    value = (metadata.article or {}).get("articleBody")
    if not isinstance(value, str) or len(value) > MAX_STATED_CHARACTERS:
        return None
    stated = Counter(text_norm(re.sub(r"<[^>]{0,500}>", " ", value)).split())
    if stated.total() < MIN_STATED_WORDS and any(block.running for block in kept):
        return None
    shown = Counter(word for block in kept for word in block.folded.split())
    if (stated & shown).total() >= MIN_SHOWN_SHARE * stated.total():
        return None
    if not _MARKUP.search(value):
        value = "".join(f"<p>{escape(line)}</p>" for line in value.splitlines())
    try:
        return read_blocks(parse_html(f"<html><body><article>{value}</article></body></html>"))
    except (NotHtml, TooComplex):
        return None

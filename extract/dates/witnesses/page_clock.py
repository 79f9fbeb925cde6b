"""The date of today that many portals print on top of every page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.dates.grammar.words import fold_date_text, is_labelled
from extract.dates.witnesses.elements import names_of_element
from extract.html.block import Block

MAX_LEVELS = 7  # a line above the headline belongs to it when they meet this few levels up
MAX_MENU_LINES = 4  # lines of links between a date and the headline; more are the page's menu
# Names of the stripe on top of every page; `date-header` and `entry-header` are the article's own.
_CLOCK_NAME = re.compile(
    r"today|now\b|clock(?!-o)|top[-_]?(?:bar|date|header|nav)|masthead|weather|nav[-_]?(?:item|date)|current"
    r"|(?<!date[-_])(?<!entry[-_])(?<!post[-_])(?<!article[-_])(?<!news[-_])(?<!story[-_])(?<!content[-_])"
    r"(?<!date__)(?<!entry__)(?<!post__)(?<!article__)(?<!news__)(?<!story__)(?<!content__)header",
    re.IGNORECASE,
)
# «القاهرة: الأربعاء، …»
_PLACE_AND_COLON = re.compile(r"^[^\W\d_]+(?:\s[^\W\d_]+)?\s?:\s*(?:ال\w+|\d{1,2}\s)")


def is_page_clock(block: Block, anchor: Block, blocks: Sequence[Block]) -> bool:
    """Whether a date above `anchor` (the headline, or the first line of the text) is the page's, not the story's."""
    folded = fold_date_text(block.text[:200])
    if not is_labelled(folded) and _PLACE_AND_COLON.match(folded):
        return True
    between = blocks[block.order + 1 : anchor.order]
    if sum(1 for line in between if line.link_share > 0.8) > MAX_MENU_LINES:
        return True
    above_anchor = anchor.path[:MAX_LEVELS]
    for element in block.path:
        if any(element is other for other in above_anchor):
            return element.tag in ("body", "html")
        if element.tag in ("header", "nav") and element.tag not in [other.tag for other in above_anchor]:
            return True
        if _CLOCK_NAME.search(names_of_element(element)):
            return True
    return True

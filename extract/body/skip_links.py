"""Boxes that a page itself calls no part of the text: a link before them skips them, for readers who listen."""

from __future__ import annotations

import re

from extract.html.block import Block

SKIPPED = "role.skipped"
# A box is a part of the page; a link over more than this share of its text leads past a menu, or elsewhere.
MAX_SHARE = 0.4
_SKIPS = re.compile(r"تخطي \S.*القراءه|skip .*(?:continue|reading)")
MAX_LINK_WORDS = 20


def mark_skipped(blocks: list[Block]) -> None:
    """Set `pruned_by` on what stands between «تخطى … وواصل القراءة» and the place that the link leads to."""
    links = [block for block in blocks if block.links == 1 and block.words <= MAX_LINK_WORDS]
    links = [block for block in links if block.hrefs[0].startswith("#") and _SKIPS.search(block.folded)]
    if not links:
        return
    everything = sum(len(block.text) for block in blocks)
    for link in links:
        target = link.hrefs[0][1:]
        end = next((b.order for b in blocks[link.order + 1 :] if any(e.get("id") == target for e in b.path)), None)
        if end is None:
            continue
        box = blocks[link.order : end + 1]
        if sum(len(block.text) for block in box) <= MAX_SHARE * everything:
            for block in box:
                block.pruned_by = block.pruned_by or SKIPPED

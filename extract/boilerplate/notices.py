"""A notice of the site that weighs more on a page than a text in short lines."""

from __future__ import annotations

from collections.abc import Sequence

from extract.boilerplate.rules.all_rules import RULES
from extract.html.block import Block

_COOKIES = next(rule for rule in RULES if rule.id == "legal.cookies")


def mark_notice(blocks: Sequence[Block]) -> bool:
    """Set `pruned_by` on the running text if all of it asks for consent to cookies; whether it does."""
    running = [block for block in blocks if block.own_text]
    if not running or not all(_COOKIES.pattern.search(block.folded) for block in running):
        return False
    for block in running:
        block.pruned_by = _COOKIES.id
    return True

"""Notices beside a text: on cookies, where they weigh more than it; on who publishes a release, below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.body.others.other_stories import MAX_CARD_LEVELS
from extract.boilerplate.block_verdicts import MIN_NAME_CHARACTERS, JudgedBlocks
from extract.boilerplate.rules.all_rules import RULES
from extract.html.block import LONG_TEXT, MAX_LABEL_WORDS, Block

# «About Meridian», «نبذة عن شركة السدرة»: what stands behind the words is who publishes. In Arabic «عن» alone heads
# parts of any text.
_ABOUT = re.compile(
    r"(?:about(?: the)?|uber(?: die| den| das)?|a propos d(?:e|u|es)?(?: la| l)?|acerca de(?: la|l)?"
    r"|sobre(?: (?:a|o|el|la))?"
    r"|informazioni su|over|om|(?:نبذه|لمحه|معلومات) (?:موجزه |مختصره )?(?:عن|حول)"
    r"|(?:عن|حول)(?= (?:ال)?(?:شركه|مجموعه|موسسه|جمعيه|بنك|مصرف|هييه|صندوق|مركز|منظمه|معهد|جامعه)))((?: \S+){1,6})"
)
_COOKIES = next(rule for rule in RULES if rule.id == "legal.cookies")


def mark_notice(blocks: Sequence[Block]) -> bool:
    """Set `pruned_by` on the running text if all of it asks for consent to cookies; whether it does."""
    running = [block for block in blocks if block.own_text]
    if not running or not all(_COOKIES.pattern.search(block.folded) for block in running):
        return False
    for block in running:
        block.pruned_by = _COOKIES.id
    return True


def drop_notes_on_publisher(judged: JudgedBlocks) -> None:
    """Give verdicts for «About Meridian» and what is said of Meridian below it, at the end of a release.

    What is said calls by name, in its first words, whom the heading speaks of.
    """
    for index in judged.open():
        block = judged.blocks[index]
        about = _ABOUT.fullmatch(block.folded) if block.words <= MAX_LABEL_WORDS + 2 else None
        if about is None or not (block.is_heading or block.bold_chars > 0.8 * len(block.text)):
            continue
        behind = [later for later in judged.open() if later > index]
        name = [word for word in about[1].split() if len(word) >= MIN_NAME_CHARACTERS] or about[1].split()
        said = judged.blocks[behind[0]].folded[:LONG_TEXT] if behind else ""
        is_said = any(word.removeprefix("ال") in said for word in name)
        if is_said and len(behind) <= MAX_CARD_LEVELS and any(judged.prose[:index]):
            for later in (index, *behind):
                judged.verdicts.setdefault(later, "shape.note_on_publisher")

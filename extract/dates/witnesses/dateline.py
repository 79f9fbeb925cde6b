"""The day in an agency's dateline before the first sentence: «رام الله 15-11-2026 وفا-»."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from extract.dates.grammar.arabic import written_days
from extract.dates.grammar.labels import is_other_day
from extract.dates.grammar.words import fold_date_text
from extract.dates.records import VISIBLE_TEXT, DateWitness
from extract.dates.witnesses.elements import MAX_LINE_CHARACTERS
from extract.html.block import MIN_HEADLINE_WORDS, Block
from extract.lexicon.agencies import AGENCY
from storage.identity.arabic_folding import text_norm

_ENDS = re.compile(r"[-/:)–—]")
_AGENCY = re.compile(AGENCY)


def dateline_witnesses(blocks: Sequence[Block], *, body_start: int) -> list[DateWitness]:
    """The day between place and agency with which the text begins (block number `body_start`), if it does."""
    if not 0 <= body_start < len(blocks):
        return []
    raw = blocks[body_start].text[:MAX_LINE_CHARACTERS]
    folded = fold_date_text(raw)
    days = written_days(folded, times=[], last=date.max)
    if len(days) != 1:
        return []
    place, behind = folded[: days[0].start], folded[days[0].end :]
    # The agency stands before one of the first signs: «/ أ ش أ /».
    parts = (text_norm(_ENDS.sub(" ", behind[: sign.start()])) for sign in _ENDS.finditer(behind))
    is_agencys = any(map(_AGENCY.fullmatch, parts))
    words = text_norm(place).removesuffix("في").split()
    if not is_agencys or not 0 < len(words) <= MIN_HEADLINE_WORDS or is_other_day(place):
        return []
    # Enough to be believed, where nothing else dates the page; where something does, nobody asks.
    return [DateWitness(VISIBLE_TEXT, "dateline", folded[: days[0].end], weight=0.4)]

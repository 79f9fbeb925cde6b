"""What stands in and around Arabic articles without being part of them, as data.

A rule is a pattern on the folded text of one block (`storage.identity.arabic_folding`: no marks, no hamza seats, no
punctuation, ASCII digits) and the evidence that the page must give besides, because a sentence of an article may begin
with the same words.
Each rule has an example that it removes and one that it spares; both are tests.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass


class Form(enum.StrEnum):
    """How much of the block the pattern speaks about."""

    LINE = "line"  # the whole block is the pattern
    LABEL = "label"  # the block begins with the pattern, then a colon, dash, slash or dots, then a value
    START = "start"  # the block begins with the pattern and is short
    INSIDE = "inside"  # the pattern stands somewhere in a short block
    PLEA = "plea"  # the same, in a block that has one of PLEA_WORDS, which are looked for first: it is quicker


class Evidence(enum.StrEnum):
    """What the tree and the position say. One of a rule's kinds of evidence is enough."""

    LINE = "line"  # nothing but the form: the line has no other use
    LINK = "link"  # most of the block, or of what follows the label, is a link
    LIST = "list"  # the next block is only a link
    LEADING = "leading"  # no running text stands before it in the article
    TRAILING = "trailing"  # no running text stands after it in the article
    NO_STOP = "no_stop"  # the block does not end like a sentence
    OWN_NAME = "own_name"  # the line names the site itself
    THREAD = "thread"  # the article is over: somebody's name or a date stands behind, and no text like that before
    OVER = "over"  # the article is over: it had text, and none like that follows


LINE, LINK, LIST, LEADING, TRAILING, NO_STOP, OWN_NAME, THREAD, OVER = Evidence


@dataclass(frozen=True)
class BoilerplateRule:
    """One rule. `max_words` bounds the block; `ends_article` says that the article does not go on behind it.

    Where the place is the evidence, a line that has so many words behind its label (or first word) and ends as a
    sentence does is none of it, unless they are a name: «رئيس التحرير: القرار نهائي ولا عودة عنه.»
    """

    id: str
    form: Form
    pattern: re.Pattern[str]
    needs: tuple[Evidence, ...]
    removes: str  # HTML of an example, put where the evidence asks for it
    spares: str  # HTML of an example in the middle of an article
    max_words: int = 12
    ends_article: bool = False
    sentence_words: int | None = None


def rule(
    id_: str,
    form: Form,
    pattern: str,
    *needs: Evidence,
    removes: str,
    spares: str,
    max_words: int = 12,
    ends_article: bool = False,
    sentence_words: int | None = None,
) -> BoilerplateRule:
    compiled = re.compile(" ".join(pattern.split()))
    return BoilerplateRule(id_, form, compiled, needs, removes, spares, max_words, ends_article, sentence_words)

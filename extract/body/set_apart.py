"""What a page itself sets apart: boxes that a link skips, for readers who listen; stories offered amid a paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, islice

from extract.html.block import Block
from extract.html.blocks import INLINE_TAGS
from extract.html.parsing import Element

SKIPPED = "role.skipped"
# A box is a part of the page; a link over more than this share of its text leads past a menu, or elsewhere.
MAX_SHARE = 0.4
_SKIPS = re.compile(r"تخطي \S.*القراءه|skip .*(?:continue|reading)")
MAX_LINK_WORDS = 20
# Such an offer, and the end of the sentence before it.
MAX_OFFER_CHARACTERS = 80

_OFFER = (
    r"(?:[اإأ]قر[أاؤئ]|طالع|شاهد|[اأ]نظر|راجع|تابع)(?:وا)?\s+(?:[أاإ]يض(?:ا[\u064b]?|\u064b?ا?)|كذلك|المزيد)"
    r"|(?:خبر|موضوع|موضوعات|أخبار)\s+(?:ذو|ذات)\s+صلة|(?:read|see) also|read more|also read|lire aussi"
)
_ANY_OFFER = re.compile(_OFFER, re.IGNORECASE)
_OFFERS = re.compile(rf"\s*(?:{_OFFER})\s*[:|.…]*\s*", re.IGNORECASE)
_BEGINS_WITH_OFFER = re.compile(rf"\s*(?:{_OFFER})\s*[:|.…]", re.IGNORECASE)
# Behind a sentence: «يقرأ أيضا» amid one is the text's.
_SENTENCE_AND_OFFER = re.compile(rf"(?:^|(?<=[.!؟?…»”\"]))\s*[(\[]?\s*(?:{_OFFER})\s*[:|.…]*\s*$", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:^|[.!؟?…»”\"])\s*(?=[(\[]?\s*$)")
_CLOSED = re.compile(r"\s*[.،]?\s*[)\]][.،]?")


def set_offers_apart(blocks: Sequence[Block]) -> bool:
    """Put breaks around «اقرأ أيضا: ‹link›» behind a sentence in a paragraph: it is a line of its own for the rules.

    Whether there was one, and the blocks are to be read again.
    """
    lines = [block for block in blocks if block.links and block.plain_chars and _ANY_OFFER.search(block.text)]
    links = {
        link: None for block in lines for element, _ in block.places if (link := _link_around(element)) is not None
    }
    return sum(map(_set_apart, links)) > 0


def _set_apart(link: Element) -> bool:
    whole = _outermost(link)
    if whole.getparent() is None or not link.get("href"):
        return False
    label = whole.getprevious()
    is_label = label is not None and not (label.tail or "").strip() and label.tag in INLINE_TAGS
    first = label if is_label and _OFFERS.fullmatch(_beginning(label)) else whole
    before = _text_before(first)
    near = before[-MAX_OFFER_CHARACTERS:]
    if first is whole and not _BEGINS_WITH_OFFER.match(_beginning(link)):
        ended = _SENTENCE_AND_OFFER.search(near)
        begun = ended.start() if ended is not None else 0
    else:
        ended = _SENTENCE.search(near)
        begun = ended.end() if ended is not None else 0
    if ended is None:
        return False  # «قال: اقرأ أيضا ‹link›»
    begun += len(before) - len(near)
    is_behind_text = bool(before[:begun].strip())
    if is_behind_text:
        _set_text_before(first, before[:begun])
        first.addprevious(_line_end(first, before[begun:]))
    behind = whole.tail or ""
    closed = _CLOSED.match(behind)
    inside = closed.end() if closed is not None else 0
    is_before_text = bool(behind[inside:].strip())
    if is_before_text:
        whole.tail = behind[:inside]
        whole.addnext(_line_end(whole, behind[inside:]))
    return is_behind_text or is_before_text


def _link_around(element: Element) -> Element | None:
    around = islice(chain((element,), element.iterancestors(*INLINE_TAGS)), 4)
    return next((above for above in around if above.tag == "a"), None)


def _beginning(element: Element) -> str:
    return "".join(islice(element.itertext(), 4))[:MAX_OFFER_CHARACTERS]


def _line_end(of: Element, behind: str) -> Element:
    line_end = of.makeelement("br")
    line_end.tail = behind
    return line_end


def _outermost(link: Element) -> Element:
    """The outermost inline element that holds the link and nothing else."""
    element = link
    while (
        (around := element.getparent()) is not None
        and around.tag in INLINE_TAGS
        and len(around) == 1
        and not (around.text or "").strip()
        and not (element.tail or "").strip()
    ):
        element = around
    return element


def _text_before(element: Element) -> str:
    before = element.getprevious()
    return (before.tail if before is not None else element.getparent().text) or ""


def _set_text_before(element: Element, text: str) -> None:
    before = element.getprevious()
    if before is not None:
        before.tail = text
    else:
        element.getparent().text = text


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

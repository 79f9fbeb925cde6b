"""What a page itself sets apart: boxes that a link skips, offers amid a paragraph, a second story behind a rule."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, chain, islice, pairwise

from extract.body.others.other_stories import (
    MIN_CARDS,
    NEXT_ARTICLE,
)
from extract.html.block import HEADING_TAGS, MAX_LINE_WORDS, MIN_HEADLINE_WORDS, Block, visible_part
from extract.html.blocks import INLINE_TAGS
from extract.html.element_roles import class_words
from extract.html.parsing import Element
from extract.lexicon.given_names import reads_as_name
from extract.lexicon.people import BYLINE_LABEL

SKIPPED = "role.skipped"
# A box is a part of the page; a link over more than this share of its text leads past a menu, or elsewhere.
MAX_SHARE = 0.4
_RULES = frozenset(("hr", "rule", "sep", "separator", "divider", "ayrac", "trenner"))
_SKIPS = re.compile(r"تخطي \S.*القراءه|skip .*(?:continue|reading)")
MAX_LINK_WORDS = 20
# Such an offer, and the end of the sentence before it.
MAX_OFFER_CHARACTERS = 80

_OFFER = (
    r"(?:[اإأ]قر[أاؤئ]|طالع|شاهد|[اأ]نظر|راجع|تابع)(?:وا)?\s+(?:[أاإ]يض(?:ا[\u064b]?|\u064b?ا?)|كذلك|المزيد)"
    r"|(?:خبر|موضوع|موضوعات|أخبار|مقال|تقرير)\s+(?:(?:ذو|ذات)\s+صلة|(?:متصل|مرتبط|متعلق)(?:\s+ب\S+)?)"
    r"|(?:read|see) also|read more|also read|lire aussi"
)
# Said alone, these are an offer in brackets only.
_BEGUN = rf"(?:[(\[]?\s*(?:{_OFFER})|[(\[]\s*(?:طالع|طالعوا|للمزيد|شاهد|شاهدوا)(?=\s*:))"
_ANY_OFFER = re.compile(_BEGUN, re.IGNORECASE)
_OFFERS = re.compile(rf"\s*{_BEGUN}\s*[:|.…]*\s*", re.IGNORECASE)
_BEGINS_WITH_OFFER = re.compile(rf"\s*{_BEGUN}\s*[:|.…]", re.IGNORECASE)
# One that leads nowhere is one in brackets at a line's end.
_IN_BRACKETS = re.compile(rf"[(\[]\s*(?:{_OFFER})\s*[:|.…][^()\[\]]{{1,160}}[)\]][.،]?\s*$", re.IGNORECASE)
# Behind a sentence: «يقرأ أيضا» amid one is the text's.
_SENTENCE_AND_OFFER = re.compile(rf"(?:^|(?<=[.!؟?…»”\"]))\s*{_BEGUN}\s*[:|.…]*\s*$", re.IGNORECASE)
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
    unlinked = [block for block in blocks if not block.links and block.text.rstrip(" .،").endswith((")", "]"))]
    return sum(map(_set_apart, links)) + sum(map(_set_unlinked_apart, unlinked)) > 0


def _set_unlinked_apart(block: Block) -> bool:
    element, is_tail = block.places[-1]
    text = visible_part((element.tail if is_tail else element.text) or "")
    found = _IN_BRACKETS.search(text)
    if found is None or not block.running:
        return False
    before, offer = text[: found.start()], text[found.start() :]
    if is_tail:
        element.tail = before
        element.addnext(_line_end(element, offer))
    else:
        element.text = before
        element.insert(0, _line_end(element, offer))
    return True


def _set_apart(link: Element) -> bool:
    whole = _outermost(link)
    is_whole_offer = _BEGINS_WITH_OFFER.match(_beginning(whole)) is not None
    if whole.getparent() is None or not (link.get("href") or is_whole_offer):
        return False
    label = whole.getprevious()
    is_label = label is not None and not (label.tail or "").strip() and label.tag in INLINE_TAGS
    first = label if is_label and _OFFERS.fullmatch(_beginning(label)) else whole
    before = visible_part(_text_before(first))
    near = before[-MAX_OFFER_CHARACTERS:]
    if first is whole and not is_whole_offer:
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
    behind = visible_part(whole.tail or "")
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
    """The outermost inline element that holds the link, the offer before it, and nothing else."""
    element = link
    while (
        (around := element.getparent()) is not None
        and around.tag in INLINE_TAGS
        and len(around) == 1
        and (not (around.text or "").strip() or _OFFERS.fullmatch(around.text))
        and (not (element.tail or "").strip() or _CLOSED.fullmatch(element.tail))
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
    named: dict[str, list[int]] = {}  # numbers of the blocks in the element of each id
    for block in blocks:
        for element in block.path:
            if name := element.get("id"):
                named.setdefault(name, []).append(block.order)
    before = [0, *accumulate(len(block.text) for block in blocks)]
    for link in links:
        places = named.get(link.hrefs[0][1:], [])
        end = next(iter(places[bisect_right(places, link.order) :]), None)
        if end is None or link.pruned_by == SKIPPED:
            continue
        if before[end + 1] - before[link.order] <= MAX_SHARE * before[-1]:
            for block in blocks[link.order : end + 1]:
                block.pruned_by = block.pruned_by or SKIPPED


def mark_second_story(blocks: list[Block], headline: Block | None) -> None:
    """Set `pruned_by` on a whole other story below the text in its own element: a headline behind a rule, or named as
    the page's is, and its writer. Where there are more, they are entries of one report.
    """
    first = next((block for block in blocks[headline.order + 1 :] if block.own_text), None) if headline else None
    if headline is None or first is None:
        return
    beside = blocks[headline.order + 1 : first.order]
    names = {name for block in beside for name in _class_names(block)}
    begun = [
        (block, holder)
        for block, below in pairwise(blocks[first.order + 1 :])
        if block.tag in HEADING_TAGS
        and block.pruned_by is None
        and block.words >= MIN_HEADLINE_WORDS
        and _names_writer(below, names)
        and (holder := _set_apart_in(block, headline)) is not None
    ]
    if 0 < len(begun) < MIN_CARDS:
        other, holder = begun[0]
        for block in blocks[other.order :]:
            if holder in block.path:
                block.pruned_by = block.pruned_by or NEXT_ARTICLE


def _class_names(block: Block) -> set[str]:
    named = (element.get("class") for element in (block.owner, *(element for element, _ in block.places)))
    return {name for name in named if name}


def _names_writer(block: Block, names: set[str]) -> bool:
    """Whether a line is a writer's label and name, or a name in an element called as one beside the headline is."""
    if block.running or block.words > MAX_LINE_WORDS:
        return False
    rest = BYLINE_LABEL.sub("", block.folded).strip()
    is_called = not names.isdisjoint(_class_names(block))
    return (is_called or rest != block.folded) and reads_as_name(rest)


def _set_apart_in(heading: Block, headline: Block) -> Element | None:
    """What is around the heading and the rule before it; or around the heading, where it is named as the headline."""
    own = set((headline.owner.get("class") or "").split())
    is_named = not own.isdisjoint((heading.owner.get("class") or "").split()) or heading.tag == headline.tag == "h1"
    for element, around in pairwise(heading.path):
        before = element.getprevious()
        if before is not None:
            return around if is_named or _is_rule(before) else None
    return None


def _is_rule(element: Element) -> bool:
    """Whether it is a line across the page, an empty element that is called one, or «***»."""
    text = "".join(islice(element.itertext(), MAX_LINE_WORDS)).strip()
    is_called = not text and len(element) == 0 and not _RULES.isdisjoint(class_words(element))
    return element.tag == "hr" or is_called or (bool(text) and not any(map(str.isalnum, text)))

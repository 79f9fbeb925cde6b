"""Boxes that are no paragraphs: a player's or club's name that is a link, a story's headline, readers' comments."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from extract.body.block_shapes import ENUMERATED, FULL_STOP, heads_a_part, is_unfolding, words_beside_when
from extract.body.others.other_stories import MAX_CARD_LEVELS, OTHER_STORY
from extract.body.text_density import is_story_link
from extract.boilerplate.block_verdicts import JudgedBlocks
from extract.html.block import LONG_TEXT, MAX_LABEL_WORDS, MAX_LINE_WORDS, MIN_HEADLINE_WORDS
from extract.html.parsing import Element
from extract.lexicon.list_pages import READ_MORE
from extract.lexicon.speech import ASKS_TO_BUY, ASKS_TO_JOIN, TO_READER

CARD = "shape.card"
ASKING = "promo.box"
MAX_CARD_BLOCKS = 8
# A name that is a link, and what he plays or where.
MAX_NAME_BLOCKS = 3
# What a list, a table or a paragraph holds is text.
_TEXT_TAGS = ("p", "ul", "ol", "li", "dl", "table", "tr", "td", "body", "main", "article", "blockquote")


THREAD = "comments.thread"
# What these lines ask of the reader, or name as other stories, the lines below them explain or tell.
_ASKS = ("promo.", "legal.consent", "byline.about_heading", "related.heading", "related.read_also")
# Also in a paragraph of its own.
_HEAD_A_BOX = ("related.heading", "related.read_also", "promo.support")
# Said above or below a summary, of all that is in its box.
_SUMMARY = "promo.machine_summary"
# What stands below each comment, and below nothing else.
_REPLY = re.compile(
    r"(?:(?:(?:ال|اضف )?رد(?:ا|ود)?(?: عليه| علي (?:هذا )?\S*تعليق\S*)?|(?:لم )?(?:اعجبني|يعجبني)|اعجاب"
    r"|(?:لا )?اوافق|اقتباس|(?:ال)?(?:ابلاغ|تبليغ)(?: عن (?:اساءه|مخالفه|التعليق))?"
    r"|reply|like|dislike|report)(?: \d+)?(?: |$))+"
)
# A day and an hour: an hour alone begins an entry of a live report.
_CLOCK = re.compile(r"20\d\d.*(?<!\d)\d{1,2}:\d{2}(?!\d)")
# How a site speaks of itself where it asks.
_OF_US = re.compile(r"\b[وف]?(?:نحن|نعتمد|(?:لا|لم) نتلقي?|قرا[يو](?:نا|ها|ه))\b")
MAX_REPLY_WORDS = 8
MIN_COMMENTS = 2


def drop_threads(judged: JudgedBlocks) -> None:
    """Give verdicts for readers' comments: elements beside each other that each hold reply, like or report."""
    if judged.last < 0:
        return
    entries: dict[Element, dict[Element, None]] = {}
    for index in range(judged.first + 1, len(judged.blocks)):
        if judged.words[index] <= MAX_REPLY_WORDS and _REPLY.fullmatch(judged.folded[index]):
            for entry, around in pairwise(judged.blocks[index].path):
                entries.setdefault(around, {})[entry] = None
    threads = {entry for found in entries.values() if len(found) >= MIN_COMMENTS for entry in found}
    threads.difference_update(judged.blocks[judged.first].path)
    _drop_plain_thread(judged)
    for index in range(judged.first + 1, len(judged.blocks)):
        if not threads.isdisjoint(judged.blocks[index].path):
            judged.verdicts.setdefault(index, THREAD)
            if judged.blocks[index - 1].is_heading:
                judged.verdicts.setdefault(index - 1, THREAD)
    judged.find_prose()


def _drop_plain_thread(judged: JudgedBlocks) -> None:
    """The same where comments are paragraphs like the text's: who and when, what is said, «رد», and so on."""
    replies = [
        index
        for index in range(judged.first + 1, len(judged.blocks))
        if judged.words[index] <= MAX_REPLY_WORDS and _REPLY.fullmatch(judged.folded[index])
    ]
    begins = [index for index in range(judged.first + 1, len(judged.blocks)) if _says_who_and_when(judged, index)]
    answered = [index for index in replies if _says_who_and_when(judged, index + 1)]
    signed = [index for index in begins if index + 1 < len(judged.blocks) and index + 1 not in begins]
    if len(replies) >= MIN_COMMENTS and answered:
        start = next((i for i in reversed(range(replies[0])) if _says_who_and_when(judged, i)), None)
    elif (
        len(signed) >= MIN_COMMENTS
        and all(_CLOCK.search(judged.blocks[index].text) for index in signed)
        and all(later - index <= MAX_NAME_BLOCKS for index, later in pairwise([*signed, len(judged.blocks)]))
    ):
        start = signed[0]
    else:
        return
    if start is not None and start > judged.first:
        for index in range(start, len(judged.blocks)):
            judged.verdicts.setdefault(index, THREAD)


def _says_who_and_when(judged: JudgedBlocks, index: int) -> bool:
    """A short line of a name and a day or an hour, that is no sentence."""
    name = words_beside_when(judged.blocks[index]) if index < len(judged.blocks) else None
    return name is not None and 0 < name <= MAX_LABEL_WORDS


def drop_promotions(judged: JudgedBlocks) -> None:
    """Give the verdict of a line that promotes something to what stands below it in a box of a few lines; that of a
    note on who made a summary, to the summary.
    """
    begun = {
        index: rule
        for index, rule in judged.verdicts.items()
        if rule.startswith(_ASKS) and not (rule.startswith("related.") and judged.blocks[index].links)
    }
    places: dict[Element, list[int]] = {}
    for index, block in enumerate(judged.blocks if begun else ()):
        for element in block.path[:MAX_CARD_LEVELS]:
            places.setdefault(element, []).append(index)
    for index, rule in begun.items():
        is_note = rule.startswith(_SUMMARY)
        is_own_line = judged.blocks[index].tag == "p" and rule.startswith(_HEAD_A_BOX)
        for element in judged.blocks[index].path[is_note or is_own_line : MAX_CARD_LEVELS]:
            members = places[element]
            is_small = len(members) <= (MAX_CARD_BLOCKS if is_note else MAX_NAME_BLOCKS)
            if not (is_note or members[0] == index) or element.tag in _TEXT_TAGS:
                break
            is_of_stories = rule.startswith("related.") and _are_headed_excerpts(judged, element, members[1:])
            if not (is_small or is_of_stories):
                break
            inside = set(members)
            if any(prose and i not in inside for i, prose in enumerate(judged.prose)):
                for member in members:
                    judged.verdicts.setdefault(member, rule)


def _are_headed_excerpts(judged: JudgedBlocks, box: Element, members: list[int]) -> bool:
    """Whether lines are other stories, each a headline and one paragraph, beside which the text's paragraphs are."""
    headlines, excerpts = members[::2], members[1::2]
    spans = (judged.spans.get((box.getparent(), tag)) for tag in ("p", "div"))
    return (
        len(headlines) == len(excerpts)
        and all(judged.prose[i] for i in excerpts)
        and not any(judged.prose[i] or judged.words[i] < MIN_HEADLINE_WORDS for i in headlines)
        and any(span is not None and span[0] < span[1] for span in spans)
    )


def drop_teasers(judged: JudgedBlocks) -> None:
    """Give verdicts for boxes of a sentence and a link to the rest of it, where most of the text stands elsewhere, or
    each has a headline too.
    """
    found: set[int] = set()
    are_headed = True
    for index in range(judged.first + 1, len(judged.blocks)):
        if not judged.is_link(index) or READ_MORE.fullmatch(judged.folded[index]) is None:
            continue
        around = (element for element in judged.blocks[index].path[:2] if element in judged.blocks[index - 1].path)
        if (box := next(around, None)) is None:
            continue
        start = next((i for i in reversed(range(index)) if box not in judged.blocks[i].path), -1) + 1
        if 0 < start < index < start + MAX_NAME_BLOCKS and box.tag not in _TEXT_TAGS:
            found.update(range(start, index + 1))
            are_headed &= judged.blocks[start].is_heading and start + 1 < index
    inside = sum(len(judged.blocks[index].text) for index in found)
    outside = sum(len(block.text) for i, block in enumerate(judged.blocks) if judged.prose[i] and i not in found)
    if inside < outside or (are_headed and outside):
        for index in found:
            judged.verdicts.setdefault(index, OTHER_STORY)


def drop_asking_boxes(judged: JudgedBlocks) -> None:
    """Give verdicts for a box of a few lines behind the first of the text that ends in a button which asks to join or
    to give. Where others like it have text too, it is a part of a text, or one of many that can be helped.
    """
    buttons = [i for i in range(judged.first + 1, len(judged.blocks)) if _is_asking(judged, i)]
    told = {element for i in judged.places for element in judged.blocks[i].path[1:MAX_CARD_LEVELS]} if buttons else ()
    alike = Counter(map(_like, told))
    for index in buttons:
        box, lines = _box_of_button(judged, index)
        if box is None or alike[_like(box)] > 1 or any(_tells(judged, i) for i in lines):
            continue
        inside = judged.characters_before[lines.stop] - judged.characters_before[lines.start]
        if 2 * inside < judged.characters_before[-1]:
            for line in lines:
                judged.verdicts.setdefault(line, ASKING)
    judged.find_prose()


def _tells(judged: JudgedBlocks, index: int) -> bool:
    """Whether it is a long paragraph that neither speaks to who reads the page nor of the site."""
    said = judged.folded[index]
    if not judged.prose[index] or judged.blocks[index].running < LONG_TEXT or judged.names_the_site(index):
        return False
    return TO_READER.search(said) is None and _OF_US.search(said) is None


def _is_asking(judged: JudgedBlocks, index: int) -> bool:
    is_button = judged.is_link(index) and judged.words[index] <= MAX_LINE_WORDS
    return is_button and ASKS_TO_JOIN.match(judged.folded[index]) is not None


def _like(element: Element) -> tuple[Element, str, str | None]:
    return element.getparent(), element.tag, element.get("class")


def _box_of_button(judged: JudgedBlocks, index: int) -> tuple[Element | None, range]:
    """The smallest element that has a button for its last line and a few others, and their indexes."""
    before = judged.blocks[index - 1].path
    box = next((element for element in judged.blocks[index].path[:MAX_CARD_LEVELS] if element in before), None)
    least = index - MAX_NAME_BLOCKS - 1
    start = next(
        (i for i in range(index - 1, max(least, judged.first), -1) if box not in judged.blocks[i - 1].path), None
    )
    if box is None or start is None or box.tag in _TEXT_TAGS or judged.end_of(box, index + 1) != index + 1:
        return None, range(0)
    return box, range(start, index + 1)


def drop_cards(judged: JudgedBlocks) -> None:
    """Give verdicts for boxes amid the text that hold links and short labels and nothing else."""
    linked = [i for i in range(judged.first + 1, judged.last) if i not in judged.spared and _is_linked(judged, i)]
    places: dict[Element, list[int]] = {}
    for index, block in enumerate(judged.blocks if linked else ()):
        for element in block.path[:MAX_CARD_LEVELS]:
            places.setdefault(element, []).append(index)
    for index in linked:
        box: Element | None = None
        for element in judged.blocks[index].path[:MAX_CARD_LEVELS]:
            if element.tag in _TEXT_TAGS or not _is_card(judged, places[element]):
                break
            box = element
        if box is not None:
            for member in places[box]:
                judged.verdicts.setdefault(member, CARD)


def _is_card(judged: JudgedBlocks, members: list[int]) -> bool:
    if len(members) > MAX_CARD_BLOCKS or any(judged.prose[i] for i in members):
        return False
    links = [i for i in members if _is_linked(judged, i)]
    if len(links) == len(members):
        return True
    is_offer = links == members[-1:] and (
        judged.words[links[0]] < MIN_HEADLINE_WORDS or ASKS_TO_BUY.match(judged.folded[links[0]]) is not None
    )
    if len(members) <= MAX_NAME_BLOCKS and is_offer:
        return all(judged.words[i] <= MAX_LINE_WORDS for i in members[:-1])  # an invitation and its button
    has_story = any(is_story_link(judged.blocks[i]) for i in links)
    is_little = len(members) <= MAX_NAME_BLOCKS and len(links) > 0
    return (has_story or is_little) and all(i in links or _is_label(judged, i) for i in members)


def _is_linked(judged: JudgedBlocks, index: int) -> bool:
    """A link, or a story's headline that is one with a label or an hour beside it; none that unfolds an answer."""
    block = judged.blocks[index]
    if judged.is_link(index):
        return not is_unfolding(block)
    return is_story_link(block) and not heads_a_part(block)


def _is_label(judged: JudgedBlocks, index: int) -> bool:
    text = judged.blocks[index].text
    return (
        judged.words[index] <= MAX_LABEL_WORDS
        and FULL_STOP.search(text) is None
        and ENUMERATED.match(text) is None
        and not text.rstrip().endswith(":")
    )

"""What is left around the running text: links alone, labels before it, signatures and notes behind it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from extract.body.block_shapes import (
    ENUMERATED,
    FULL_STOP,
    MAX_BESIDE_NAME_WORDS,
    answers_a_question,
    heads_a_part,
    is_labelled_link,
    is_part_of_law,
    is_row,
    is_signature,
    is_subheadline,
    is_unfolding,
    label_of,
    names_somebody,
    states_a_check,
)
from extract.body.others.other_stories import OTHER_STORY
from extract.body.text_density import is_story_link
from extract.boilerplate.block_verdicts import JudgedBlocks
from extract.boilerplate.rules.phrases import PROFESSION
from extract.html.block import MAX_LABEL_WORDS, MAX_LINE_WORDS, MIN_HEADLINE_WORDS, STOP, Block
from extract.html.parsing import Element
from extract.lexicon.given_names import reads_as_name
from storage.identity.arabic_folding import text_norm

MAX_LEADING_WORDS = 14
MAX_FOOTNOTE_WORDS, MAX_LAST_LINES = 40, 2
# A card holds so little text.
MAX_EXCERPT_BLOCKS = 2
MAX_CARD_BLOCKS = 12
MAX_CARD_LEVELS = 5
MIN_RUN_LINKS = 4
# So many lines of a list must be furniture, and this share of them, before the rest is too.
MIN_FURNITURE = 2
FURNITURE_SHARE = 0.4
# Behind one of these the text has not begun.
_FURNITURE = (
    "shape.headline",
    "date.",
    "share.",
    "class.share",
    "byline.",
    "control.",
    "related.",
    "tags.",
    "caption.",
)
# «م.خ, ع.ع.أ»: whose hands a report went through; «3 - 1» is a result.
_HANDS = re.compile(r"[^\W\d_](?: [^\W\d_])+")
_BRACKETED = re.compile(r"[-–—\s]*[(\[].{1,40}[)\]]")

# The line that statements, rulings and letters begin with.
_OPENING = re.compile(
    "بسم الله الرحمن الرحيم|السلام عليكم.*|.*(?:تحيه|وبركاته).*وبعد"
    "|(?:ان[اه] )?لله و?ان?ا? ?اليه راجعون|(?:انتقلت?|ينتقل) الي (?:رحمه|جوار) (?:الله|ربه|ربها|المولي).*"
    "|.* (?:المحترم(?:ه|ين|ون)?|الموقر(?:ه|ين)?|حفظ(?:ه|ها|كم) الله)"
)
# What leads to a note on a sentence: «… rug*».
_STAR = re.compile(r"[^\W\d_][.,»”\")]*\*(?![\w*])")
_BESIDE_NAMES = re.compile(r"[/\\|،,()]|\s[-–—]+|[-–—]+\s|\d[\d./:-]*")
_DOES = re.compile(rf"{PROFESSION}\b")
_COMMAS = ("،", ",")


def drop_links(judged: JudgedBlocks) -> None:
    """Give verdicts for blocks that are links and nothing else."""
    if not any(judged.prose):
        return
    for index in judged.open():
        block = judged.blocks[index]
        if not judged.is_link(index) or is_unfolding(block):
            if is_labelled_link(block) and not heads_a_part(block):
                judged.verdicts[index] = "shape.labelled_link"
            elif index > judged.last and _is_dated_item(block):
                judged.verdicts[index] = OTHER_STORY
            elif block.links >= MIN_RUN_LINKS and block.link_share > 0.6 and not FULL_STOP.search(block.text):
                judged.verdicts[index] = "shape.link_run"
            continue
        neighbour = (index > 0 and judged.is_link(index - 1)) or judged.is_link(index + 1)
        at_edge = index < judged.first or index > judged.last
        if neighbour or at_edge or (judged.words[index] >= MIN_HEADLINE_WORDS and block.links <= 2):
            judged.verdicts[index] = "shape.link_only"


def _is_dated_item(block: Block) -> bool:
    """An item of a list that is another story's headline, with its day: «Storm shuts road 2 February»."""
    is_dated = block.links == 1 and any(map(str.isdigit, "".join(block.pieces[1:])))
    return block.tag == "li" and is_dated and is_story_link(block) and not block.leads_out


def drop_edges(judged: JudgedBlocks) -> None:
    """Give verdicts for labels before the first and behind the last running text."""
    if judged.last < 0:
        return
    _drop_excerpts(judged)
    _drop_footnotes(judged)
    drop_notes_on_writers(judged)
    _drop_beside_furniture(judged)
    behind = judged.blocks[judged.last + 1 :]
    lines_of = Counter(block.owner for block in behind)
    is_signed_once = sum(map(is_signature, behind)) == 1
    opened = next((i for i in judged.open()[:1] if _OPENING.fullmatch(judged.folded[i])), judged.begins)
    for index in judged.open():
        block = judged.blocks[index]
        is_before = index < min(judged.begins, opened) and not judged.prose[index]
        if is_before and (_is_leading_label(judged, index) or _names_writers(block)):
            is_name = names_somebody(block) or _names_writers(block)
            judged.verdicts[index] = "byline.name" if is_name else "shape.leading_label"
            continue
        is_heading = judged.blocks[index].is_heading
        if index <= judged.last or (is_heading and _goes_on(judged, index)):
            continue
        if _is_trailing_label(judged, index, lines_of=lines_of, is_signed_once=is_signed_once):
            judged.verdicts[index] = "byline.name" if names_somebody(judged.blocks[index]) else "shape.trailing_label"
        elif is_heading:
            judged.verdicts[index] = "shape.trailing_heading"


def _drop_beside_furniture(judged: JudgedBlocks) -> None:
    """What is left of a list behind the text in which most lines are date, tags, share or print."""
    behind = [i for i in range(judged.last + 1, len(judged.blocks)) if len(judged.blocks[i].path) > 1]
    members: dict[Element, list[int]] = {}
    for index in behind:
        members.setdefault(judged.blocks[index].path[1], []).append(index)
    in_text = {element for i in range(judged.last + 1) if judged.prose[i] for element in judged.blocks[i].path}
    for element, indexes in members.items():
        furniture = [i for i in indexes if judged.verdicts.get(i, "").startswith(_FURNITURE)]
        if element not in in_text and len(furniture) >= max(MIN_FURNITURE, FURNITURE_SHARE * len(indexes)):
            for index in indexes:
                judged.verdicts.setdefault(index, "shape.beside_furniture")


def _drop_excerpts(judged: JudgedBlocks) -> None:
    """Cards of other stories amid or behind the text: a headline that is a link and an excerpt, in one element."""
    first = judged.first + 1
    stories = [
        first <= index and is_story_link(block) and not block.leads_out for index, block in enumerate(judged.blocks)
    ]
    members: dict[Element, list[int]] = {}
    for index, block in enumerate(judged.blocks if any(stories) else ()):
        for element in block.path[:MAX_CARD_LEVELS]:
            members.setdefault(element, []).append(index)
    for index in range(first, len(judged.blocks)):
        before = next((i for i in (index - 1, index - 2) if i >= first and stories[i]), None)
        if before is None or not judged.prose[index]:
            continue
        above = judged.blocks[before].path[:MAX_CARD_LEVELS]
        card = next((element for element in judged.blocks[index].path[:MAX_CARD_LEVELS] if element in above), None)
        # A paragraph that begins with a link to another story is no card.
        inside = members[card] if card is not None and card.tag != "p" else []
        if not inside or len(inside) > MAX_CARD_BLOCKS:
            continue
        texts = [i for i in inside if judged.prose[i]]
        if texts[0] == index and len(texts) <= MAX_EXCERPT_BLOCKS:
            for i in inside:
                judged.verdicts.setdefault(i, OTHER_STORY)
    judged.find_prose()


def _drop_footnotes(judged: JudgedBlocks) -> None:
    """«* كاتب وباحث …», «* نقلا عن …»: behind the text, where no other line has a star, or leads to one."""
    still_open = judged.open()
    starred = [index for index in still_open if judged.blocks[index].text.startswith("*")]
    if len(starred) == 1 and starred == still_open[-1:]:
        index = starred[0]
        is_text = judged.folded[index].startswith("و") and FULL_STOP.search(judged.blocks[index].text) is not None
        is_text |= any(_STAR.search(block.text) for block in judged.blocks[judged.first : index])
        if judged.words[index] <= MAX_FOOTNOTE_WORDS and any(judged.prose[:index]) and not is_text:
            judged.verdicts[index] = "shape.footnote"
            judged.find_prose()


def drop_notes_on_writers(judged: JudgedBlocks) -> None:
    """«سامي الغندور باحث في …», «Sami Ghandour reported from …»: last lines that begin with a stated writer's name."""
    names = tuple(f"{name} " for name in judged.around.writers if len(name.split()) > 1)
    for index in judged.open()[-MAX_LAST_LINES:]:
        is_note = judged.folded[index].startswith(names) and judged.words[index] <= MAX_FOOTNOTE_WORDS
        # Who asked in an interview is called by name too, before a colon.
        if is_note and label_of(judged.blocks[index].text) is None and any(judged.prose[:index]):
            judged.verdicts[index] = "byline.about"
    judged.find_prose()


def _is_leading_label(judged: JudgedBlocks, index: int) -> bool:
    block, words = judged.blocks[index], judged.words[index]
    if (
        (words <= MAX_LEADING_WORDS and _OPENING.fullmatch(block.folded) is not None)
        or block.text.endswith(_COMMAS)  # a letter's «السيد المدير،»
        or (FULL_STOP.search(block.text) and words > 3)
        or (block.is_heading and index > judged.first)
        or is_subheadline(block, judged.around.headline_block)
        or states_a_check(block)
        or is_part_of_law(block)
    ):
        return False
    if block.tag == "li" or ENUMERATED.match(block.text):
        return words <= 3
    if words <= MAX_LABEL_WORDS:
        return not _begins_the_line(judged, index)
    furniture = any(judged.verdicts.get(i, "").startswith(_FURNITURE) for i in range(index + 1, judged.begins))
    is_line_of_text = judged.begins < len(judged.blocks) and block.owner is judged.blocks[judged.begins].owner
    if furniture or (block.tag != "p" and not is_line_of_text) or judged.begins >= len(judged.blocks):
        return words <= MAX_LEADING_WORDS
    # A first sentence without a full stop stands among the paragraphs.
    return judged.rank(index) != judged.rank(judged.begins) and words <= MAX_LEADING_WORDS


def _names_writers(block: Block) -> bool:
    """Whether a line names one or several persons, with place, outlet, day or profession beside them, and nothing else:
    «الخليل 24-7-2023 صدى- سامي الغندور», «صدى – ريم الهاجري | سامي منعم».
    """
    if (
        block.links > 1
        or block.words > MAX_LEADING_WORDS
        or block.tag == "li"
        or (STOP.search(block.text) and not block.text.endswith(")"))
    ):
        return False
    parts = [text_norm(part) for part in _BESIDE_NAMES.split(block.text)]
    others = [part for part in parts if part and not reads_as_name(part)]
    is_short = all(len(other.split()) <= MAX_BESIDE_NAME_WORDS or _DOES.match(other) for other in others)
    return len(others) < len([part for part in parts if part]) and is_short


def _begins_the_line(judged: JudgedBlocks, index: int) -> bool:
    """Whether it is the first line of a paragraph that a break divides, and no writer's, agency's or day's."""
    block = judged.blocks[index]
    following = judged.blocks[index + 1] if index + 1 < len(judged.blocks) else None
    return (
        following is not None
        and index + 1 == judged.begins
        and following.owner is block.owner
        and judged.words[index] > 1  # one word is a place's or an agency's name
        and not block.links
        and block.bold_chars == 0
        and STOP.search(block.text) is None
        and not is_signature(block)
        and not any(letter.isdigit() or letter in "/|-–" for letter in block.text)
    )


def _goes_on(judged: JudgedBlocks, index: int) -> bool:
    """A sentence in a heading, behind others in such headings; a heading over a short sentence beside the text; a
    question that has an answer.
    """
    block, last = judged.blocks[index], judged.blocks[judged.last]
    if FULL_STOP.search(block.text) is not None and judged.rank(index) == judged.rank(judged.last):
        return True
    following = judged.blocks[index + 1] if index + 1 < len(judged.blocks) else None
    if following is not None and not following.links and answers_a_question(judged.blocks, index + 1):
        return True
    if following is not None and not following.links and FULL_STOP.search(following.text) is not None:
        items = (element for element in following.path[:2] if element.tag == "li")
        if any(item.getparent().getparent() is block.owner.getparent() for item in items):
            return True  # a heading over a list of sentences
    return not block.links and any(
        FULL_STOP.search(later.text) is not None and later.tag == last.tag and later.path[1:2] == last.path[1:2]
        for i, later in enumerate(judged.blocks[index + 1 : index + 2], start=index + 1)
        if i not in judged.verdicts
    )


def _is_trailing_label(
    judged: JudgedBlocks, index: int, *, lines_of: Mapping[Element, int], is_signed_once: bool
) -> bool:
    """`lines_of`: how many lines behind the text each element has; several names below each other are a list."""
    block, words = judged.blocks[index], judged.words[index]
    in_table = is_row(block) and any(is_row(other) for other in judged.blocks[index - 1 : index + 2 : 2])
    if in_table or is_part_of_law(block) or answers_a_question(judged.blocks, index):
        return False
    is_listed = judged.blocks[index - 1].text.rstrip().endswith((":", "："))
    is_signed = is_signed_once and words <= MAX_LINE_WORDS and is_signature(block) and not is_listed
    if is_signed or (block.tag != "li" and block.text.isdecimal()):
        return True
    if words == 1 and block.tag == "p" and not STOP.search(block.text) and block.bold_chars == 0:
        return True  # the outlet's own sign
    if block.text.startswith("#") or _BRACKETED.fullmatch(block.text) or _HANDS.fullmatch(block.folded):
        return True
    if judged.around.named_region or block.tag == "li" or ENUMERATED.match(block.text):
        return False
    last = judged.blocks[judged.last]
    beside = block.owner is last.owner or judged.rank(index) == judged.rank(judged.last)
    if block.path[1:2] == last.path[1:2]:  # verses: lines that breaks divide
        beside |= lines_of.get(block.owner, 0) > 1
    return words <= MAX_LINE_WORDS and not STOP.search(block.text) and not beside

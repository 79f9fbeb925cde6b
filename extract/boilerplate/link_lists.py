"""What belongs to a heading such as «اقرأ أيضا»: the box of links or the headlines behind it."""

from __future__ import annotations

from extract.body.block_shapes import FULL_STOP, tells_day
from extract.body.others.other_stories import MAX_CARD_LEVELS, OTHER_STORY
from extract.body.text_density import MIN_LINE_CHARACTERS, is_story_link
from extract.boilerplate.block_verdicts import JudgedBlocks
from extract.html.block import MAX_LABEL_WORDS, MIN_HEADLINE_WORDS
from extract.html.parsing import Element

MAX_UNLINKED_HEADLINES = 6
MAX_HEADLINE_WORDS = 20
# A box with more than this share of the page's running text is the article's own element.
MAX_BOX_SHARE = 0.4
_LED_ELSEWHERE = ("shape.link_only", "shape.link_run", "shape.labelled_link", "shape.card", OTHER_STORY)


def link_follows(judged: JudgedBlocks, index: int) -> bool:
    """Whether a link stands right behind, or behind one label."""
    for later in judged.blocks[index + 1 : index + 3]:
        if later.link_share > 0.6 and len(later.text) > MIN_LINE_CHARACTERS:
            return True
        if later.running:
            return False
    return False


def drop_list_after(judged: JudgedBlocks, index: int, rule_id: str) -> None:
    """Remove the links that belong to a heading: its box if it has one of its own, else the run of links."""
    box = _box(judged, index)
    for later in range(max(index + 1, judged.listed_until), len(judged.blocks)):
        judged.listed_until = later
        inside = box is not None and box in judged.blocks[later].path
        block = judged.blocks[later]
        is_link = judged.is_link(later) or (is_story_link(block) and tells_day(block))
        if inside or is_link or _is_label_of_link(judged, later):
            judged.verdicts.setdefault(later, rule_id)
        elif later not in judged.verdicts:
            break


def _is_label_of_link(judged: JudgedBlocks, index: int) -> bool:
    return not judged.prose[index] and judged.is_link(index + 1) and judged.words[index] <= MAX_LABEL_WORDS


def drop_headlines_after(judged: JudgedBlocks, index: int, rule_id: str) -> None:
    """Remove the headlines behind a heading that are no links: bold or in headings, or the first line of any look where
    the text's lines end as sentences do, and no sentences.
    """
    for later in range(index + 1, min(len(judged.blocks), index + 1 + MAX_UNLINKED_HEADLINES)):
        block = judged.blocks[later]
        looks = block.is_heading or block.tag == "li" or block.bold_chars > 0.8 * len(block.text)
        looks |= later == index + 1 and not judged.blocks[index].links and judged.lines_end_in_stops()
        is_headline = MIN_HEADLINE_WORDS <= judged.words[later] <= MAX_HEADLINE_WORDS
        if not looks or FULL_STOP.search(block.text) or not is_headline:
            break
        judged.verdicts.setdefault(later, rule_id)


def _box(judged: JudgedBlocks, index: int) -> Element | None:
    """The outermost element around a heading that holds a link after it and no running text before it."""
    if index + 1 >= len(judged.blocks) or not link_follows(judged, index):
        return None
    found: Element | None = None
    # What holds any running text above holds the last one, for an element's blocks follow each other.
    prose = judged.last_prose_before(index)
    above_prose = prose.path if prose is not None else ()
    for element in judged.blocks[index].path:
        if element in above_prose or element.tag in ("body", "html"):
            break
        found = element
    if found is None:
        return None
    end = judged.end_of(found, index + 1)
    is_list = (
        index + 1 < end and judged.plain_characters(index + 1, end) <= MAX_BOX_SHARE * judged.characters_before[-1]
    )
    return found if is_list else None


def drop_labels_of_links(judged: JudgedBlocks) -> None:
    """Give verdicts for the first line of a box of which nothing else is left, as all of it led to other stories."""
    members: dict[Element, list[int]] = {}
    for index, block in enumerate(judged.blocks if set(judged.verdicts.values()) & set(_LED_ELSEWHERE) else ()):
        for element in block.path[:MAX_CARD_LEVELS]:
            members.setdefault(element, []).append(index)
    for index in judged.open():
        block = judged.blocks[index]
        if judged.prose[index] or block.words > MAX_LABEL_WORDS or block.text.rstrip().endswith((":", "：")):
            continue
        for element in block.path[:MAX_CARD_LEVELS]:
            first, *others = members.get(element, [index])
            if element.tag in ("body", "html", "main", "article") or first != index:
                break
            if others:
                if all(judged.verdicts.get(other, "") in _LED_ELSEWHERE for other in others):
                    judged.verdicts[index] = "shape.label_of_links"
                break

"""Headlines that no stated title names: the only heading of a page, the line that is called a title, the large one."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile

from extract.body.block_shapes import FULL_STOP, is_dated_line, label_of, tells_day
from extract.body.text_density import is_story_link
from extract.boilerplate.rule_matching import candidates
from extract.fields.site_names import strip_site_name
from extract.html.block import MIN_HEADLINE_WORDS, WIDE, Block
from extract.html.element_roles import class_words
from extract.html.parsing import Element

MAX_UNMARKED_WORDS = 25
# Date, picture and writer stand between such a headline and its text.
MAX_LINES_TO_TEXT = 8
# A heading of fewer words that no title states is that of a box. The only main heading of a page: so many words,
# of which so many stand in a stated title; of a longer one, one does.
MIN_LONE_WORDS = 3
MIN_SHARED_WORDS = 2
LONG_LONE_WORDS = 5
MAX_BLOCKS_TO_TEXT = 15
MIN_CONTENT_LETTERS = 4
_LARGE_FONTS = ("4", "5", "6", "7", "+1", "+2", "+3", "+4")
_KICKER_WORDS = frozenset(
    ("kicker", "overline", "eyebrow", "dachzeile", "spitzmarke", "pretitle", "surtitre", "antetitulo", "volanta")
)
# The last one is Joomla's.
_TITLE_WORDS = frozenset(
    (
        *("headline", "heading", "ttl", "tit", "hl", "titre", "titel", "titulo", "titolo", "titlos", "baslik"),
        *("naslov", "tytul", "nadpis", "overskrift", "otsikko", "judul", "zagolovok", "contentheading"),
    )
)
_STORY_TITLE = re.compile(r"(?<![a-z])(?:post|article|story)[-_]{1,2}title(?![-_a-z])", re.IGNORECASE)
# Of boxes, which have titles too.
_BOX_WORDS = frozenset(("widget", "sidebar", "box", "module", "section", "site", "side", "related", "slider"))
_HEADLINE_WORDS = frozenset(("headline", "hl"))
# «رياضة |», «بطولات «»: the section before a headline has a sign behind it.
_SECTION_ENDS = re.compile(r"[|/»«›]\s*$")


def lone_main_heading(blocks: list[Block], stated: list[str]) -> Block | None:
    """The only main heading of a page whose stated titles were written for search engines and networks: they share its
    words, or each is another one and it stands right above the text.
    """
    # The headline stands in what themes call a banner; an advertisement has no main heading.
    headings = [
        block
        for block in blocks
        if block.tag == "h1" and block.pruned_by in (None, "class.advert") and block.link_share < 0.5
    ]
    # Parts of the text have main headings too, and none is called a story's title.
    called = [block for block in headings if _STORY_TITLE.search(block.owner.get("class") or "")]
    headings = called if len(called) == 1 and called[0] is headings[0] else headings
    length = headings[0].words if headings else 0
    if len({block.folded for block in headings}) != 1 or not MIN_LONE_WORDS <= length <= MAX_UNMARKED_WORDS:
        return None
    behind = blocks[headings[0].order + 1 : headings[0].order + 1 + MAX_BLOCKS_TO_TEXT]
    if not any(block.running for block in behind):
        return None
    is_called = headings == called or _is_called_headline(headings[0].owner) or _shares_words(headings[0], stated)
    return headings[0] if is_called or (_differ(stated) and _is_right_above(headings[0], behind)) else None


def _differ(stated: list[str]) -> bool:
    """Whether a stated title of some words is another headline than the first: neither is a part of the other."""
    titles = [title for title in stated if len(title.split()) >= MIN_HEADLINE_WORDS]
    return any(title not in titles[0] and titles[0] not in title for title in titles[1:])


def _is_right_above(heading: Block, behind: list[Block]) -> bool:
    """Whether neither another heading nor another story stands between a heading of some words and running text."""
    between = list(takewhile(lambda block: not block.running, behind))
    is_long = heading.words >= LONG_LONE_WORDS and heading.pruned_by is None
    return is_long and not any(block.is_heading or is_story_link(block) for block in between)


def lone_heading(blocks: list[Block], says_much: list[str], *, before: int) -> Block | None:
    """The only heading of its rank above the text of a page without a main one, where all that is stated are other
    words for it. `says_much` are stated titles that are more than names of site and section.
    """
    # A main heading of a few words that no title states is the site's name.
    if any(block.tag == "h1" and block.words > MIN_LONE_WORDS for block in blocks):
        return None
    headings = [
        block
        for block in blocks[:before]
        if block.is_heading and block.tag != "h1" and block.pruned_by is None and not block.links
    ]
    highest = min((block.tag for block in headings), default="")
    lone = [block for block in headings if block.tag == highest]
    if len(lone) != 1 or lone[0].words < LONG_LONE_WORDS:
        return None
    is_near = before - lone[0].order <= MAX_LINES_TO_TEXT or is_called_title(lone[0].owner)
    return lone[0] if is_near and (not says_much or _shares_words(lone[0], says_much)) else None


def _is_called_headline(element: Element) -> bool:
    """Whether the element is called a headline, which no site's name is."""
    said = {(element.get(name) or "").lower() for name in ("itemprop", "data-testid", "data-qa")}
    return "headline" in said or not _HEADLINE_WORDS.isdisjoint(class_words(element))


def without_kicker(block: Block) -> str:
    """A heading's text without the subject or place before it, where an element of its own calls it a kicker, or what
    follows the headline.
    """
    element, is_tail = block.places[0] if block.places else (block.owner, True)
    if len(block.pieces) < MIN_SHARED_WORDS or is_tail or element is block.owner:
        return block.text
    is_called = is_called_title if _SECTION_ENDS.search(block.pieces[0]) else _is_called_headline
    is_before_headline = len(block.pieces) == MIN_SHARED_WORDS and is_called(block.places[-1][0])
    if class_words(element).isdisjoint(_KICKER_WORDS) and (not is_before_headline or is_called(element)):
        return block.text
    return block.text.removeprefix(block.pieces[0]).lstrip(" :|/-–—»«›") or block.text


def without_badge(block: Block) -> str:
    """A line's text without the kind of story behind it that an element of its own calls a label."""
    element, is_tail = block.places[-1] if block.places else (block.owner, True)
    if len(block.pieces) < MIN_SHARED_WORDS or is_tail or class_words(element).isdisjoint(("label", "badge")):
        return block.text
    return block.text.removesuffix(block.pieces[-1]).rstrip()


def _shares_words(heading: Block, stated: list[str]) -> bool:
    words = _content_words(heading.folded)
    enough = 1 if heading.words >= LONG_LONE_WORDS else MIN_SHARED_WORDS
    return any(len(words & _content_words(title)) >= enough for title in stated)


def _content_words(folded: str) -> set[str]:
    words = {word.removeprefix("و") for word in folded.split() if len(word) >= MIN_CONTENT_LETTERS}
    return words | {f"{one}{other}" for one, other in pairwise(WIDE.findall(folded))}


def unmarked_line(blocks: list[Block], names: tuple[str, ...], *, before: int) -> tuple[str, Block, int] | None:
    """The headline of a page that neither states nor marks one, its block, and how many witnesses it has: the line with
    the site's name behind it, or the last line before the text that is no label.
    """
    found: tuple[str, Block, int] | None = None
    for block in blocks[: before + 1]:
        words = block.words
        is_called = calls_itself_title(block)
        if (
            not (MIN_LONE_WORDS if is_called else MIN_HEADLINE_WORDS) <= words <= MAX_UNMARKED_WORDS
            or block.pruned_by is not None
            or block.link_share > 0.5
            or speaks_of_the_site(block)
        ):
            continue
        stripped = strip_site_name(block.text, names)
        if MIN_HEADLINE_WORDS <= len(stripped.split()) < words and block.text.startswith(stripped):
            return stripped, block, 1
        if is_called:
            bare = without_badge(block)
            found = (bare if bare != block.text else without_kicker(block), block, 0)
    return found or _large_line(blocks)


def calls_itself_title(block: Block) -> bool:
    """Whether the element of a line is called a title, or one around it that holds nothing else."""
    around = [parent for parent in block.path[1:2] if len(parent) == 1]
    return any(map(is_called_title, (block.owner, block.places[0][0], *around)))


def called_line(blocks: list[Block]) -> Block | None:
    """The only line of the page that is called a title and begins a text, wherever boxes of other stories stand."""
    found = [
        block
        for block in blocks
        if MIN_HEADLINE_WORDS <= block.words <= MAX_UNMARKED_WORDS
        and block.pruned_by is None
        and not block.links
        and (states_headline(block) or (calls_itself_title(block) and _is_dated_below(block, blocks)))
        and not any(not class_words(element).isdisjoint(_BOX_WORDS) for element in block.path[:2])
        and begins_a_text(block, blocks)
    ]
    return found[0] if len(found) == 1 else None


def _is_dated_below(block: Block, blocks: list[Block]) -> bool:
    """Whether the line below says the day, alone or beside who put the text there."""
    return any(map(is_dated_line, blocks[block.order + 1 : block.order + 2]))


def states_headline(block: Block) -> bool:
    """Whether the element of a line, or of all that stands in it behind the section, is called the headline."""
    return _is_called_headline(block.owner) or (
        without_kicker(block) != block.text and _is_called_headline(block.places[-1][0])
    )


def begins_a_text(block: Block, blocks: list[Block]) -> bool:
    """Whether running text stands behind the line, before any story's link, and the line is no label of a box."""
    if speaks_of_the_site(block):
        return False
    for later in blocks[block.order + 1 : block.order + 1 + MAX_BLOCKS_TO_TEXT]:
        if later.running and later.pruned_by is None:
            return True
        if is_story_link(later) and later.pruned_by is None:
            return False
    return False


def _large_line(blocks: list[Block]) -> tuple[str, Block, int] | None:
    """The first bold or large line that running text of another look follows: all that old pages do for a headline."""
    text_looks = {element for block in blocks if block.running for element in block.path}
    for block in blocks:
        words = block.words
        if (
            MIN_HEADLINE_WORDS <= words <= MAX_UNMARKED_WORDS
            and block.pruned_by is None
            and block.link_share < 0.5
            and (block.bold_chars > 0.8 * len(block.text) or _has_large_font(block, text_looks))
            and not FULL_STOP.search(block.text)
            and not block.text.endswith(":")
            and not speaks_of_the_site(block)
            and any(later.running for later in blocks[block.order + 1 : block.order + 1 + MAX_LINES_TO_TEXT])
        ):
            return block.text, block, 0
    return None


def dated_line(blocks: list[Block], *, before: int) -> Block | None:
    """The line right above its day, in the element that holds both and the text: a slogan stands above the menu. Where
    boxes of other stories stand above it, it is the only one of its kind.
    """
    near = blocks[max(0, before - MAX_LINES_TO_TEXT) : before]
    for block, day in pairwise(near):
        if _is_above_its_day(block, day, blocks):
            return block
    found = [block for block, day in pairwise(blocks[before:]) if _is_above_its_day(block, day, blocks)]
    return found[0] if len(found) == 1 else None


def _is_above_its_day(block: Block, day: Block, blocks: list[Block]) -> bool:
    if not MIN_HEADLINE_WORDS <= block.words <= MAX_UNMARKED_WORDS or not tells_day(day) or tells_day(block):
        return False
    around = _holder(block)
    behind = blocks[day.order : day.order + 1 + MAX_LINES_TO_TEXT]
    text = next((line for line in behind if line.own_text), None)
    return (
        around is not None
        and around.tag not in ("body", "html")
        and _holder(day) is around
        and text is not None
        and around in text.path
        and not any(line.links for line in blocks[block.order : text.order])
        and not any((FULL_STOP.search(block.text), block.text.endswith(":"), speaks_of_the_site(block)))
        and block.pruned_by is None
    )


def _holder(block: Block) -> Element | None:
    """What is around a line's element and something else."""
    around = block.owner.getparent()
    while around is not None and len(around) == 1 and around.tag == "div":
        around = around.getparent()
    return around


def _has_large_font(block: Block, text_looks: set[Element]) -> bool:
    element = block.places[0][0] if block.places else block.owner
    fonts = (font for font in (element, *element.iterancestors()) if font.tag == "font" and font not in text_looks)
    return any(font.get("size") in _LARGE_FONTS for font in fonts)


def is_called_title(element: Element) -> bool:
    """Whether the element's names call it a title."""
    words = class_words(element) | {element.get("data-role") or ""}
    return bool(words & _TITLE_WORDS) or any(word.endswith("title") and word != "subtitle" for word in words)


def speaks_of_the_site(block: Block) -> bool:
    """Whether a boilerplate rule knows the words: a box's label, the copyright line."""
    return bool(candidates(block.folded, label_of(block.text)))

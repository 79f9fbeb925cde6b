"""The article's headline, without the site's name, and where it stands on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract.body.block_shapes import FULL_STOP, label_of
from extract.body.text_density import is_story_link
from extract.boilerplate.rule_matching import candidates
from extract.decide.decision import Evidence
from extract.fields.site_names import MAX_TITLE_CHARACTERS, names_the_site, strip_site_name
from extract.html.block import MIN_HEADLINE_WORDS, Block
from extract.html.element_roles import class_words
from extract.html.json_ld import NEWS_TYPES, types_of
from extract.html.metadata import PageMetadata
from extract.html.own_story import MIN_CONTAINED_CHARACTERS
from extract.html.parsing import Element
from storage.identity.arabic_folding import text_norm

# Each is held against each line of the page.
MAX_STATED = 30
MAX_UNMARKED_WORDS = 25
# Date, picture and writer stand between such a headline and its text.
MAX_LINES_TO_TEXT = 8
# A stated title of no more words is the site's or the section's.
MAX_LITTLE_WORDS = 3
# A heading of fewer words that no title states is that of a box. The only main heading of a page: so many words,
# of which so many stand in a stated title; of a longer one, one does.
MIN_LONE_WORDS = 3
MIN_SHARED_WORDS = 2
LONG_LONE_WORDS = 5
MAX_BLOCKS_TO_TEXT = 15
MAX_KICKER_CHARACTERS = 50
MIN_CONTENT_LETTERS = 4
# A title that begins like another agrees with it from so many characters on.
MIN_SHARED_START = 30
# What each further stated title adds that agrees with a line: a second heading often has one.
ANOTHER_WITNESS, MAX_OTHER_WITNESSES = 0.1, 3
_LARGE_FONTS = ("4", "5", "6", "7", "+1", "+2", "+3", "+4")
# Section and site behind a headline, after a sign that is no letter of a word.
_BEHIND = re.compile(r"\s*[-–—|｜ㅣ/:·•»]")
_TITLE_WORDS = frozenset(("headline", "heading", "ttl", "titre", "titel", "titulo", "titolo"))


@dataclass(frozen=True)
class Headline:
    """The title; the block it stands in, when it is visible; and how many independent witnesses agree."""

    text: str
    block: Block | None
    witnesses: int
    evidence: tuple[Evidence, ...] = ()  # what stated titles and headings say: above 0 for the title, below against


def find_headline(
    blocks: list[Block], metadata: PageMetadata, names: tuple[str, ...], *, before: int, selected: str | None = None
) -> Headline:
    """The headline. `before` is the place of the first prose: the visible headline stands above it, as a rule."""
    sources = _stated(metadata, selected)
    found = _find(blocks, metadata, names, [text for _, text in sources], before=before)
    return replace(found, evidence=tuple(_evidence(found, blocks, sources, names, before=before)))


def _stated(metadata: PageMetadata, selected: str | None) -> list[tuple[str, str]]:
    """Where titles are stated, and what they are, the most believed first."""
    fields = ("og:title", "twitter:title", "headline", "title", "dc.title")
    stated = [
        *([("selector", selected)] if selected else []),
        *(("json_ld:headline", text) for text in metadata.article_strings("headline")),
        *((f"meta:{field}", text) for field in fields for text in metadata.meta.get(field, [])),
        *([("title element", metadata.title_element)] if metadata.title_element else []),
    ]
    return stated[:MAX_STATED]


def _evidence(
    found: Headline,
    blocks: Sequence[Block],
    sources: Sequence[tuple[str, str]],
    names: tuple[str, ...],
    *,
    before: int,
) -> Iterator[Evidence]:
    folded = text_norm(found.text)
    titles = [text_norm(strip_site_name(text, names)) for _, text in sources]
    for (source, text), title in zip(sources, titles, strict=True):
        weight = 3.0 if title == folded else 2.0 if _agrees(folded, title) else 0.0 if not title else -1.0
        yield Evidence(source, weight, text)
    for block in blocks:
        if block is found.block or (block.tag == "h1" and block.pruned_by is None):
            score = round(_headline_score(block, titles, before=before), 2)
            yield Evidence(f"heading {block.tag}", score if block is found.block else -score, block.text)


def _find(
    blocks: list[Block], metadata: PageMetadata, names: tuple[str, ...], stated: list[str], *, before: int
) -> Headline:
    stated = [title for title in (strip_site_name(text, names) for text in stated) if title]
    stated = [title for title in stated if not names_the_site(title, names)]
    folded_stated = [text_norm(title) for title in stated]
    best: tuple[float, Block] | None = None
    for block in blocks:
        if not 8 <= len(block.text) <= MAX_TITLE_CHARACTERS:
            continue
        score = _headline_score(block, folded_stated, before=before)
        if not folded_stated and not _begins_a_text(block, blocks):
            continue
        if score > 0 and (best is None or score > best[0]):
            best = (score, block)
    if best is None or not any(_agrees(best[1].folded, title) for title in folded_stated):
        headed = [_headed(title, blocks) for title in stated]
        if headed != stated:
            return _find(blocks, metadata, names, headed, before=before)
    if best is not None:
        text = strip_site_name(_whole_heading(best[1], blocks, folded_stated), names)
        folded = text_norm(text)
        agreeing = sum(_agrees(folded, other) for other in folded_stated)
        # A page title of a word or two is the site's or the section's.
        says_little = all(len(title.split()) <= MAX_LITTLE_WORDS for title in stated) and len(text.split()) >= 5
        main = _lone_main_heading(blocks, folded_stated) if folded not in folded_stated else None
        if main is not None and best[1].tag != "h1":
            return Headline(_as_stated(strip_site_name(main.text, names), metadata, names), main, 0)
        if agreeing or not stated or (says_little and best[1].tag == "h1" and best[1].link_share < 0.5):
            return Headline(_as_stated(text, metadata, names), best[1], agreeing)
    lone = _lone_main_heading(blocks, folded_stated) or _lone_heading(blocks, folded_stated, before=before)
    if lone is not None:
        return Headline(_as_stated(strip_site_name(lone.text, names), metadata, names), lone, 0)
    says_much = [title for title in stated if len(title.split()) > MAX_LITTLE_WORDS]
    unmarked = Headline("", None, 0) if says_much else _unmarked_headline(blocks, names, before=before)
    return unmarked if unmarked.text or not stated else Headline(_bare(stated), None, len(set(folded_stated)))


def _headed(title: str, blocks: Sequence[Block]) -> str:
    """A stated title without what follows a sign in it, where a heading that calls itself a title ends there: the
    heading is too short to agree with the whole.
    """
    headings = {
        block.folded
        for block in blocks
        if block.is_heading
        and block.words > 1
        and block.pruned_by is None
        and (block.tag == "h1" or _is_called_title(block.owner))
    }
    ends = (match.start() for match in re.finditer(r"\s+[-–—|｜•·»]+\s", title))
    return next((title[:end] for end in ends if headings and text_norm(title[:end]) in headings), title)


def _bare(stated: Sequence[str]) -> str:
    """The first stated title, without what follows a sign in it where another title is the same and ends there."""
    bare = [title for title in stated if _BEHIND.match(stated[0].removeprefix(title)) and stated[0].startswith(title)]
    return bare[0] if bare else stated[0]


def _as_stated(shown: str, metadata: PageMetadata, names: tuple[str, ...]) -> str:
    """The headline as a news page states it twice for others (JSON-LD and og:title), where the shown one differs: it
    lacks the kicker, or was rewritten. A shown kicker that og:title leaves out is no part of it either.
    """
    if metadata.article is None or not types_of(metadata.article) & NEWS_TYPES:
        return shown
    social = [strip_site_name(text, names) for text in metadata.meta.get("og:title", [])[:1]]
    if not social or len(social[0].split()) <= MAX_LITTLE_WORDS:
        return shown
    folded, other = text_norm(shown), text_norm(social[0])
    told_twice = other in {text_norm(strip_site_name(text, names)) for text in metadata.article_strings("headline")}
    is_behind_kicker = folded.endswith(f" {other}") and len(folded) - len(other) <= MAX_KICKER_CHARACTERS
    return social[0] if other != folded and (told_twice or is_behind_kicker) else shown


def _whole_heading(block: Block, blocks: list[Block], stated: list[str]) -> str:
    """The text of a heading that `<br>` breaks into lines, where a stated title has them all; else the line's."""
    lines = [other for other in blocks if other.owner is block.owner] if block.is_heading else [block]
    whole = " ".join(line.text for line in lines)
    return whole if len(lines) > 1 and text_norm(whole) in stated else block.text


def _lone_main_heading(blocks: list[Block], stated: list[str]) -> Block | None:
    """The only main heading of a page whose stated titles were written for search engines: they share its words."""
    # The headline stands in what themes call a banner; an advertisement has no main heading.
    headings = [
        block
        for block in blocks
        if block.tag == "h1" and block.pruned_by in (None, "class.advert") and block.link_share < 0.5
    ]
    length = len(headings[0].text.split()) if headings else 0
    if len({block.folded for block in headings}) != 1 or not MIN_LONE_WORDS <= length <= MAX_UNMARKED_WORDS:
        return None
    if not any(block.running for block in blocks[headings[0].order + 1 : headings[0].order + 1 + MAX_BLOCKS_TO_TEXT]):
        return None
    return headings[0] if _shares_words(headings[0], stated) else None


def _lone_heading(blocks: list[Block], stated: list[str], *, before: int) -> Block | None:
    """The only heading above the text of a page without a main one, where all that is stated are other words for it."""
    if any(block.tag == "h1" for block in blocks):
        return None
    headings = [block for block in blocks[:before] if block.is_heading and block.pruned_by is None and not block.links]
    lone = headings[0] if len(headings) == 1 and before - headings[0].order <= MAX_LINES_TO_TEXT else None
    return (
        lone
        if lone is not None and lone.words >= LONG_LONE_WORDS and (stated is None or _shares_words(lone, stated))
        else None
    )


def _shares_words(heading: Block, stated: list[str]) -> bool:
    words = _content_words(heading.folded)
    enough = 1 if heading.words >= LONG_LONE_WORDS else MIN_SHARED_WORDS
    return any(len(words & _content_words(title)) >= enough for title in stated)


def _content_words(folded: str) -> set[str]:
    return {word.removeprefix("و") for word in folded.split() if len(word) >= MIN_CONTENT_LETTERS}


def _unmarked_headline(blocks: list[Block], names: tuple[str, ...], *, before: int) -> Headline:
    """The headline of a page that neither states nor marks one: the line with the site's name behind it, or the last
    line before the text that is no label.
    """
    found = Headline("", None, 0)
    for block in blocks[: before + 1]:
        words = block.words
        if (
            not MIN_HEADLINE_WORDS <= words <= MAX_UNMARKED_WORDS
            or block.pruned_by is not None
            or block.link_share > 0.5
            or _speaks_of_the_site(block)
        ):
            continue
        stripped = strip_site_name(block.text, names)
        if stripped != block.text and len(stripped.split()) >= MIN_HEADLINE_WORDS:
            return Headline(stripped, block, 1)
        if any(map(_is_called_title, (block.owner, block.places[0][0]))):
            found = Headline(block.text, block, 0)
    return found if found.text else _large_line(blocks)


def _begins_a_text(block: Block, blocks: list[Block]) -> bool:
    """Whether running text stands behind the line, before any story's link, and the line is no label of a box."""
    if _speaks_of_the_site(block):
        return False
    for later in blocks[block.order + 1 : block.order + 1 + MAX_BLOCKS_TO_TEXT]:
        if later.running and later.pruned_by is None:
            return True
        if is_story_link(later) and later.pruned_by is None:
            return False
    return False


def _is_called_title(element: Element) -> bool:
    words = class_words(element)
    return bool(words & _TITLE_WORDS) or any(word.endswith("title") and word != "subtitle" for word in words)


def _speaks_of_the_site(block: Block) -> bool:
    """Whether a boilerplate rule knows the words: a box's label, the copyright line."""
    return bool(candidates(block.folded, label_of(block.text)))


def _large_line(blocks: list[Block]) -> Headline:
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
            and not _speaks_of_the_site(block)
            and any(later.running for later in blocks[block.order + 1 : block.order + 1 + MAX_LINES_TO_TEXT])
        ):
            return Headline(block.text, block, 0)
    return Headline("", None, 0)


def _has_large_font(block: Block, text_looks: set[Element]) -> bool:
    element = block.places[0][0] if block.places else block.owner
    fonts = (font for font in (element, *element.iterancestors()) if font.tag == "font" and font not in text_looks)
    return any(font.get("size") in _LARGE_FONTS for font in fonts)


def _agrees(visible: str, stated: str) -> bool:
    if visible == stated:
        return bool(visible)
    shorter, longer = (visible, stated) if len(visible) <= len(stated) else (stated, visible)
    return len(shorter) >= MIN_CONTAINED_CHARACTERS and (
        shorter in longer or (len(shorter) >= MIN_SHARED_START and longer.startswith(shorter[:MIN_SHARED_START]))
    )


def _headline_score(block: Block, stated: list[str], *, before: int) -> float:
    folded = block.folded
    level = {"h1": 2.0, "h2": 1.2, "h3": 0.8, "h4": 0.6}.get(block.tag, 0.0)
    if folded not in stated and (block.tag == "li" or (block.pruned_by is not None and not level)):
        return 0.0  # entries of menus and tables of contents say a part of the title
    agreement = 0.0
    agreeing = sum(_agrees(folded, title) for title in stated)
    if agreeing:
        agreement = 3.0 if folded in stated else 2.0
        agreement += ANOTHER_WITNESS * min(MAX_OTHER_WITNESSES, agreeing - 1)
    if agreement == 0.0 and stated:
        return level * 0.1
    if agreement == 0.0 and (level == 0.0 or len(folded.split()) < MIN_LONE_WORDS):
        return 0.0
    score = agreement + level
    if block.link_share > 0.5:
        score -= 1.2
    if block.pruned_by is not None:
        score -= 1.0
    if block.order < before:
        score += 0.5 - min(0.4, (before - block.order) / 500)
    return score

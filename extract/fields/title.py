"""The article's headline, without the site's name, and where it stands on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract.body.block_shapes import tells_day
from extract.decide.decision import Evidence
from extract.fields.site_names import MAX_TITLE_CHARACTERS, is_slogan, names_a_page, names_the_site, strip_site_name
from extract.fields.stated_headlines import MAX_LITTLE_WORDS, as_stated, behind_masthead, masthead, whole_line
from extract.fields.unstated_headlines import (
    MAX_LINES_TO_TEXT,
    MIN_LONE_WORDS,
    begins_a_text,
    called_line,
    calls_itself_title,
    dated_line,
    is_called_title,
    lone_heading,
    lone_main_heading,
    states_headline,
    unmarked_line,
    without_kicker,
)
from extract.html.block import MIN_HEADLINE_WORDS, Block, wide_letters
from extract.html.metadata import PageMetadata
from extract.html.own_story import MIN_CONTAINED_CHARACTERS
from storage.identity.arabic_folding import text_norm

# Each is held against each line of the page.
MAX_STATED = 30
# A title that begins like another agrees with it from so many characters on.
MIN_SHARED_START = 30
# What each further stated title adds that agrees with a line: a second heading often has one.
ANOTHER_WITNESS, MAX_OTHER_WITNESSES = 0.1, 3
# Where the writer or the subject before a headline ends.
_KICKER_ENDS = re.compile(r"\s*:\s+|\s+[-–—|]\s+")
# Section and site behind a headline, after a sign that is no letter of a word.
_RIGHTS = re.compile(r"\bcopyright\b|محفوظه")
_BEHIND = re.compile(r"\s*[-–—|｜ㅣ/:·•»]")


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
    name = masthead(blocks, [text for _, text in sources])
    names = (*names, name) if name else names
    stated = [behind_masthead(whole_line(text, blocks), name, blocks) for _, text in sources]
    found = _called(blocks, names, stated, before=before) or _find(blocks, metadata, names, stated, before=before)
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
    telling = {title for title in titles if not _says_little(title)}
    for (source, text), title in zip(sources, titles, strict=True):
        weight = 3.0 if title == folded else 2.0 if _agrees(folded, title) else 0.0 if not title else -1.0
        yield Evidence(source, weight, text)
    for block in blocks:
        if block is found.block or (block.tag == "h1" and block.pruned_by is None):
            score = round(_headline_score(block, titles, telling, before=before), 2)
            yield Evidence(f"heading {block.tag}", score if block is found.block else -score, block.text)


def _called(blocks: list[Block], names: tuple[str, ...], stated: list[str], *, before: int) -> Headline | None:
    """The headline where the stated titles are those of site and section: the only heading of its rank, or the line
    that is called a title.
    """
    titles = [
        title
        for title in (strip_site_name(text, names) for text in stated)
        if not names_a_page(text_norm(title)) and not names_the_site(title, names)
    ]
    folded = set(map(text_norm, titles))
    shown = [block for block in blocks[:before] if block.pruned_by is None]
    # Above the menu it is the site that a line names.
    menu = [b.order for b in blocks[:before] if b.links and b.words <= MAX_LITTLE_WORDS]
    below = [block for block in shown if len(menu) <= MAX_LITTLE_WORDS or block.order > menu[-1]]
    telling = [title for title in titles if not _says_little(title) and not is_slogan(title, stated)]
    if not stated or telling:
        return None
    is_shown = any(block.folded in folded for block in below)
    line = called_line(blocks)
    if line is not None and (states_headline(line) or not is_shown):
        return Headline(strip_site_name(without_kicker(line), names), line, 0)
    lone = None if is_shown else lone_heading(blocks, [], before=before)
    if lone is not None or is_shown:
        return Headline(strip_site_name(lone.text, names), lone, 0) if lone is not None else None
    called = unmarked_line(blocks, names, before=before)
    if called is None or not calls_itself_title(called[1]):
        is_headed = any(block.is_heading and block.words >= MIN_HEADLINE_WORDS for block in shown)
        dated = dated_line(blocks, before=before)
        is_dated = dated is not None and (dated.is_heading or not is_headed)
        return Headline(strip_site_name(dated.text, names), dated, 0) if dated is not None and is_dated else None
    if called[1].is_heading and any(b.tag == "h1" and any(b.folded in title for title in folded) for b in shown):
        return None  # the page of a section, whose name the main heading is
    # Of several headings none is the page's; one that is called a title is, below the menu.
    around = below if called[1].is_heading else shown
    others = (block for block in around if block is not called[1] and block.is_heading)
    return None if any(block.words >= MIN_HEADLINE_WORDS for block in others) else Headline(*called)


def _find(
    blocks: list[Block], metadata: PageMetadata, names: tuple[str, ...], stated: list[str], *, before: int
) -> Headline:
    stated = [title for title in (strip_site_name(text, names) for text in stated) if title]
    stated = [title for title in stated if not names_the_site(title, names) and not names_a_page(text_norm(title))]
    stated = [_shown_segment(title, blocks, before=before) for title in stated]
    folded_stated = [text_norm(title) for title in stated]
    telling = {title for title in folded_stated if not _says_little(title)}
    best: tuple[float, Block] | None = None
    for block in blocks:
        if not 8 <= len(block.text) <= MAX_TITLE_CHARACTERS:
            continue
        score = _headline_score(block, folded_stated, telling, before=before)
        if score <= (best[0] if best is not None else 0.0):
            continue
        is_other = names_a_page(block.folded) or _RIGHTS.search(block.folded) is not None
        if not is_other and (folded_stated or begins_a_text(block, blocks)):
            best = (score, block)
    says_much = [text_norm(title) for title in stated if not _says_little(title)]
    if best is None or not any(_agrees(best[1].folded, title) for title in folded_stated):
        headed = [_headed(title, blocks) for title in stated]
        if headed != stated:
            return _find(blocks, metadata, names, headed, before=before)
    if best is not None:
        text = strip_site_name(_whole_heading(best[1], blocks, folded_stated), names)
        folded = text_norm(text)
        agreeing = sum(_agrees(folded, other) for other in folded_stated)
        # A page title of a word or two is the site's or the section's.
        says_little = all(map(_says_little, stated)) and len(text.split()) >= 5
        # In a list of the latest stories a stated title stands too.
        is_entry = best[1].tag in ("li", "dd") or (not best[1].is_heading and best[1].order > before)
        main = lone_main_heading(blocks, folded_stated) if is_entry or folded not in folded_stated else None
        if main is not None and best[1].tag != "h1":
            return Headline(as_stated(strip_site_name(without_kicker(main), names), metadata, names), main, 0)
        if agreeing or not stated or (says_little and best[1].tag == "h1" and best[1].link_share < 0.5):
            return Headline(as_stated(text, metadata, names), best[1], agreeing)
    lone = lone_main_heading(blocks, folded_stated) or lone_heading(blocks, says_much, before=before)
    if lone is not None:
        return Headline(as_stated(strip_site_name(without_kicker(lone), names), metadata, names), lone, 0)
    is_told = any(_words(title) > MAX_LITTLE_WORDS for title in stated)
    unmarked = None if is_told else unmarked_line(blocks, names, before=before)
    if unmarked is not None:
        return Headline(*unmarked)
    return Headline(_bare(stated), None, len(set(folded_stated))) if stated else Headline("", None, 0)


def _words(title: str) -> int:
    return len(title.split()) + wide_letters(title) // 2


def _says_little(title: str) -> bool:
    """Whether a stated title is the site's or the section's, or both with a sign between them."""
    return all(_words(part) <= MAX_LITTLE_WORDS for part in re.split(r"\s+(?:[-–—|•·»]+|::)\s", title))


def _headed(title: str, blocks: Sequence[Block]) -> str:
    """A stated title without what follows a sign in it, where a heading that calls itself a title ends there, or what
    stands before one («سلمى الخطاط تكتب: …»): the heading is too short to agree with the whole.
    """
    headings = {
        block.folded
        for block in blocks
        if block.is_heading
        and block.words > 1
        and block.pruned_by is None
        and (block.tag == "h1" or is_called_title(block.owner) or _is_dated(block, blocks))
    }
    signs = [*re.finditer(r"\s+[-–—|｜•·»]+\s", title)]
    before = [part for sign in signs if text_norm(part := title[: sign.start()]) in headings]
    main = {block.folded for block in blocks if block.tag == "h1" and block.pruned_by is None}
    behind = [part for sign in _KICKER_ENDS.finditer(title) if text_norm(part := title[sign.end() :]) in main]
    return next(iter((*before, *behind)), title)


def _is_dated(block: Block, blocks: Sequence[Block]) -> bool:
    """Whether a day and nothing else stands right below a heading."""
    return any(not below.links and tells_day(below) for below in blocks[block.order + 1 : block.order + 2])


def _shown_segment(title: str, blocks: Sequence[Block], *, before: int) -> str:
    """A stated title, or the part of it behind site and section that is a line right above the text."""
    parts = [part for part in re.split(r"\s+[-–—|•·»:]+\s+", title) if len(part.split()) >= MIN_HEADLINE_WORDS]
    lines = blocks[max(0, before - MAX_LINES_TO_TEXT) : before]
    near = {block.folded for block in lines if not block.links}
    near |= {text_norm(piece) for block in lines if block.links for piece in block.pieces}
    shown = [part for part in parts if text_norm(part) in near]
    if text_norm(title) in near:
        return title
    cut = text_norm(parts[-1]) if parts and not shown else ""
    if len(cut) >= MIN_SHARED_START:
        shown = [block.text for block in lines if not block.links and block.folded.startswith(f"{cut} ")]
    return shown[-1] if shown else title


def _bare(stated: Sequence[str]) -> str:
    """The first stated title, without what follows a sign in it where another title is the same and ends there."""
    bare = [title for title in stated if _BEHIND.match(stated[0].removeprefix(title)) and stated[0].startswith(title)]
    return bare[0] if bare else stated[0]


def _whole_heading(block: Block, blocks: list[Block], stated: list[str]) -> str:
    """The text of a heading that `<br>` breaks into lines, where a stated title has them all; else the line's, without
    what its element calls a kicker.
    """
    lines = [other for other in blocks if other.owner is block.owner] if block.is_heading else [block]
    whole = " ".join(line.text for line in lines)
    if len(lines) > 1 and text_norm(whole) in stated:
        return whole
    part = [text for text in block.pieces if block.folded not in stated and text_norm(text) in stated]
    if part and len(part[0].split()) >= MIN_HEADLINE_WORDS:
        return part[0]
    return block.text if block.folded in stated else without_kicker(block)


def _agrees(visible: str, stated: str) -> bool:
    if visible == stated:
        return bool(visible)
    shorter, longer = (visible, stated) if len(visible) <= len(stated) else (stated, visible)
    return len(shorter) >= MIN_CONTAINED_CHARACTERS and (
        shorter in longer or (len(shorter) >= MIN_SHARED_START and longer.startswith(shorter[:MIN_SHARED_START]))
    )


def _headline_score(block: Block, stated: list[str], telling: set[str], *, before: int) -> float:
    """How much speaks for a line. `telling`: the stated titles that are more than the site's or the section's."""
    folded = block.folded
    level = {"h1": 2.0, "h2": 1.2, "h3": 0.8, "h4": 0.6}.get(block.tag, 0.0)
    if folded not in stated and (block.tag == "li" or (block.pruned_by is not None and not level)):
        return 0.0  # entries of menus and tables of contents say a part of the title
    agreement = 0.0
    # A line that has the site's name in it does not agree with a title that is that name.
    agreeing = sum(_agrees(folded, title) for title in stated if level or title in telling or folded == title)
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

"""Who wrote the article: persons as authors, agencies apart; desks, outlets and uploaders are nobody."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from extract.body.text_density import is_story_link
from extract.boilerplate.rules.phrases import PROFESSION
from extract.decide.decision import Evidence
from extract.fields.agency import MAX_BYLINE_CHARACTERS, agency_of, dateline_agency, says_itself, source_agency
from extract.fields.author_elements import (
    OTHER_STORIES,
    behind_icon,
    elements_of,
    in_author_element,
    is_another_column,
    is_writers,
    latin_names,
    leads_to_writer,
    name_pieces,
    names_beside_day,
    names_writer_beside_headline,
)
from extract.fields.person_names import MIN_NAME_WORDS, behind_label, distinct_names, is_arabic, person_names
from extract.fields.stated_names import name_line, other_script_authors, stated_accounts, stated_persons
from extract.fields.unlabelled_authors import (
    heads_of_boxes,
    initials,
    name_lines,
    names_in_text,
    portraits,
    reporters,
    signatures,
)
from extract.html.block import MAX_LABEL_WORDS, MAX_LINE_WORDS, Block
from extract.html.json_ld import Node, strings
from extract.html.metadata import PageMetadata
from extract.lexicon.given_names import read_as_names
from extract.lexicon.people import (
    BYLINE_LABEL,
    NOT_A_WRITER,
    REPORTER,
    TITLES,
    TRANSLATION,
    WRITERS_PAGE,
)
from storage.identity.arabic_folding import text_norm
from storage.identity.given_names import GIVEN_NAMES

MAX_AUTHORS = 8
# A paragraph that is a name stands so few lines below the headline.
LINES_BESIDE_HEADLINE = 3
# So much of a text tells its script.
SCRIPT_CHARACTERS = 500
# Blocks around the headline and the text among which a byline is looked for.
BLOCKS_ABOVE_HEADLINE = 4
BLOCKS_BELOW_TEXT = 4
# Between the text and the line that names its source stand tags and share buttons.
SOURCE_BLOCKS_BELOW_TEXT = 12
# A label says it behind links to other stories too.
SOURCE_BLOCKS_BEHIND_LINKS = 30

# What stands in menus is a section, even where it is printed beside the author.
_MENUS = ("tag.nav", "tag.menu", "role.navigation", "class.navigation", "class.breadcrumb")
# Links of these lead to networks and sections: «مشاركة تغريد طباعة إضافة تعليق».
_CONTROLS = ("class.share", *_MENUS)
_DOES = re.compile(rf"{PROFESSION}\b")
# Labels that begin other lines, too.
_ALSO_WORDS = ("من ", "تغطيه ", "قراءه ", "كتابه ", "التقرير ", "الخبر ", "المقال ")
# «خانيونس - من مراسلتنا سماح أبو ركبة:»
_FROM_PLACE = re.compile(r"\w+(?: \w+)?\s*[-–—/،:]\s*(?:من )?(?:مراسل|موفد|مندوب|بقلم)\S* (?!ال)([^\d.:]{4,40}?)\s*:?")


@dataclass(frozen=True)
class Byline:
    """Authors as written, without labels; the agency's stored name; and whether the page shows a byline at all."""

    authors: tuple[str, ...] = ()
    agency: str | None = None
    visible: bool = False
    evidence: tuple[Evidence, ...] = ()  # the lines and fields that name somebody: 1 where the name was taken, else 0


@dataclass(frozen=True)
class _Shown:
    """A line that looks like a byline, and the texts of its elements: «نص: سلمى الخطاط تابع» has the name in one."""

    text: str
    pieces: tuple[str, ...] = ()
    is_linked: bool = False  # to a writer's page: what is no link beside it may be the outlet


def find_byline(
    blocks: list[Block],
    metadata: PageMetadata,
    site_names: Collection[str],
    *,
    above: range,
    below: range,
    selected: Iterable[str] = (),
    body: str = "",
    title: str = "",
) -> Byline:
    """The byline. `above` and `below` span the numbers of the blocks around headline and end of the text, where bylines
    stand; below counts when nothing stands above. `selected` is what a portal's selectors found.
    """
    headline = text_norm(title)
    menu = {b.folded for b in blocks if (b.pruned_by or "") in _MENUS and len(b.text) <= MAX_BYLINE_CHARACTERS}
    outlets = ({text_norm(name) for name in site_names} | menu) - {""}
    at = [i for i in above if i < len(blocks) and blocks[i].folded == headline]
    around = _own_lines(blocks, above, headline_at=at[-1] if at else above.stop)
    others = [block for block in around if block.tag != "h1" and block.folded != headline]
    lines = [*map(_Shown, selected), *_shown(others, boxes=True)]
    visible = _shown_names(lines, outlets)
    if not visible:
        lines += _shown(_lines_below(blocks, below), boxes=False)
        visible = _shown_names(lines, outlets)
    stated_titles = text_norm(f"{metadata.first('og:title') or ''} {metadata.title_element}")
    sure = [name for name in visible if read_as_names(text_norm(name)) or text_norm(name) not in stated_titles]
    visible = sure or visible  # a column's name stands beside the writer's, and in the title
    shown = [line.text for line in lines]
    stated = _names(stated_persons(metadata), outlets)
    if not visible:
        beside = [*(blocks[at[-1] + 1 : above.stop] if at else []), *signatures(blocks, last=below.start)]
        staff = " | ".join(block.folded for block in others if NOT_A_WRITER.match(block.folded))
        names = name_lines(beside, headline=headline, body=body)
        names += [b.text for b in others if read_as_names(b.folded) and b.folded in stated_titles]
        names += [*reporters(beside), *names_in_text(body), *heads_of_boxes(blocks[: at[-1]] if at else [])]
        names += portraits(blocks[below.start + 1 : below.start + 1 + SOURCE_BLOCKS_BELOW_TEXT])
        visible = _names([name for name in names if text_norm(name) not in staff], outlets)
    if not visible:
        accounts = _names([*metadata.meta.get("author", []), *metadata.meta.get("article:author", [])], outlets)
        near = " | ".join(block.folded for block in blocks[above.start : below.stop])
        visible = [name for name in [*stated, *accounts] if text_norm(name) in near]
    if not visible and agency_of(shown) is None:
        # A name that only the machine-readable part says is an account's, unless it is in the page's own script.
        called = [name for name in _names(metadata.meta.get("author", []), outlets) if read_as_names(text_norm(name))]
        visible = [name for name in stated if is_arabic(name)] or called
    beside_headline = blocks[at[-1] + 1 : above.stop] if at else []
    if not is_arabic(f"{title} {body[:SCRIPT_CHARACTERS]}"):
        alone = [name for block in beside_headline[:LINES_BESIDE_HEADLINE] for name in name_line(block, outlets)]
        alone = alone or [n for b in beside_headline[:LINES_BESIDE_HEADLINE] for n in names_beside_day(b, outlets)]
        linked = [name for line in lines if line.is_linked for name in _names(line.pieces or [line.text], outlets)]
        visible = other_script_authors(visible, metadata, outlets, alone=alone, linked=linked)
    ends = [*others, *_lines_below(blocks, range(below.start, below.start + 1 + SOURCE_BLOCKS_BELOW_TEXT))]
    behind = [block for block in ends if not (block.pruned_by or "").startswith(OTHER_STORIES)]
    far = blocks[below.start : below.start + SOURCE_BLOCKS_BEHIND_LINKS]
    head = f"{metadata.title_element} {metadata.first('og:site_name')}"
    own = [text_norm(name) for name in site_names if name in head]
    agency = agency_of([*shown, *_stated(metadata)]) or dateline_agency(body) or source_agency(behind, own=own)
    agency = agency or source_agency(far, own=own, only_labelled=True)
    if agency is not None and (text_norm(agency) in outlets or says_itself(text_norm(agency), own)):
        agency = None
    if not visible and agency is None:
        visible = initials(blocks, last=below.start)
    authors = tuple(distinct_names(visible))[:MAX_AUTHORS]
    return Byline(authors, agency, bool(shown), tuple(_evidence(authors, agency, shown, behind, metadata)))


def _evidence(
    authors: Sequence[str], agency: str | None, shown: Sequence[str], behind: Sequence[Block], metadata: PageMetadata
) -> Iterator[Evidence]:
    sources = [
        *(("byline", text) for text in shown),
        *(("json_ld:author", text) for text in stated_persons(metadata)),
        *(("meta:author", text) for text in stated_accounts(metadata)),
    ]
    folded = [text_norm(name) for name in authors]
    for source, text in sources:
        said = text_norm(text)
        is_taken = bool(said) and any(name in said or said in name for name in folded)
        yield Evidence(source, float(is_taken), text)
    named = {text for _, text in sources}
    for name in authors:
        if not any(text_norm(name) in text_norm(text) for text in named):
            yield Evidence("line alone", 1.0, name)
    if agency is not None:
        line = next((block.text for block in behind if source_agency([block]) == agency), agency)
        yield Evidence("agency", 1.0, line)


def _own_lines(blocks: Sequence[Block], above: range, *, headline_at: int) -> list[Block]:
    """The lines around the headline; not those that a story's link divides from it: columns of other writers."""
    before = list(blocks[above.start : headline_at])
    last_link = max((i for i, block in enumerate(before) if _leads_away(block)), default=-1)
    behind = blocks[headline_at : above.stop]
    next_link = next((i for i, block in enumerate(behind) if i and _leads_away(block)), len(behind))
    return [*before[last_link + 1 :], *behind[:next_link]]


def _leads_away(block: Block) -> bool:
    """Whether it is another story's headline; a row of writers' names that are links is none."""
    return (
        is_story_link(block)
        and block.pruned_by not in _CONTROLS
        and not name_pieces(block)
        and not any(map(leads_to_writer, elements_of(block)))
        and not BYLINE_LABEL.match(block.folded)
        and _labelled_pieces(block) is None
        and not WRITERS_PAGE.fullmatch(block.folded)
    )


def _lines_below(blocks: Sequence[Block], below: range) -> list[Block]:
    """The lines behind the text up to the first story's link; a name right before it is that story's writer."""
    lines = [block for block in blocks[below.start :] if block.tag != "figcaption"][: len(below)]
    end = next((i for i, block in enumerate(lines) if i and _leads_away(block)), None)
    if end is None:
        return list(lines)
    return [*lines[: end - 1], *(block for block in lines[max(1, end - 1) : end] if BYLINE_LABEL.match(block.folded))]


def _names(texts: Iterable[str], outlets: set[str]) -> list[str]:
    return [name for text in texts for name in person_names(text, outlets)]


def _shown_names(lines: Iterable[_Shown], outlets: set[str]) -> list[str]:
    names: list[str] = []
    translators: list[str] = []
    for line in lines:
        whole, pieces = _names([line.text], outlets), _names(line.pieces, outlets)
        if line.is_linked and pieces:
            whole = [name for name in whole if name in pieces or read_as_names(text_norm(name))]
        found = pieces if len(pieces) >= len(whole) else whole
        if TRANSLATION.match(text_norm(line.text)):
            translators += found
        else:
            names += found
    return names or translators


def _shown(blocks: Sequence[Block], *, boxes: bool) -> list[_Shown]:
    """Texts that look like bylines. `boxes`: portraits of the author count, as they do above an opinion piece."""
    found: list[_Shown] = []
    for block, following in zip_longest(blocks, blocks[1:]):
        is_others = (block.pruned_by or "").startswith(OTHER_STORIES) and not names_writer_beside_headline(block)
        if len(block.text) > MAX_BYLINE_CHARACTERS or is_others:
            continue
        folded = block.folded
        if NOT_A_WRITER.match(folded) or is_another_column(block):
            continue
        labelled = behind_label(block.text)
        if labelled is not None:
            found += [_Shown(labelled)] if labelled else []  # a sentence follows the label
        elif in_author_element(block, boxes=boxes):
            pieces = tuple(dict.fromkeys([*name_pieces(block), *latin_names(block)]))
            found.append(_Shown(block.text, pieces, any(map(leads_to_writer, elements_of(block)))))
        elif len(block.places) > 1 and any(map(is_writers, elements_of(block))):
            found.append(_Shown("، ".join(name_pieces(block))))
        elif (reporter := _FROM_PLACE.fullmatch(block.text)) is not None:
            found.append(_Shown(reporter[1]))
        elif _is_byline_shaped(block) or (
            following is not None and WRITERS_PAGE.fullmatch(following.folded) and read_as_names(folded)
        ):
            found.append(_Shown(block.text))
        elif (names := _labelled_pieces(block)) is not None:
            found.append(names)
        elif (name := behind_icon(block)) is not None:
            found.append(_Shown(name))
    return found


def _labelled_pieces(block: Block) -> _Shown | None:
    """What an element within a line says of the writer: «بحار | 1 فبراير | بقلم إيمان الحسيني», «ربيع فران | إعداد»."""
    folded = [(piece, text_norm(piece)) for piece in block.pieces]
    labelled = next((piece for piece, said in folded if (label := BYLINE_LABEL.match(said)) and said != label[0]), None)
    if labelled is not None and TRANSLATION.match(text_norm(labelled)):
        before = re.sub(r"[\s—–|،-]+$", "", block.text.partition(labelled)[0])
        return _Shown(before if MIN_NAME_WORDS <= len(before.split()) <= MAX_LABEL_WORDS else labelled)
    if labelled is not None:
        said = BYLINE_LABEL.sub("", text_norm(labelled))
        return _Shown(labelled) if read_as_names(TITLES.sub("", said)) else None
    if any(BYLINE_LABEL.fullmatch(said) for _, said in folded) and (names := name_pieces(block)):
        return _Shown("، ".join(names))
    if any(_DOES.match(said) for _, said in folded[1:]) and folded[0][1].partition(" ")[0] in GIVEN_NAMES:
        return _Shown(folded[0][0])  # «طارق بوعزيزي | كاتب تونسي»
    return None


def _is_byline_shaped(block: Block) -> bool:
    label = BYLINE_LABEL.match(block.folded)
    if label is None or (label[0] in _ALSO_WORDS and not read_as_names(block.folded.removeprefix(label[0]))):
        return False
    # A reporter's outlet and place stand before the name.
    most = MAX_LINE_WORDS if REPORTER.match(block.folded) else MAX_LABEL_WORDS
    if 2 * block.link_chars > len(block.text) and is_arabic(block.text):
        return read_as_names(TITLES.sub("", block.folded.removeprefix(label[0])))  # «ترجمة: ثلاث قصائد» is a story
    said = re.split(r"\s[·•|—]|\d|, ", block.text, maxsplit=1)[0]
    before_dash = re.split(r"\s[–-]\s", said, maxsplit=1)[0]
    if read_as_names(BYLINE_LABEL.sub("", text_norm(before_dash))):
        said = before_dash  # «بقلم سامي الغندور - تواصل مع الكاتب»
    return 2 <= len(said.split()) <= most and not re.search(r"[.!؟?…]\s*$", block.text)


def _stated(metadata: PageMetadata) -> list[str]:
    article: Node = metadata.article or {}
    return [*strings(article.get("author")), *strings(article.get("creator")), *metadata.meta.get("author", [])]

"""Bylines that nothing calls bylines: a person's name that is a line of its own beside headline or text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile, zip_longest

from extract.body.block_shapes import MAX_BESIDE_NAME_WORDS, is_signature, tells_day
from extract.boilerplate.rules.phrases import PROFESSION
from extract.fields.agency import MAX_BYLINE_CHARACTERS, agency_of
from extract.fields.person_names import INITIALLED, PARTS, name_pair
from extract.html.block import Block
from extract.lexicon.given_names import read_as_names, reads_as_name, second_name_at
from extract.lexicon.people import BYLINE_LABEL, DATE_NOUNS, NOT_A_WRITER, REVIEWED, TITLES
from storage.identity.arabic_folding import text_norm
from storage.identity.given_names import GIVEN_NAMES

# A picture and its caption have an element of their own with so few others.
MAX_PICTURE_BOX = 3
_NO_PICTURE_BOXES = frozenset(
    ("body", "main", "article", "section", "form", "table", "tbody", "tr", "td", "center", "font")
)
_AUTHOR_BOX = "class.author_box"
# «م. ب. س», as papers of the Maghreb sign.
_INITIALS = re.compile(r"\(?([ء-ي](?: ?\. ?[ء-ي]){1,3}) ?\.?\)?")
_DOES = re.compile(rf"{PROFESSION}\b")
# «بغداد/ كريم الحيان: باشرت …»: place and writer before the first sentence.
_DATELINE = re.compile(r"\w+(?: \w+)?\s*[-–—/]+\s*([^\W\d_]+(?: [^\W\d_]+){1,3})\s*[:：–—-]\s")
# «عن أولياء الأمور: سالم القمودي», «+ المطران سالم القمودي», «- سالم القمودي / سيدني»
_SIGNS_FOR = re.compile(r"عن [^\W\d_]+(?: [^\W\d_]+){0,2}\s*[:،]\s*([^\W\d_]+(?: [^\W\d_]+){1,4})")
_CLERIC = re.compile(
    r"\+\s*((?:المطران|البطريرك|الكاردينال|الأسقف|الأنبا|البابا|القس|القمص|الخوري|الأب)(?: [^\W\d_]+){2,3})"
)
_DASHED = re.compile(r"[-–—]\s*([^\W\d_]+(?: [^\W\d_]+){1,3})\s*/\s*[^\W\d_]+(?: [^\W\d_]+)?")
# «From Chinedu Okafor, Makurdi»: the first line, of who reports from where.
_FROM = re.compile(r"From ([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}), [A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?")
# Names that are links are tags where there are several, or where the address says so.
_TAG_ADDRESS = re.compile(r"tag|topic|keyword|search|label|person|profile-of|وسم|هاشتاج", re.IGNORECASE)


def name_lines(blocks: Sequence[Block], *, headline: str, body: str) -> list[str]:
    """Persons whose name is a line of its own, beside place, outlet or date at most.

    The text does not name its writer: a name that it has is that of whom the picture shows or the story tells.
    """
    found: list[str] = []
    linked = [block for block in blocks if block.link_share > 0.5 and reads_as_name(block.folded)]
    for block, following in zip_longest(blocks, blocks[1:]):
        if (
            block.pruned_by not in (None, _AUTHOR_BOX)
            or (block.tag in ("h1", "h2") and block is not blocks[0])  # a poet's name stands right below the title
            or block.text.startswith("#")
            or len(block.text) > MAX_BYLINE_CHARACTERS
        ):
            continue
        if block.link_share > 0.5 and (len(linked) > 1 or _TAG_ADDRESS.search(block.hrefs[0])):
            continue
        is_dated = re.search(r"\d", block.text) or (following is not None and tells_day(following))
        if _beside_picture(block) and not is_dated and " / " not in block.text:
            continue  # whom the picture shows
        if REVIEWED.search(block.folded):
            continue
        parts = _writers_parts([part for text in block.pieces or [block.text] for part in PARTS.split(text) if part])
        folded = [text_norm(part) for part in parts]
        names = [
            part
            for part, norm in zip(parts, folded, strict=True)
            if _are_names(norm) or (is_dated and (INITIALLED.fullmatch(part) or _are_two(norm)))
        ]
        taken = [text_norm(name) for name in names]
        others = [norm for norm in folded if norm not in taken and not DATE_NOUNS.intersection(norm.split())]
        is_first = (
            bool(block.pieces and folded)
            and folded[0] in taken
            and any(re.search(r"\d", text) for text in block.pieces)
        )
        if names and (is_first or all(len(other.split()) <= MAX_BESIDE_NAME_WORDS for other in others)):
            story = f"{headline} {text_norm(body)}"
            found += [name for name in names if not any(text_norm(person) in story for person in name_pair(name))]
    return found


def _writers_parts(parts: Sequence[str]) -> list[str]:
    """Those of a line's parts that do not name who took the pictures or checked the text: «تصوير: سامي الغندور»."""
    kept: list[str] = []
    is_others = False
    for part in parts:
        folded = text_norm(part)
        other = NOT_A_WRITER.match(folded)
        is_others = is_others and BYLINE_LABEL.fullmatch(folded) is None
        if other is not None:
            is_others = other[0] == folded  # whom it is follows
        elif not is_others:
            kept.append(part)
    return kept


def signatures(blocks: Sequence[Block], *, last: int) -> list[Block]:
    """The line after the last one of the text (number `last`), beside it in the tree, if it is a name."""
    return [
        block
        for block in blocks[last + 1 : last + 2]
        if (block.path[1:2] in (blocks[last].path[:1], blocks[last].path[1:2]) or _in_next_row(block, blocks[last]))
        and not block.links
        and "/" not in block.text
        and is_signature(block)
        and not blocks[last].text.endswith(":")
        and not any(reads_as_name(other.folded) for other in blocks[last + 2 : last + 3])
    ]


def _in_next_row(block: Block, last: Block) -> bool:
    """Whether it is a cell in the table whose cell ends the text, as in pages that tables lay out."""
    return block.tag == last.tag == "td" and block.path[2:3] == last.path[2:3] and last.running > 0


def initials(blocks: Sequence[Block], *, last: int) -> list[str]:
    """The writer's initials where they alone stand right behind the text's last line, and are no agency's."""
    return [
        found[1]
        for block in blocks[last : last + 2]
        if (found := _INITIALS.fullmatch(block.text)) is not None
        and not block.links
        and block.path[1:2] == blocks[last].path[1:2]
        and agency_of([block.folded, block.folded.replace(" ", "")]) is None
    ]


def names_in_text(body: str) -> list[str]:
    """Who stands with the place before the text's first sentence, or signs it."""
    found = _DATELINE.match(body[:MAX_BYLINE_CHARACTERS])
    return [found[1]] if found and _are_names(text_norm(found[1])) else _signers(body.splitlines())


def _signers(lines: Sequence[str]) -> list[str]:
    """Who signs for others or as a cleric in the last line, or with the place behind a dash in any: a name alone there
    may be whose words a quotation has.
    """
    last = [line for line in lines[-1:] if len(lines) > 1 and len(line) <= MAX_BYLINE_CHARACTERS]
    found = [
        *(sign[1] for line in last if (sign := _SIGNS_FOR.fullmatch(line)) and _are_names(text_norm(sign[1]))),
        *(sign[1] for line in last if (sign := _CLERIC.fullmatch(line))),
    ]
    dashed = [sign[1] for line in lines[1:] if (sign := _DASHED.fullmatch(line)) and _are_names(text_norm(sign[1]))]
    return found or (dashed if len(dashed) == 1 else [])


def reporters(beside: Sequence[Block]) -> list[str]:
    """Who a line says has sent the report from where."""
    return [found[1] for block in beside if (found := _FROM.fullmatch(block.text)) is not None]


def heads_of_boxes(before: Sequence[Block]) -> list[str]:
    """The name that begins a writer's box, with his other columns in it, right above the headline."""
    box = list(takewhile(lambda block: block.pruned_by == _AUTHOR_BOX, reversed(before)))
    return [block.text for block in reversed(box) if reads_as_name(block.folded)][:1]


def portraits(behind: Sequence[Block]) -> list[str]:
    """A name behind the text, beside a picture or not, and what that person does below it."""
    return [
        block.text
        for block, following in pairwise(behind)
        if block.pruned_by is None and reads_as_name(block.folded) and _DOES.match(following.folded)
    ][:1]


def _are_names(folded: str) -> bool:
    """Whether it is a name or two, with or without a title of honour: «د. هناء الوراق»."""
    return read_as_names(folded) or read_as_names(TITLES.sub("", folded))


def _are_two(folded: str) -> bool:
    """Whether it is two persons of whom one is known by both names: «جاد نعمة وريتا سابا»."""
    words = folded.split()
    place = second_name_at(words)
    if place is None or len(words) > MAX_BESIDE_NAME_WORDS + place or words[0] not in GIVEN_NAMES:
        return False
    return reads_as_name(" ".join(words[:place])) or reads_as_name(" ".join([words[place][1:], *words[place + 1 :]]))


def _beside_picture(block: Block) -> bool:
    return any(
        element.find(".//img") is not None
        for element in block.path[:2]
        if element.tag not in _NO_PICTURE_BOXES and len(element) <= MAX_PICTURE_BOX
    )

"""Who wrote the article: persons as authors, agencies apart; desks, outlets and uploaders are nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extract.blocks import Block
from extract.json_ld import Node, strings, types_of
from extract.metadata import PageMetadata
from extract.rules.agencies import AGENCIES
from extract.rules.given_names import reads_as_name, second_name_at
from extract.rules.people import (
    AUTHOR_CLASSES,
    AUTHOR_LINK,
    BYLINE_LABEL,
    DATE_NOUNS,
    DESK_WORDS,
    NOT_A_WRITER,
    PLACES,
    TITLES,
    WEEKDAYS,
)
from extract.structure import class_words
from extract.text_norm import text_norm

MAX_AUTHORS = 8
MAX_BYLINE_CHARACTERS = 120
# Blocks around the headline and the text among which a byline is looked for.
BLOCKS_ABOVE_HEADLINE = 4
BLOCKS_BELOW_TEXT = 4
# Place, outlet, weekday: what else stands in a line that is a writer's name.
MAX_BESIDE_NAME_WORDS = 2
# A picture and its caption have an element of their own with so few others.
MAX_PICTURE_BOX = 3

# Structure rules whose elements show other stories with bylines of their own.
_OTHER_STORIES = ("class.related", "class.popular", "class.comments", "class.sidebar", "tag.aside")
# What stands in menus is a section, even where it is printed beside the author.
_MENUS = ("tag.nav", "tag.menu", "role.navigation", "class.navigation", "class.breadcrumb")
_PARTS = re.compile(r"\s*(?:[,،;؛/\\|•·+&]|\s[-–—ـ]\s?|\s[-–—ـ]|\s+و\s+|\s+and\s+|\(|\)|\[|\]|:|\s{2,})\s*|(\d+)")
_HANDLE = re.compile(r"@\w+|https?://\S+|\S+@\S+|[«\"“][^»\"”]{1,40}[»\"”]")
# A letter with its vowel marks: «نُشر», «غبّون».
_LETTERS = r"(?:[^\W\d_][\u064b-\u065f\u0670\u0640]*)"
_WORD = re.compile(rf"{_LETTERS}+(?:[’'`\-.]{_LETTERS}*)*")
_LABELLED = re.compile(
    r"(?:^|[\s|])((?:كتب|كتبت|بقلم|تحرير|حوار|تقرير|اعداد|إعداد|تحقيق|By|by|(?:مراسل|موفد)\S*(?: \S+){0,3}?)"
    r"\s*[:/ـ\-–]\s*)(.{4,60})$"
)


@dataclass(frozen=True)
class Byline:
    """Authors as written, without labels; the agency's stored name; and whether the page shows a byline at all."""

    authors: tuple[str, ...] = ()
    agency: str | None = None
    visible: bool = False


def find_byline(
    blocks: list[Block],
    metadata: PageMetadata,
    site_names: Iterable[str],
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
    others = [block for block in blocks[above.start : above.stop] if block.tag != "h1" and block.folded != headline]
    shown = [*selected, *_shown(others, boxes=True)]
    visible = _names(shown, outlets)
    if not visible:
        shown += _shown(blocks[below.start : below.stop], boxes=False)
        visible = _names(shown, outlets)
    stated = _names(_stated_persons(metadata), outlets)
    if not visible:
        at = [i for i in above if i < len(blocks) and blocks[i].folded == headline]
        beside = [*(blocks[at[-1] + 1 : above.stop] if at else []), *_signatures(blocks, last=below.start)]
        staff = " | ".join(block.folded for block in others if NOT_A_WRITER.match(block.folded))
        names = _name_lines(beside, headline=headline, body=body)
        visible = _names([name for name in names if text_norm(name) not in staff], outlets)
    if not visible:
        accounts = _names([*metadata.meta.get("author", []), *metadata.meta.get("article:author", [])], outlets)
        near = " | ".join(block.folded for block in blocks[above.start : below.stop])
        visible = [name for name in [*stated, *accounts] if text_norm(name) in near]
    if not visible and agency_of(shown) is None:
        # A name that only the machine-readable part says is an account's, unless it is in the page's own script.
        visible = [name for name in stated if _is_arabic(name)]
    agency = agency_of([*shown, *_stated(metadata)]) or dateline_agency(body)
    if agency is not None and text_norm(agency) in outlets:
        agency = None
    return Byline(tuple(_distinct(visible))[:MAX_AUTHORS], agency, bool(shown))


def _names(texts: Iterable[str], outlets: set[str]) -> list[str]:
    return [name for text in texts for name in person_names(text, outlets)]


def _shown(blocks: Sequence[Block], *, boxes: bool) -> list[str]:
    """Texts that look like bylines. `boxes`: portraits of the author count, as they do above an opinion piece."""
    found: list[str] = []
    for block in blocks:
        if len(block.text) > MAX_BYLINE_CHARACTERS or (block.pruned_by or "").startswith(_OTHER_STORIES):
            continue
        folded = block.folded
        if NOT_A_WRITER.match(folded):
            continue
        label = _LABELLED.search(block.text)
        if label is not None:
            found.append(label[2])
        elif _in_author_element(block, boxes=boxes) or _is_byline_shaped(block):
            found.append(block.text)
    return found


def _is_byline_shaped(block: Block) -> bool:
    if BYLINE_LABEL.match(block.folded) is None:
        return False
    return 2 <= len(block.folded.split()) <= 7 and not re.search(r"[.!؟?…]\s*$", block.text)


def _in_author_element(block: Block, *, boxes: bool) -> bool:
    element = block.places[0][0] if block.places else block.owner
    for _ in range(4):
        if element is None or element.tag in ("body", "article", "main", "html"):
            return False
        if element.get("rel") == "author" or "author" in (element.get("itemprop") or "").lower():
            return True
        if element.tag == "a" and AUTHOR_LINK.search(element.get("href") or ""):
            return True
        words = class_words(element)
        if words & AUTHOR_CLASSES or {"write", "by"} <= words or words == {"by"} or "byline" in words:
            return boxes or not words & {"box", "bio", "authorbox"}
        element = element.getparent()
    return False


def _stated_persons(metadata: PageMetadata) -> list[str]:
    """Names that JSON-LD gives as persons (or without a type)."""
    if metadata.article is None:
        return []
    value = metadata.article.get("author")
    items = value if isinstance(value, list) else [value]
    names: list[str] = []
    for item in items[:MAX_AUTHORS]:
        if isinstance(item, dict) and types_of(item) & {
            "Organization",
            "NewsMediaOrganization",
            "Corporation",
            "WebSite",
        }:
            continue
        names += strings(item)
    return names


def _stated(metadata: PageMetadata) -> list[str]:
    article: Node = metadata.article or {}
    return [*strings(article.get("author")), *strings(article.get("creator")), *metadata.meta.get("author", [])]


def person_names(text: str, outlets: set[str]) -> list[str]:
    """The persons that a byline names, as written and in its order."""
    text = _HANDLE.sub(" ", text)[: 3 * MAX_BYLINE_CHARACTERS]
    names: list[str] = []
    parts = [part for part in _PARTS.split(text) if part]
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        if names and part.isdigit():
            break  # date, time and section come after the names
        if following.isdigit() and text_norm(part).rsplit(" ", maxsplit=1)[-1] in WEEKDAYS:
            part = part.rsplit(maxsplit=1)[0]  # noqa: PLW2901  # «سامي الغندور الأحد 1 ديسمبر»
        names += [name for name in _pair(_without_label(part)) if name and _is_person(name, outlets)]
    return names


def _pair(name: str) -> tuple[str, ...]:
    """Two persons whom «و» joins, or the one."""
    words = name.split()
    place = second_name_at([text_norm(word) or word for word in words])
    if place is None:
        return (name,)
    return " ".join(words[:place]), " ".join([words[place][1:], *words[place + 1 :]])


def _signatures(blocks: Sequence[Block], *, last: int) -> list[Block]:
    """The line after the last one of the text (number `last`), beside it in the tree, if it is a name."""
    return [
        block
        for block in blocks[last + 1 : last + 2]
        if block.path[1:2] == blocks[last].path[1:2]
        and not block.links
        and reads_as_name(block.folded)
        and not blocks[last].text.endswith(":")
        and not any(reads_as_name(other.folded) for other in blocks[last + 2 : last + 3])
    ]


def _beside_picture(block: Block) -> bool:
    return any(
        element.find(".//img") is not None
        for element in block.path[:2]
        if element.tag not in ("body", "main", "article", "section", "td", "form") and len(element) <= MAX_PICTURE_BOX
    )


def _name_lines(blocks: Sequence[Block], *, headline: str, body: str) -> list[str]:
    """Persons whose name is a line of its own, beside place, outlet or date at most.

    The text does not name its writer: a name that it has is that of whom the picture shows or the story tells.
    """
    found: list[str] = []
    for block in blocks:
        if block.pruned_by is not None or block.is_heading or len(block.text) > MAX_BYLINE_CHARACTERS:
            continue
        if block.link_share > 0.5 or (_beside_picture(block) and not re.search(r"\d", block.text)):
            continue  # a tag; whom the picture shows
        parts = [part for part in _PARTS.split(block.text) if part]
        folded = [text_norm(part) for part in parts]
        names = [part for part, norm in zip(parts, folded, strict=True) if reads_as_name(norm)]
        others = [norm for norm in folded if not reads_as_name(norm) and not DATE_NOUNS.intersection(norm.split())]
        if names and all(len(other.split()) <= MAX_BESIDE_NAME_WORDS for other in others):
            story = f"{headline} {text_norm(body)}"
            found += [name for name in names if text_norm(name) not in story]
    return found


def _without_label(part: str) -> str:
    """A byline's part without «كتبت», titles of honour excepted: they belong to the name as it is printed."""
    words = _WORD.findall(part)
    while words and BYLINE_LABEL.fullmatch(text_norm(words[0])):
        words = words[1:]
    ends = (i for i, word in enumerate(words) if text_norm(word) in DATE_NOUNS)
    return " ".join(words[: next(ends, None)])


def _is_person(name: str, outlets: set[str]) -> bool:
    first = name.split(maxsplit=1)[0]
    if len(text_norm(first)) == 1 and not first.endswith("."):
        return False  # ص and م of a clock; an initial has its dot
    folded = TITLES.sub("", text_norm(name))
    words = folded.split()
    if DATE_NOUNS.intersection(words):
        return False
    if not 2 <= len(words) <= 6 or len(folded) > 50 or folded in PLACES:
        return False
    if any(word in DESK_WORDS for word in words) or any(len(word) == 1 for word in words[:1]):
        return False
    if folded in outlets or any(len(outlet) > 3 and f" {outlet} " in f" {folded} " for outlet in outlets):
        return False
    return agency_of([name]) is None


def agency_of(texts: Iterable[str]) -> str | None:
    """The agency that one of the short texts names."""
    folded = [text_norm(text) for text in texts if len(text) <= MAX_BYLINE_CHARACTERS]
    for agency in AGENCIES:
        if any(agency.pattern.search(text) for text in folded):
            return agency.name
    return None


def dateline_agency(body: str) -> str | None:
    """The agency of a dateline («القاهرة - أ ش أ:», «دمشق (CNN) --») or of a signature in brackets at the end."""
    first = body[:100].split("\n", maxsplit=1)[0]
    match = re.match(r"^([^.؟!:]{2,60}?)\s*(?::|--)", first) or re.match(r"^([^.؟!]{2,60}?)\s*[-–—ـ]{1,3}\s", first)
    candidates = []
    if match:
        candidates += re.findall(r"[(/«]\s*([^()«»/]{2,30})\s*[)/»]", match[0]) + re.split(r"[-–—/،,(]", match[1])
        candidates = [part for part in candidates if len(part.split()) <= 4]
    last = body[-60:].rsplit("\n", maxsplit=1)[-1]
    candidates += re.findall(r"[(\[]\s*([^()\[\]]{2,30})\s*[)\]]\W*$", last)
    for text in candidates:
        folded = text_norm(text)
        for agency in AGENCIES:
            if agency.pattern.fullmatch(folded):
                return agency.name
    return None


def _is_arabic(name: str) -> bool:
    return sum("\u0600" <= letter <= "\u06ff" for letter in name) > len(name) / 2


def _distinct(names: list[str]) -> list[str]:
    """Each person once, in the first spelling; a name that another one contains is the same person."""
    kept: list[str] = []
    for name in names:
        folded = text_norm(name)
        if not any(folded in text_norm(other) or text_norm(other) in folded for other in kept):
            kept.append(name)
    return kept

"""Dates that a reader sees: between headline and text, above the headline, below the text; not everywhere else.

Pages are full of other dates (clock in the header, related boxes, copyright years, prose), so place decides first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from extract.dates.grammar.arabic import lead_of
from extract.dates.grammar.clock import clock_times
from extract.dates.grammar.labels import is_other_day, names_change
from extract.dates.grammar.words import (
    FOREIGN_LABEL,
    GREGORIAN_MONTHS,
    HIJRI_MONTHS,
    ISSUE_NUMBER,
    JALALI_MONTHS,
    MERIDIEMS,
    NAMED_DAYS,
    PUBLISHED_LABEL,
    UNITS,
    UPDATED_LABEL,
    WEEKDAYS,
    fold_date_text,
    is_labelled,
)
from extract.dates.records import MODIFIED, NEAR_HEADLINE, PUBLISHED, VISIBLE_TEXT, DateWitness
from extract.dates.witnesses.below_text import is_in_storys_foot, stands_with_text
from extract.dates.witnesses.elements import MAX_LINE_CHARACTERS, named_as_date, near, time_elements
from extract.dates.witnesses.page_clock import is_page_clock
from extract.html.block import MIN_HEADLINE_WORDS, Block
from extract.html.element_roles import class_words

BELOW_TEXT = "below_text"
MAX_OTHER_WORDS = 5  # words beside the date in a line that nothing calls a date line
MAX_OTHER_WORDS_NAMED = 10  # the same where a label or a class name does
BLOCKS_ABOVE, BLOCKS_BETWEEN, BLOCKS_BELOW = 12, 40, 6
UNNAMED_MALUS = -0.15  # a line with other words in it that nothing calls a date line
MAX_WEIGHT = 0.88  # below a date that is printed for machines: those are rarely a relative or a page's clock
MAX_LONE_DATE = 40  # characters of a line that is a date and nothing else
IN_BAR_MALUS = 0.2  # such a line in a bar of share buttons, of tags, of the writer's portrait below the headline
_BARS = ("class.share", "class.tags", "class.sidebar", "class.advert", "class.author_box")
MAX_WITNESSES = 6  # more than these are a listing
_SAYS_A_DATE = re.compile(r"\d{4}|[٠-٩۰-۹]{4}|منذ|قبل|أمس|امس|البارحة|اليوم|ago\b|yesterday", re.IGNORECASE)
_SAYS_HIJRI = re.compile("|".join([r"\bah\b", *HIJRI_MONTHS]))
DAY_IN_FIGURES = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
# What follows is a date, or should be one.
_LABELLED = re.compile(r"(?:ال)?(?:تاريخ(?: ال\w+)?|نشر(?:ت)? (?:في|بتاريخ|يوم)|(?:اخر )?تحديث)\s*[:-]\s*\S")
_WORD = re.compile(r"[^\W\d_]+")
_BESIDE = """منذ قبل ago الساعه الموافق توقيت بتوقيت gmt utc ah st nd rd th في على on at date time هجري ميلادي واحده
واحد حجم الخط عدد المشاهدات القراءات الزيارات التعليقات مشاهده زياره قراءه تعليق تعليقات by min read comment comments
views shares"""
_TABLES = (GREGORIAN_MONTHS, HIJRI_MONTHS, JALALI_MONTHS, MERIDIEMS, NAMED_DAYS, UNITS, WEEKDAYS)
_VOCABULARY = frozenset(_WORD.findall(" ".join((_BESIDE, *(phrase for table in _TABLES for phrase in table)))))
# Ids of structure rules (extract/lexicon/class_names.py) under which no date is the article's.
_ELSEWHERE = re.compile(
    r"related|popular|nav|ticker|footer|contentinfo|banner|comment|menu|\.ad|dialog|consent|search|share|hidden"
    r"|caption|tags|masthead|weather|poll|newsletter|login|sidebar|widget|other_story"
)


@dataclass(frozen=True)
class _Zone:
    """A stretch of blocks in which a date may stand, and what one found there weighs."""

    where: str
    blocks: Sequence[Block]
    weight: float
    anchor: Block | None = None  # what a date above it must belong to, not to be the page's clock


def visible_witnesses(
    blocks: Sequence[Block], *, headline: Block | None, body_start: int, body_end: int
) -> Iterator[DateWitness]:
    """Date lines around the article, the likeliest first. `body_start` and `body_end` are orders of blocks."""
    count = 0
    for zone in _zones(blocks, headline=headline, body_start=body_start, body_end=body_end):
        weight = zone.weight
        for block in zone.blocks:
            found = list(_line_witnesses(block, blocks, zone=zone, weight=weight))
            yield from found
            count += len(found)
            if count >= MAX_WITNESSES:
                return
            if found:
                weight *= 0.85  # the first date line is the article's; later ones are rarer so


def _zones(blocks: Sequence[Block], *, headline: Block | None, body_start: int, body_end: int) -> list[_Zone]:
    below = _Zone(BELOW_TEXT, blocks[body_end + 1 : body_end + 1 + BLOCKS_BELOW], 0.5)
    if headline is None:
        anchor = blocks[body_start] if body_start < len(blocks) else None
        return [_Zone("above_text", blocks[max(0, body_start - BLOCKS_ABOVE) : body_start][::-1], 0.55, anchor), below]
    h = headline.order
    # A headline that stands inside or below the text (or no text at all): look a few lines on.
    end = body_start + 3 if body_start > h else h + 6
    return [
        _Zone(NEAR_HEADLINE, blocks[h + 1 : min(end, h + 1 + BLOCKS_BETWEEN)], 0.8),
        _Zone("above_headline", blocks[max(0, h - BLOCKS_ABOVE) : h][::-1], 0.6, headline),
        below,
    ]


def _line_witnesses(block: Block, blocks: Sequence[Block], *, zone: _Zone, weight: float) -> Iterator[DateWitness]:
    if block.pruned_by is not None and _ELSEWHERE.search(block.pruned_by):
        is_date_in_bar = zone.where == NEAR_HEADLINE and block.pruned_by in _BARS and _is_date_alone(block)
        if not (
            is_date_in_bar or _is_named_story_line(block) or _is_publication(block) or _is_foot(block, blocks, zone)
        ):
            return
        weight -= IN_BAR_MALUS if is_date_in_bar else 0.0
    element_witnesses = time_elements(block, weight=weight + 0.05)
    is_line = len(block.text) <= MAX_LINE_CHARACTERS
    says_a_date = is_line and (_SAYS_A_DATE.search(block.text) is not None or _states_one(block))
    if not (says_a_date or element_witnesses):
        return
    if zone.where == BELOW_TEXT and not _is_storys_day(block, blocks, zone):
        return  # other stories and their dates follow the text
    if zone.anchor and is_page_clock(block, zone.anchor, blocks):
        return
    if is_line and _tells_other_day(block, blocks):
        return
    yield from element_witnesses
    # Elements that say which of a line's days is the publication and which the change.
    is_told_apart = {PUBLISHED, MODIFIED} <= {witness.role for witness in element_witnesses}
    if says_a_date and not is_told_apart:
        # Elements beside each other may have no blank between them: «فريق التحرير31 ديسمبر 2022أبراج».
        line = " ".join(block.pieces) if any(_date_pieces(block)) else block.text
        folded = fold_date_text(line)
        bonus = _date_line_bonus(block, folded, zone=zone)
        if bonus is not None:
            text = _with_neighbours(line, block.order, blocks, folded)
            yield DateWitness(VISIBLE_TEXT, zone.where, text, weight=min(MAX_WEIGHT, weight + bonus))
        elif zone.where == NEAR_HEADLINE and not block.is_heading and _is_no_card(block, folded):
            is_change = names_change(folded)
            for text in _date_pieces(block):
                role = MODIFIED if is_change else PUBLISHED
                yield DateWitness(VISIBLE_TEXT, zone.where, text, role=role, weight=weight + UNNAMED_MALUS)


def _is_no_card(block: Block, folded: str) -> bool:
    """Whether a line with a link is no other story's: it is called a date, or has a name's words beside the day."""
    return block.link_share <= 0.5 or named_as_date(block) or _other_words(folded) < MIN_HEADLINE_WORDS


def _tells_other_day(block: Block, blocks: Sequence[Block]) -> bool:
    """Whether the words before a line's first day, or the label above it, call it that of something else."""
    lead = lead_of(fold_date_text(block.text))
    if lead is None:
        return False
    if is_other_day(lead):
        return True
    above = blocks[block.order - 1] if block.order else None
    if above is None or above.is_heading or above.links or above.words > MAX_OTHER_WORDS or _other_words(lead):
        return False
    return is_other_day(fold_date_text(above.text), by_colon=False)


def _states_one(block: Block) -> bool:
    """Whether a short line is labelled as the date («تاريخ النشر: غير محدد»), whatever it says then."""
    return block.words <= MAX_OTHER_WORDS and _LABELLED.match(fold_date_text(block.text)) is not None


def _date_pieces(block: Block) -> Iterator[str]:
    """The first element's text of a line of many words that is a date and nothing else."""
    dates = (text for text in block.pieces if _SAYS_A_DATE.search(text) and is_all_date(fold_date_text(text)))
    yield from islice(dates, 1)


def _is_named_story_line(block: Block) -> bool:
    """Whether a line in a bar around the headline is called a date: themes name such bars `item-nav`, `news_nav`."""
    if block.pruned_by != "class.navigation":
        return False
    folded = fold_date_text(block.text[:MAX_LINE_CHARACTERS])
    return PUBLISHED_LABEL.search(folded) is not None or named_as_date(block)


def _is_foot(block: Block, blocks: Sequence[Block], zone: _Zone) -> bool:
    """Whether a line behind the text stands in the story's own foot."""
    if zone.where != BELOW_TEXT or "footer" not in (block.pruned_by or ""):
        return False
    folded = fold_date_text(block.text[:MAX_LINE_CHARACTERS])
    return is_in_storys_foot(block, blocks, text_end=zone.blocks[0].order - 1, folded=folded)


def _is_storys_day(block: Block, blocks: Sequence[Block], zone: _Zone) -> bool:
    """Whether a line behind the text is labelled, is in the story's foot, or is a day alone right behind the text."""
    folded = fold_date_text(block.text[:MAX_LINE_CHARACTERS])
    text_end = zone.blocks[0].order - 1
    if is_labelled(folded) or is_in_storys_foot(block, blocks, text_end=text_end, folded=folded):
        return True
    is_next = block.order == text_end + 1 and block.pruned_by is None and not block.links
    return is_next and is_all_date(folded) and stands_with_text(block, blocks, text_end=text_end)


def _is_publication(block: Block) -> bool:
    """Whether microdata or Drupal call a line in an article's foot, set below the headline, the publication."""
    is_foot = "footer" in (block.pruned_by or "")
    return is_foot and any(
        element.get("itemprop") == "datePublished" or "submitted" in class_words(element) for element in near(block)
    )


def is_all_date(folded: str) -> bool:
    """Whether a folded line names a month, or a day in figures, and says nothing else."""
    names_one = any(word in GREGORIAN_MONTHS or word in HIJRI_MONTHS for word in _WORD.findall(folded))
    return _other_words(folded) == 0 and (names_one or DAY_IN_FIGURES.search(folded) is not None)


def _is_date_alone(block: Block) -> bool:
    return not block.links and len(block.text) <= MAX_LONE_DATE and _other_words(fold_date_text(block.text)) == 0


def _date_line_bonus(block: Block, folded: str, *, zone: _Zone) -> float | None:
    """None for a line that only mentions a date; else what its label and class names add to its weight."""
    where = zone.where
    if FOREIGN_LABEL.search(folded) or (where != NEAR_HEADLINE and ISSUE_NUMBER.search(folded)):
        return None
    has_label = is_labelled(folded)
    is_named = has_label or named_as_date(block)
    others = _other_words(folded)
    is_story = where != NEAR_HEADLINE and block.links == 1 and others >= MIN_HEADLINE_WORDS
    is_about_something = is_story or (others > 1 and (block.is_heading or (block.link_share > 0.5 and not has_label)))
    if is_about_something or others > (MAX_OTHER_WORDS_NAMED if is_named else MAX_OTHER_WORDS):
        return None
    is_beside_text = where == "above_text" and zone.anchor is not None and block.order + 1 == zone.anchor.order
    is_beside_text = is_beside_text or (is_named and zone.anchor is not None and block.order + 1 == zone.anchor.order)
    is_on_top = where in ("above_headline", "above_text") and not is_beside_text
    if is_on_top and not has_label and _SAYS_HIJRI.search(folded):
        return None  # today in both calendars, on top of every page
    return (0.1 if has_label else 0.0) + (0.05 if is_named else UNNAMED_MALUS if others > 1 else 0.0)


def _other_words(folded: str) -> int:
    """Words that belong to no date: a name, a place, a subject."""
    text = UPDATED_LABEL.sub(" ", PUBLISHED_LABEL.sub(" ", folded))
    return sum(1 for word in _WORD.findall(text) if len(word) > 1 and word not in _VOCABULARY)


def _with_neighbours(line: str, order: int, blocks: Sequence[Block], folded: str) -> str:
    """The line with a label from the line before and a time of day from the line after, where it has none itself."""
    text = line
    previous = blocks[order - 1].text if order else ""
    following = blocks[order + 1].text if order + 1 < len(blocks) else ""
    if len(following) <= 30 and not clock_times(folded):
        other = fold_date_text(following)
        if clock_times(other) and not re.search(r"\d{4}", other) and _other_words(other) <= 1:
            text = f"{text} {following}"
    if len(previous) <= 30 and not any(c.isdigit() for c in previous):
        label = fold_date_text(previous)
        if is_labelled(label) and _other_words(label) <= 1:
            text = f"{previous} {text}"
    return text

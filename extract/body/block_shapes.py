"""What one block looks like, whatever it says: running text, a signature, a row of a table, a line behind a picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from extract.html.block import MAX_LINE_WORDS, MIN_HEADLINE_WORDS, STOP, Block
from extract.html.element_roles import class_words
from extract.html.parsing import Element
from extract.lexicon.given_names import reads_as_name
from extract.lexicon.people import TITLES
from storage.identity.arabic_folding import MAX_REMEMBERED_CHARACTERS, text_norm

# What sets a label apart where no colon does.
LABEL_TAGS = frozenset(["b", "strong", "span", "label", "em"])
MAX_LABEL_CHARACTERS = 40
MAX_SIGNATURE_PART_WORDS = 4
# Place, outlet, weekday: what else stands in a line that is a writer's name.
MAX_BESIDE_NAME_WORDS = 2

# Names of a second headline.
_SUBTITLE_NAMES = "subtitle subheadline subhead subheading standfirst"
_LEAD_NAMES = """lead lede intro summary sum abstract excerpt short teaser brief deck dek chapo chapeau sapo bajada
entradilla vorspann"""
_UNFOLDING = frozenset(("accordion", "accordian", "faq", "faqs"))
LEAD_WORDS = frozenset(f"{_SUBTITLE_NAMES} {_LEAD_NAMES}".split())
FULL_STOP = re.compile("[.!؟?…。！？]\\s*[»”\"')\\]」』]*\\s*$")
_PART_OF_LAW = re.compile(
    r"(?:ال)?(?:ماده|بند|فصل|باب|مبحث) (?:ال)?"
    r"(?:\d+|(?:اول|ثان|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر|حادي|حاديه)\w*(?: عشر\w*)?)"
)
_CLOSING = " »”\"')"
LABEL = re.compile(r"^(.{2,60}?)\s*(?:[:：/\\|>»]|\.{2,}|…|[-–—ـ]{1,2}(?=\s|$)|\s[-–—])")
_CREDIT = re.compile(
    r"^(?:(?:كتب|كتبت|بقلم|تصوير|عدسه|حوار|تقرير|اعداد|تحقيق|ترجمه|تحرير|متابعه|رصد|تغطيه|اجرى الحوار|اجري الحوار)"
    r"(?: و(?:تصوير|تحرير|اعداد|ترجمه|تقديم))? )"
)
ENUMERATED = re.compile(r"^\W{0,2}(?:\d{1,3}|[\u0660-\u0669]{1,3}|[•●▪◾*-])\s*[-.):ـ–]?\s*\S")
# «الادعاء: …», «الحكم: مضلل».
_CHECK = re.compile(
    r"(?:الادعاء|claim|verdict)\s*[:：]\s*\S"
    # Not the referee of a match, nor a film's stars.
    r"|(?:الحكم|التقييم|التصنيف|النتيجة)\s*[:：]\s*(?:غير |جزئي\w* )?"
    r"(?:مضلل|زائف|خاط|كاذب|صحيح|دقيق|مفبرك|ملفق|ساخر|مجتز|مزيف)",
    re.IGNORECASE,
)
# In the spelling of the rules: how long ago, a day in figures or words, an hour.
_AGE = (
    r"\b(?:قبل|منذ)(?: \d+)? (?:ثواني|دقيقه|دقايق|دقيقتين|ساعه|ساعات|ساعتين|يوم|يومين|ايام|اسبوع|اسبوعين|اسابيع|شهر)\b"
)
_WHEN = re.compile(
    rf"{_AGE}|\d{{1,4}} \d{{1,2}} \d{{1,4}}(?: \d{{1,2}} \d{{2}})?"
    r"|\d{1,2} [^\W\d]+ (?:[^\W\d]+ )?20\d\d(?: \d{1,2} \d{2})?|\b\d{1,2} \d{2}(?: [صم]\b)?"
)
_WHEN_NAMES = frozenset(("date", "dates", "datetime", "dateline", "pubdate", "timestamp"))
_DAY = re.compile(rf"{_AGE}|20\d\d")


def words_beside_when(block: Block) -> int | None:
    """How many words stand in a line beside a day, an hour, or how long ago; None for headings, sentences, others."""
    if block.is_heading or block.words > MAX_LINE_WORDS or FULL_STOP.search(block.text):
        return None
    rest, found = _WHEN.subn(" ", block.folded)
    return len(rest.split()) if found else None


def tells_day(block: Block) -> bool:
    """Whether a line says on which day, or how long ago: an hour alone begins an entry of a live report."""
    is_short = block.words <= MAX_LINE_WORDS and not block.is_heading
    return is_short and _DAY.search(block.folded) is not None and words_beside_when(block) is not None


def is_dated_line(block: Block) -> bool:
    """Whether a line has a day in it, of whatever else beside it, and is neither a sentence nor leads anywhere."""
    is_sentence_like = block.running > 0 or FULL_STOP.search(block.text) is not None
    return not is_sentence_like and not block.links and block.words <= 2 * MAX_LINE_WORDS and _has_day(block)


def _has_day(block: Block) -> bool:
    return _DAY.search(block.folded) is not None


def is_row_of_facts(block: Block) -> bool:
    """Whether its elements have a few words each, one of them a day, and it ends like no sentence: writer, place, day,
    how often it was read; or it is called the day and has it.
    """
    if _WHEN_NAMES & class_words(block.owner) and block.words <= 2 * MAX_LINE_WORDS and not block.is_heading:
        return _DAY.search(block.folded) is not None
    pieces = block.pieces
    return (
        len(pieces) > 1
        and FULL_STOP.search(block.text) is None
        and all(piece.count(" ") < MAX_LINE_WORDS for piece in pieces)
        and any(_DAY.search(text_norm(piece)) for piece in pieces)
    )


def heads_a_part(block: Block) -> bool:
    """Whether it is a heading that unfolds what stands below it, or leads to what that speaks of: a book, a paper."""
    unfolds = bool(block.hrefs) and all(href.startswith("#") for href in block.hrefs)
    return block.is_heading and (unfolds or block.leads_out)


def is_unfolding(block: Block) -> bool:
    """Whether it stands in a list of questions and answers that unfold."""
    return any(element.tag == "details" or class_words(element) & _UNFOLDING for element in block.path[:4])


def is_sentence(block: Block) -> bool:
    """Whether it ends like a sentence and is no item of a list."""
    return block.tag != "li" and FULL_STOP.search(block.text) is not None


def is_labelled_link(block: Block) -> bool:
    """A label of a few words, then a headline that is a link: «تفاصيل: …», whatever the label says."""
    if block.links != 1 or not 0.55 <= block.link_share < 0.95 or FULL_STOP.search(block.text) or "://" in block.text:
        return False  # a printed address is what the sentence says
    label = LABEL.match(block.text)
    return label is not None and len(label[1].split()) <= 4 and len(block.text) - len(label[0]) <= block.link_chars + 2


def is_part_of_law(block: Block) -> bool:
    """«المادة الأولى», «(مادة 3)»: what a decree's parts are called by."""
    return _PART_OF_LAW.fullmatch(block.folded) is not None


def answers_a_question(blocks: Sequence[Block], index: int) -> bool:
    """Whether the line above is a question in the same element: in an interview the shortest line is an answer."""
    above = blocks[index - 1] if index > 0 else None
    return (
        above is not None
        and above.text.rstrip(_CLOSING).endswith(("?", "؟"))
        and above.path[1:2] == blocks[index].path[1:2]
    )


def is_row(block: Block) -> bool:
    """Whether it is a row of a table: «2023 | 36,000» is no date."""
    return block.tag in ("td", "th") and "|" in block.text and not block.links


def is_subheadline(block: Block, headline: Block | None) -> bool:
    """Whether it is a second heading right below the first, or is called one, as long as one."""
    return (
        headline is not None
        and headline.tag == "h1"
        and (block.is_heading or any(is_named_below(element) for element in block.path[:2]))
        and block.order == headline.order + 1
        and block.words >= MIN_HEADLINE_WORDS
        and block.pruned_by is None
        and not block.links
    )


def is_named_below(element: Element) -> bool:
    """Whether an element is called a second headline."""
    words = class_words(element, "data-gu-name", "data-testid")  # beside classes that a program made up
    return not words.isdisjoint(LEAD_WORDS) or ("sub" in words and not words.isdisjoint(("title", "titles")))


def states_a_check(block: Block) -> bool:
    """Whether it is what a check of facts says first: the claim, or whether it is true."""
    return not block.links and _CHECK.match(block.text) is not None


def list_of(block: Block) -> Element | None:
    """The list that has the block for an item, or for a paragraph of one."""
    return next((element.getparent() for element in block.path[:2] if element.tag in ("li", "dt", "dd")), None)


def follows_picture(block: Block) -> bool:
    """Whether the element before the block's own is a picture or a film and nothing else."""
    if block.tag not in ("p", "div") or STOP.search(block.text) or block.links:
        return False
    before = block.owner.getprevious()
    if before is None or (before.tail or "").strip():
        return False
    if before.tag in ("img", "amp-img", "picture", "iframe", "video", "amp-youtube", "amp-video"):
        return True
    if before.tag not in ("p", "div", "figure"):
        return False
    return before.find(".//img") is not None and not "".join(before.itertext()).strip()


def is_signature(block: Block) -> bool:
    """Who wrote and who edited, as agencies sign: «صدى/ ريم الهاجري/ سامي منعم», or a name alone or with its place."""
    text = block.text.removeprefix("*").strip("/\\| ")
    if block.links or block.tag == "li" or ENUMERATED.match(text) or FULL_STOP.search(text):
        return False
    parts = [text_norm(part) for part in re.split(r"[/\\|]", text)]
    if len(parts) >= 2:
        return all(0 < len(part.split()) <= MAX_SIGNATURE_PART_WORDS for part in parts)
    name, *places = re.split(r"\s+[-–—]\s+", text)
    if len(places) == 1 and len(name.split()) <= MAX_BESIDE_NAME_WORDS and reads_as_name(text_norm(places[0])):
        return True  # «غدامس - سالم الغندور»
    is_place = all(len(place.split()) <= MAX_SIGNATURE_PART_WORDS for place in places)
    return len(places) <= 1 and is_place and reads_as_name(TITLES.sub("", _CREDIT.sub("", text_norm(name))))


def names_somebody(block: Block) -> bool:
    """Whether a signature has a person's name, or the initials of all who had a hand in it: «--(بترا) ع ق/ ن ح»."""
    parts = [text_norm(part) for part in re.split(r"[/\\|]|\s[-–—]\s|:|[()]", block.text)]
    hands = [part for part in parts if part and all(len(word) <= 2 for word in part.split())]
    return is_signature(block) and (len(hands) > 1 or any(map(reads_as_name, parts)))


def label_of_block(block: Block) -> str | None:
    """The folded label before a colon or dash, or the first words where an element of their own sets them apart."""
    label = label_of(block.text)
    if label is not None or len(block.places) < 2:
        return label
    element, is_tail = block.places[0]
    if is_tail or element is block.owner or element.tag not in LABEL_TAGS:
        return None
    text = " ".join((element.text or "").split())
    return text_norm(text) if 2 <= len(text) <= MAX_LABEL_CHARACTERS else None


def label_of(text: str) -> str | None:
    """The folded label before a colon, dash or slash, which its first characters hold."""
    return _label_of(text[:MAX_REMEMBERED_CHARACTERS])


@lru_cache(maxsize=1024)
def _label_of(text: str) -> str | None:
    match = LABEL.match(text)
    return text_norm(match[1]) if match else None

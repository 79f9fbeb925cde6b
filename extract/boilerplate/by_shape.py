"""Blocks that are no text by their shape, whatever they say: the headline again, captions, signs, repeated lines."""

from __future__ import annotations

import re

from extract.body.block_shapes import FULL_STOP, follows_picture, is_named_below, is_sentence, tells_day
from extract.body.others.other_stories import MAX_CARD_LEVELS
from extract.boilerplate.block_verdicts import JudgedBlocks
from extract.boilerplate.rule_matching import MAX_RULE_WORDS
from extract.boilerplate.rules.phrases import DATE_LABEL, DATE_WORDS
from extract.dates.grammar.words import GREGORIAN_MONTHS, HIJRI_MONTHS, MERIDIEMS, WEEKDAYS
from extract.html.block import Block
from extract.html.element_roles import class_words, structure_rule
from extract.lexicon.agencies import AGENCY
from extract.lexicon.given_names import read_as_names, reads_as_name
from extract.lexicon.people import BYLINE_LABEL, DESK_WORDS, SENTENCE_WORDS

MAX_CAPTION_WORDS = 25
MAX_PICTURE_LINE_WORDS = 14
MAX_SITE_NAME_WORDS = 8
MAX_SYMBOLS = 30
MIN_HEADLINE_CHARACTERS = 25
# The headline with the site's name or a label beside it is longer than the headline by this factor at most.
HEADLINE_SLACK = 1.35
# A line of this length that stands in a paragraph too is a quotation from it, set apart.
MIN_QUOTED_CHARACTERS = 40
MAX_QUOTED_CHARACTERS = 300
# Each line is looked for in all others; an article has fewer.
MAX_COMPARED_BLOCKS = 1_000
# A line of this length stands in an article once.
MIN_REPEATED_CHARACTERS = 60

REPEATED = "shape.repeated"
_PLAYERS = frozenset(("iframe", "video", "audio", "player", "jwplayer", "amp-youtube", "amp-video", "amp-iframe"))
_FILMS = frozenset(("video", "player"))
# Photo essays set their paragraphs in figures.
_TEXT_IN_FIGURE = frozenset(("table", "blockquote", "pre", "li", "p", "article"))
_PULLED = frozenset(("pull", "pullquote"))
# Names of a caption that is a paragraph like the text's.
_CAPTION_NAMES = "cap figcap imgcap legende leyenda didascalia bijschrift bildtext bildunterschrift"
_CAPTIONS = frozenset(_CAPTION_NAMES.split())
_PICTURES = frozenset(("img", "image", "photo", "pic", "picture", "foto", "figure"))
_LINES = frozenset(("text", "desc", "note", "legend", "alt", "pie"))
_TO_A_SIDE = frozenset(("left", "right", "start", "end"))  # of a column: `pull-right`
_AGENCY = re.compile(AGENCY)
# «الرياض 21 جمادى الأولى 1445 هـ الموافق 05 ديسمبر 2023 م واس», without the day; or the letters of any agency.
_PLACE_AND_AGENCY = re.compile(rf"(?:\S+ ){{1,3}}?({AGENCY}|[^\W\d_](?: [^\W\d_]){{0,3}})")
_LETTERS_AT_END = re.compile(r"(?: [^\W\d_]){2,4}$")
_LETTER = re.compile(r"[^\W\d_ـ]")
_DIGIT = re.compile(r"\d")
_HASHTAGS = re.compile(r"(?:#\s?\w+[\s,،|/·•–-]*)+")
# [ad_2], [/caption], [form id=7]
_SHORTCODE = re.compile(
    r"\[(?:/[a-z][\w-]*|[a-z-]+[_\d][\w-]*|[a-z][\w-]* [\w-]+=[^\[\]]{1,80})\]", re.IGNORECASE | re.ASCII
)
# «======== ن.ح.»: whose hand the end of a report is.
_END_SIGN = re.compile(r"[=_*~-]{3,}(?:\s*\w{1,2}[\s./]*){0,4}")
# A day with its year, and what else says when, how long, how often.
_DAY = re.compile(
    rf"(?<!\S)\d{{1,2}} (?:\d{{1,2}}|{DATE_WORDS}(?: {DATE_WORDS})?) (?:19|20)\d\d(?!\S)"
    r"|(?<!\S)(?:19|20)\d\d \d{1,2} \d{1,2}(?!\S)"
)
_WHEN = re.compile(rf"(?<!\S)(?:{DATE_WORDS}|{DATE_LABEL}|للقراءه|تقرا في|(?:وقت|مده|زمن) القراءه)(?!\S)")
_BESIDE_DAY = """نشر نشرت نشره النشر تم بتاريخ تاريخ في يوم الساعه علي ضمن تحت قسم القسم التصنيف تصنيف بواسطه من قبل كتب
كتبه كتبت اضيف اضيفت ادرج حرر الموافق ه published posted filed on in by under at publie le dans par veroffentlicht am um
von publicado el en por"""
_TABLES = (GREGORIAN_MONTHS, HIJRI_MONTHS, WEEKDAYS, MERIDIEMS)
_OF_A_DAY = frozenset(" ".join((_BESIDE_DAY, *(phrase for table in _TABLES for phrase in table))).split())
# Of a page, a mailbox, an account: «— مرصد الساحل (@sahel_obs) Feb 17».
_ADDRESS = re.compile(
    r"— ?.{1,60} \(@\w{1,15}\)(?: (?=.*\d).{1,30})?|(?:https?://|www\.)\S+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:[a-z]+ ?:? ?)?@[\w.]+",
    re.IGNORECASE,
)


def judge_shapes(judged: JudgedBlocks) -> None:
    """Give verdicts for shape alone."""
    longs: set[str] = set()
    first_places: dict[str, int] = {}
    for index in judged.open():
        verdict = _verdict(judged, index, longs)
        first = first_places.setdefault(judged.folded[index], index)
        if verdict is None and first < index and _goes_on_repeating(judged, first, index):
            verdict = REPEATED
        if verdict is not None:
            judged.verdicts[index] = verdict


def _goes_on_repeating(judged: JudgedBlocks, first: int, again: int) -> bool:
    """Whether the line before is one that repeats too, and the same in both places: the text stands there twice."""
    same_before = first > 0 and judged.folded[first - 1] == judged.folded[again - 1]
    return same_before and judged.verdicts.get(again - 1) == REPEATED


def _verdict(judged: JudgedBlocks, index: int, longs: set[str]) -> str | None:
    block, folded = judged.blocks[index], judged.folded[index]
    signs = _made_of_signs(judged, index)
    if signs is not None:
        return signs
    headline = judged.around.headline_block
    is_its_line = headline is not None and headline.is_heading and block.owner is headline.owner
    if is_its_line or block is headline or _repeats_headline(folded, judged.headline):
        return "shape.headline"
    if judged.words[index] <= MAX_SITE_NAME_WORDS and folded in judged.sites:
        return "shape.site_name"
    if _is_caption(judged, index) or (block.text.startswith("©") and reads_as_name(folded)):
        return "shape.caption"
    if judged.words[index] <= MAX_RULE_WORDS and (_is_dated_signature(block) or _is_filed(judged, index)):
        return "byline.dated"
    return REPEATED if _repeats_earlier(judged, index, longs) or _is_pull_quote(judged, index) else None


def _made_of_signs(judged: JudgedBlocks, index: int) -> str | None:
    """No letters; hashtags that no line opens; an address and nothing else."""
    text = judged.blocks[index].text
    if not _LETTER.search(text) and len(text) < MAX_SYMBOLS and not _DIGIT.search(text):
        return "shape.symbols"
    if _HASHTAGS.fullmatch(text) and not judged.blocks[max(0, index - 1)].text.endswith(":"):
        return "shape.hashtags"
    if text.startswith("©") and any(judged.prose[:index]) and not any(judged.prose[index + 1 :]):
        return "legal.copyright"
    if _SHORTCODE.fullmatch(text) or _END_SIGN.fullmatch(text):
        return "shape.symbols"
    return "shape.address" if _ADDRESS.fullmatch(text) and any(judged.prose) else None


def _is_dated_signature(block: Block) -> bool:
    """A writer or the desk, with a day, in one line: «هند الخالدي | 19 أكتوبر 2026 | 5 دقائق للقراءة»."""
    if block.tag in ("li", "td", "th") or FULL_STOP.search(block.text) or not _DAY.search(block.folded):
        return False
    rest = BYLINE_LABEL.sub("", " ".join(_WHEN.sub(" ", block.folded).split())).strip()
    words = rest.split()
    signed = _PLACE_AND_AGENCY.fullmatch(rest)
    is_dateline = signed is not None and any((_AGENCY.fullmatch(signed[1]), _LETTERS_AT_END.search(block.folded)))
    return is_dateline or read_as_names(rest) or (bool(rest) and DESK_WORDS.issuperset(words))


def _is_filed(judged: JudgedBlocks, index: int) -> bool:
    """A day and links above the text, and no other words: «9 يوليو 2024، ‹محليات›، ‹مجتمع›»."""
    block = judged.blocks[index]
    if index >= judged.first or not block.links or not tells_day(block):
        return False
    others = (word for word in block.folded.split() if not (word.isdigit() or word in _OF_A_DAY))
    return sum(map(len, others)) <= block.link_chars


def _is_caption(judged: JudgedBlocks, index: int) -> bool:
    """A few words that share an element with a picture or a film and with no other text."""
    block, words = judged.blocks[index], judged.words[index]
    if _is_called_caption(block):
        return True
    if words > MAX_CAPTION_WORDS or block.is_heading or block.tag == "li" or is_named_below(block.owner):
        return False
    if FULL_STOP.search(block.text):
        return _asks_below_film(judged, block)
    if block.tag == "p" and block.owner.find(".//img") is not None:
        return words <= MAX_PICTURE_LINE_WORDS
    if words <= MAX_PICTURE_LINE_WORDS and block.bold_chars < 0.5 * len(block.text) and follows_picture(block):
        following = judged.blocks[index + 1] if index + 1 < len(judged.blocks) else None
        if judged.texts_in[block.owner] == 1 and (following is None or is_sentence(following)):
            return True
    is_beside_picture = _is_below_picture(judged, index) or _shares_element(judged, index)
    return is_beside_picture or _is_in_film_box(judged, index) or _is_named_caption(judged, index)


def _is_called_caption(block: Block) -> bool:
    """Whether it stands in a picture's `figure`, or all of it in an inline element that is called a caption."""
    around = {element.tag: element for element in reversed(block.path[:MAX_CARD_LEVELS])}
    if "figure" in around and around.keys().isdisjoint(_TEXT_IN_FIGURE) and not block.is_heading:
        return any(around["figure"].find(f".//{picture}") is not None for picture in ("img", "picture", "amp-img"))
    inline = block.places[0][0] if len(block.places) == 1 and not block.links else block.owner
    return inline is not block.owner and structure_rule(inline) == "class.caption"


def _is_named_caption(judged: JudgedBlocks, index: int) -> bool:
    """Whether its class says so of a line like the text's paragraphs, of which none is called the same."""
    block = judged.blocks[index]
    words, name = class_words(block.owner), block.owner.get("class") or ""
    if _CAPTIONS.isdisjoint(words) and (_PICTURES.isdisjoint(words) or _LINES.isdisjoint(words)):
        return False
    beside = judged.classes_of_prose().get(judged.rank(index), set())
    return bool(beside) and name not in beside and "drop" not in words


def _asks_below_film(judged: JudgedBlocks, block: Block) -> bool:
    """«فيديوغراف: كيف تصل إلى جامع الإمام؟»"""
    around = block.path[1] if len(block.path) > 1 and block.text.endswith("؟") else None
    return around is not None and judged.texts_in[around] == 1 and any(child.tag in _PLAYERS for child in around)


def _is_below_picture(judged: JudgedBlocks, index: int) -> bool:
    """Whether it is alone with a picture in a table: an old page's caption stands in the row below."""
    block = judged.blocks[index]
    table = next((element for element in block.path[:MAX_CARD_LEVELS] if element.tag == "table"), None)
    if table is None:
        return False
    beside = (*judged.blocks[max(0, index - 1) : index], *judged.blocks[index + 1 : index + 2])
    return not any(table in other.path for other in beside) and table.find(".//img") is not None


def _is_in_film_box(judged: JudgedBlocks, index: int) -> bool:
    """Whether it stands amid the text in a box that is called a film's and has no running text."""
    box = judged.blocks[index].path[1:2]
    if judged.prose[index] or index < judged.first or not any(class_words(element) & _FILMS for element in box):
        return False
    near = range(max(0, index - MAX_CARD_LEVELS), min(len(judged.blocks), index + MAX_CARD_LEVELS))
    return not any(judged.prose[i] and box[0] in judged.blocks[i].path for i in near)


def _shares_element(judged: JudgedBlocks, index: int) -> bool:
    block = judged.blocks[index]
    for element in block.path[:2]:
        if judged.texts_in[element] > 1 or element.tag in ("body", "article", "main", "td"):
            return False
        is_film = index > judged.first and any(c.tag in _PLAYERS or class_words(c) & _PLAYERS for c in element)
        if is_film or element.find(".//img") is not None or element.find(".//amp-img") is not None:
            return True
    return False


def _repeats_headline(folded: str, headline: str) -> bool:
    if not headline or not folded:
        return False
    if folded == headline:
        return True
    return (
        len(headline) >= MIN_HEADLINE_CHARACTERS
        and headline in folded
        and len(folded) <= HEADLINE_SLACK * len(headline)
    )


def _repeats_earlier(judged: JudgedBlocks, index: int, longs: set[str]) -> bool:
    folded = judged.folded[index]
    # «سعر الذهب عيار 21 اليوم», and below it what that is, in the same words.
    heads_its_paragraph = judged.blocks[index].is_heading and folded in "".join(judged.folded[index + 1 : index + 2])
    if (
        not heads_its_paragraph
        and len(judged.blocks) <= MAX_COMPARED_BLOCKS
        and MIN_QUOTED_CHARACTERS <= len(folded) <= MAX_QUOTED_CHARACTERS
        and judged.everything.count(folded) > 1
        and any(
            block.pruned_by is None and len(other) > len(folded) and folded in other
            for block, other in zip(judged.blocks, judged.folded, strict=True)
        )
    ):
        return True
    if len(folded) < MIN_REPEATED_CHARACTERS:
        return False
    repeated = folded in longs
    longs.add(folded)
    return repeated


def _is_pull_quote(judged: JudgedBlocks, index: int) -> bool:
    """Words in what calls itself a pull quote, most of which one paragraph has: desks shorten such words, or turn them
    around.
    """
    names = [class_words(element) for element in judged.blocks[index].path[:2]]
    if not any(_PULLED & own and ("quote" in own or own.isdisjoint(_TO_A_SIDE)) for own in names):
        return False
    words = set(judged.folded[index].split()) - SENTENCE_WORDS
    return any(
        2 * len(words.intersection(other.split())) > len(words)
        for place, other in enumerate(judged.folded[:MAX_COMPARED_BLOCKS])
        if place != index and judged.blocks[place].pruned_by is None
    )

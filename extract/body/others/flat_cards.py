"""Cards of other stories without boxes behind the text: headline, excerpt, headline, excerpt, in the same tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise

from extract.body.block_shapes import ENUMERATED, FULL_STOP, tells_day, words_beside_when
from extract.body.others.cards import content_words
from extract.body.others.other_stories import MAX_CARD_CHARACTERS, MIN_CARDS, OTHER_STORY
from extract.html.block import LONG_TEXT, MAX_LABEL_WORDS, MAX_LINE_WORDS, MIN_HEADLINE_WORDS, Block
from extract.lexicon.given_names import reads_as_name
from extract.lexicon.list_pages import OTHER_STORIES_LINE
from storage.identity.arabic_folding import text_norm

# Words that any two stories share.
_TIMES = frozenset(
    text_norm("دقيقة دقائق ساعة ساعات يوما أيام أسبوعا أسابيع شهرا أشهر شهور سنة سنوات عاما أعوام مرة مرات").split()
)
_COMMON = _TIMES | frozenset(
    text_norm(
        "أمام خلال حول بعض ذي تي ذين هذا هذه ذلك تلك كانت يكون تكون بينما أيضا لكن دون أكثر كثير جديد جديدة "
        "أول أولى ثاني ثانية ماضي ماضية مقبل مقبلة يوم هناك وسط قرب ضمن كلها نحو"
    ).split()
)
_LABEL = re.compile(
    r"(?:اخبار|مقالات|مواد|بيانات|بلاغات|تدوينات|حوارات|خطب|رسايل) (?:سابقه|اخري|ذات صله|متفرقه)"
    r"|(?:في|من) (?:هذا|نفس) العدد(?: ايضا)?|من الارشيف|ايضا في هذا العدد"
)
# What begins a part of a story: a question, a step, a chapter.
_PART = re.compile(
    r"(?:و?(?:كيف|ماذا|لماذا|هل|متي|اين|ما|من هو|من هي|ماهي|ماهو)\b)"
    r"|(?:ال)?(?:اولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|اخيرا|مرحله|خطوه|فصل|جزء|ماده|مشهد|حلقه|سوال|جواب|نصيحه"
    r"|طريقه|سبب|عام|سنه)\b"
)
# Pages that are made of short items, and lines that lead to them.
_DIGEST = re.compile(
    r"\b(?:و?(?:ال)?(?:ابرز|اهم|افضل|احدث|حصاد|نشره|جوله|موجز|ملخص|عناوين|صحف|صحافه|اخبار|قصص|حكايات|متفرقات|يوميات"
    r"|خواطر|هوامش|مقتطفات|نصايح|خطوات|اسباب|طرق|كتب|افلام|روايات|اماكن|قايمه|دليل|مقتنيات|شهادات))\b"
)
_LEADS_ON = re.compile("فيما يلي|في ما يلي|كالتالي|كالاتي")
_COUNTS = {
    word: str(n) for n, word in enumerate(("ثلاث", "اربع", "خمس", "ست", "سبع", "ثماني", "تسع", "عشر"), MIN_CARDS)
}
_QUOTES = "«\"“”'‘"


def mark_flat_cards(blocks: list[Block], headline: Block | None) -> None:
    """Set `pruned_by` on headlines and excerpts in turn that end the text and speak of nothing that it names.

    Without a heading of other stories three of them are needed, behind two paragraphs: parts of a story look alike,
    but speak of it.
    """
    lines = [block for block in blocks[headline.order + 1 if headline else 0 :] if block.pruned_by is None]
    texts = [block for block in lines if block.running]
    if len(texts) < MIN_CARDS or (headline is not None and _DIGEST.search(headline.folded)):
        return
    last_in = {block.path[1:2]: block.order for block in texts}
    named = _content(headline) if headline is not None else set()
    counted = _counted(headline) if headline is not None else set()
    told: set[str] = set()
    above: list[Block] = []
    for entries in _runs(lines):
        if str(len(entries)) in counted:
            counted.clear()
            continue
        begin = entries[0][0].order
        for block in islice(texts, len(above), None):
            if block.order >= begin:
                break
            above.append(block)
            told |= _content(block)
        own = (*above[: MIN_CARDS - 1], *above[-1:])
        is_end = all(last_in[block.path[1:2]] <= entries[-1][-1].order for block in own)
        if is_end and len(above) >= MIN_CARDS - 1:
            for block in _other_lines(blocks[begin - 1], entries, own, (named, told)):
                block.pruned_by = OTHER_STORY


def _counted(headline: Block) -> set[str]:
    """What a headline counts may be the story's parts: «خمسة كتب», but not «أربعة أشهر»."""
    words = [*headline.folded.split(), ""]
    return {_COUNTS.get(word.removesuffix("ه"), word) for word, of in pairwise(words) if of not in _TIMES}


def _other_lines(
    label: Block, entries: list[list[Block]], own: Sequence[Block], words: tuple[set[str], set[str]]
) -> Iterator[Block]:
    """The lines of entries that are other stories, and the label over all of them."""
    is_label = not label.running and label.words <= MAX_LABEL_WORDS and (label.is_heading or label.bold_chars > 0)
    strange = [_is_strange(entry, *words) for entry in entries]
    if is_label and (OTHER_STORIES_LINE.fullmatch(label.folded) or _LABEL.fullmatch(label.folded)):
        cards = entries if sum(strange) > 1 and 2 * sum(strange) > len(entries) else []
    elif _LEADS_ON.search(own[-1].folded) or own[-1].text.rstrip()[-1] in ":：":
        cards = []
    else:
        is_apart = _stand_apart(entries, own) and all(_is_strange(entry, words[0], set()) for entry in entries)
        spared = len(entries) // 2 if is_apart else len(entries) // (MIN_CARDS + 1)
        cards = _unlabelled(entries, strange, words[0], spared=spared)
    if is_label and cards and cards[0] is entries[0]:
        yield label
    yield from chain.from_iterable(cards)


def _stand_apart(entries: list[list[Block]], own: Sequence[Block]) -> bool:
    """Whether they are in an element of their own, which is not the next one of the text's paragraphs."""
    around = entries[0][0].owner.getparent()
    is_one = all(entry[0].owner.getparent() is around for entry in entries)
    return is_one and not any(around in block.path for block in own)


def _unlabelled(
    entries: list[list[Block]], strange: Sequence[bool], named: set[str], *, spared: int
) -> list[list[Block]]:
    """All entries but few of which share no word with the text, or those behind the last that does, or none."""
    familiar = [index for index, is_strange in enumerate(strange) if not is_strange]
    is_whole = strange[0] and len(familiar) <= spared
    if not is_whole or not all(_is_strange(entries[index], named, set()) for index in familiar):
        entries = entries[familiar[-1] + 1 :] if familiar else entries
    is_long = 2 * sum(entry[0].words >= MAX_LABEL_WORDS for entry in entries) >= len(entries)
    return entries if is_long and len(entries) >= MIN_CARDS and all(map(_reads_as_card, entries)) else []


def _runs(lines: Sequence[Block]) -> Iterator[list[list[Block]]]:
    """At least two entries of one look, one behind the other."""
    run: list[list[Block]] = []
    look: object = None
    at = 0
    while at < len(lines):
        entry = _entry(lines[at : at + 4])
        found = _look(entry) if entry else None
        if run and found != look:
            if len(run) > 1:
                yield run
            run = []
        if entry:
            run.append(entry)
            look = found
        at += max(1, len(entry))
    if len(run) > 1:
        yield run


def _entry(lines: Sequence[Block]) -> list[Block]:
    """A headline and an excerpt, with one short line between or behind them: a day, a button."""
    title, *below = lines
    if title.leads_out or not below:
        return []
    at = 0 if below[0].running else 1
    excerpt = below[at] if at < len(below) else below[0]
    is_apart = at == 0 or (not _is_title(below[0], excerpt) and below[0].words <= MAX_LABEL_WORDS)
    if not excerpt.running or not is_apart or not _is_title(title, excerpt):
        return []
    behind = below[at + 1 : at + 2]
    has_foot = bool(behind) and behind[0].words < MIN_HEADLINE_WORDS and not behind[0].is_heading
    return [title, *below[: at + 1], *(behind if has_foot and not behind[0].bold_chars else [])]


def _is_title(block: Block, excerpt: Block) -> bool:
    name = block.owner.get("class")
    is_bold = bool(block.bold_chars) and block.bold_chars >= len(block.text) - 1 and not excerpt.bold_chars
    is_called = bool(name) and (block.tag, name) != (excerpt.tag, excerpt.owner.get("class"))
    # Short lines in a row are taken for verses, and for running text.
    is_short = not block.running or block.words <= MAX_LINE_WORDS
    return (is_bold and is_short) or (not block.running and (block.is_heading or is_called))


def _excerpt(entry: Sequence[Block]) -> Block:
    return next(block for block in entry[1:] if block.running)


def _look(entry: Sequence[Block]) -> tuple[object, ...]:
    title, excerpt = entry[0], _excerpt(entry)
    return (title.tag, title.owner.get("class"), bool(title.bold_chars), excerpt.tag, excerpt.owner.get("class"))


def _is_strange(entry: Sequence[Block], named: set[str], told: set[str]) -> bool:
    """Whether its headline names nothing that the page's headline and text do, nor its excerpt what the former does."""
    title, excerpt = entry[0], _excerpt(entry)
    return (
        title.words >= MIN_HEADLINE_WORDS
        and not _is_part(title)
        and all(words_beside_when(block) is None or tells_day(block) for block in entry)
        and len(excerpt.text) <= MAX_CARD_CHARACTERS
        and named.isdisjoint(_content(title))
        and told.isdisjoint(_content(title))
        and named.isdisjoint(_content(excerpt))
    )


def _reads_as_card(entry: Sequence[Block]) -> bool:
    excerpt = _excerpt(entry).text
    return len(excerpt) <= 2 * LONG_TEXT and excerpt[0] not in _QUOTES


def _is_part(title: Block) -> bool:
    """A question, a step, a year, a person who says something, a label."""
    person = re.split("[،,(:|–-]", title.text, maxsplit=1)[0]
    return (
        ENUMERATED.match(title.text) is not None
        or FULL_STOP.search(title.text) is not None
        or title.text[0] in _QUOTES
        or title.text.rstrip()[-1] in ":："
        or words_beside_when(title) is not None
        or _PART.match(title.folded) is not None
        or (person != title.text and reads_as_name(text_norm(person)))
    )


def _content(block: Block) -> set[str]:
    return content_words(block) - _COMMON

"""The article's text: voices choose its blocks, trafilatura reads them, rules judge what it answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from extract.body.block_shapes import ENUMERATED, heads_a_part, is_row, list_of
from extract.body.json_ld_body import stated_blocks
from extract.body.region import HIDDEN_COPY, is_points_line
from extract.body.script_body import scripted_blocks
from extract.body.trafilatura_text import found_in, read_region, read_whole_page, why_silent
from extract.body.voices import MIN_AGREEMENT, beside_found, choose, in_other_boxes, is_arabic, is_known, sure_of, votes
from extract.boilerplate.learnt_lines import LearntLines
from extract.boilerplate.rule_matching import heads_comments
from extract.html.block import LONG_TEXT, Block
from extract.html.json_ld import FROM_STATE
from extract.html.own_story import own_story
from extract.html.parsing import Element
from extract.page import Page
from extract.text.reading import Reading, boilerplate, boilerplate_amid_text
from extract.verdict.listing_pages import REJECT_BELOW, article_decision
from extract.verdict.page_evidence import Evidence
from storage.model.records import RemovedBlock

# What an analyst needs to see of a stripped block, and of all of them.
MAX_REMOVED_CHARACTERS = 500
MAX_REMOVED_BLOCKS = 200
# trafilatura is not believed where it has less than this share of the text that it was given.
MIN_ANSWERED = 0.6
# A page that shows fewer may carry its text in its scripts.
MIN_SHOWN_WORDS = 20
# A list is one whatever trafilatura says of its text, so far below the bound in log-odds.
SURE_MARGIN = 0.75
# Japanese, Chinese, Thai.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")


# A block, and the rule that took it out of the text; None where it is of the text.
Judged = tuple[Block, str | None]


@dataclass(frozen=True)
class ArticleBody:
    """The text, the blocks that it stands in, and what was taken from between them."""

    blocks: list[Block]
    shown: list[Block]  # those that stand on the page; none where its JSON-LD states the text
    judged: Sequence[Judged]  # all that was looked at for the text, in its order
    flags: frozenset[str]
    unread: str | None = None  # why trafilatura has not read it, or little of it

    @cached_property
    def removed(self) -> tuple[RemovedBlock, ...]:
        """What was taken out, as it is stored."""
        return _removed([(rule, block) for block, rule in self.judged if rule is not None])

    @cached_property
    def body(self) -> str:
        """The article's paragraphs, separated by one newline."""
        return "\n".join(block.text for block in self.blocks)

    @cached_property
    def words(self) -> int:
        """Words of the text; two characters count as one where the script sets none apart."""
        return _words(self.blocks)


def _words(blocks: Sequence[Block]) -> int:
    spaced = sum(block.words for block in blocks)
    return spaced + sum(len(_UNSPACED.findall(block.text)) // 2 for block in blocks if not block.text.isascii())


def article_text(reading: Reading, page: Page, learnt: LearntLines | None) -> ArticleBody:
    """The text of the page that was read."""
    candidates = reading.region.blocks if reading.region is not None else []
    verdicts = boilerplate(reading, candidates, learnt)
    kept = [block for index, block in enumerate(candidates) if index not in verdicts]
    rules = {candidates[index].order: rule for index, rule in verdicts.items()}
    flags: set[str]
    is_in_state = FROM_STATE in (reading.metadata.article or {})
    stated, flag = stated_blocks(reading.metadata, kept), "body_from_script" if is_in_state else "body_from_json_ld"
    if stated is None and _words(kept) < MIN_SHOWN_WORDS:
        stated, flag = (
            scripted_blocks(
                reading.root,
                own_story([reading.headline.text], [reading.url]),
                is_article=reading.metadata.article is not None,
            ),
            "body_from_script",
        )
    if stated is not None:
        verdicts = boilerplate(reading, stated, learnt)
        flags = {flag}
        kept, unread = _answered([block for index, block in enumerate(stated) if index not in verdicts], flags)
        judged = _judged(stated, kept, {stated[index].order: rule for index, rule in verdicts.items()})
        return ArticleBody(kept, [], judged, frozenset(flags), unread)
    flags = set()
    if not reading.is_sure:
        kept = _vote(reading, page, kept, rules=rules, learnt=learnt, flags=flags)
    blocks, unread = _answered(kept, flags, sure_of(kept, reading.called))
    orders = {block.order for block in blocks}
    rules |= {block.order: "trafilatura" for block in kept if block.order not in orders}
    return ArticleBody(blocks, blocks, _judged(reading.blocks, blocks, rules), frozenset(flags), unread)


def _judged(every: Sequence[Block], kept: Sequence[Block], rules: Mapping[int, str]) -> list[Judged]:
    orders = {block.order for block in kept}
    return [(b, rules.get(b.order)) for b in every if b.order in rules or b.order in orders]


def _vote(
    reading: Reading,
    page: Page,
    kept: list[Block],
    *,
    rules: dict[int, str],
    learnt: LearntLines | None,
    flags: set[str],
) -> list[Block]:
    """The blocks that the voices choose; what the rules know for something else is not chosen again."""
    said = votes(reading.blocks, reading.features, kept)
    whole_page = None
    if said.doubt is not None and not _is_surely_a_list(reading, page, kept):
        lines = read_whole_page(reading.root, reading.blocks)
        whole_page = found_in(lines, reading.blocks)
    known = {order for order, rule in rules.items() if is_known(rule)}
    known |= {block.order for block in reading.blocks if block.pruned_by == HIDDEN_COPY}
    known |= _of_other_articles(reading) | _behind_comments_heading(reading, said.kept)
    found = choose(reading.blocks, said, whole_page=whole_page)
    known |= in_other_boxes(reading.blocks, found, said.kept)
    wanted = {block.order for block in found} | _listed(kept) | beside_found(kept, found)
    wanted |= sure_of(kept, reading.called)
    wanted = (wanted | _whole_lists(reading.blocks, wanted)) - known
    chosen = [block for block in reading.blocks if block.order in wanted]
    if {block.order for block in chosen} - said.kept:
        verdicts = boilerplate_amid_text(reading, chosen, learnt)
        fresh = {i: rule for i, rule in verdicts.items() if chosen[i].order not in said.kept}
        rules |= {chosen[index].order: rule for index, rule in fresh.items()}
        chosen = [block for index, block in enumerate(chosen) if index not in fresh]
    if whole_page is not None and _agreement(reading.blocks, whole_page, chosen) < MIN_AGREEMENT:
        flags.add("views_disagree")
    orders = {block.order for block in chosen}
    for block in kept:
        if block.order not in orders:
            rules.setdefault(block.order, "voices")
    for order in orders:
        rules.pop(order, None)
    return chosen


def _behind_comments_heading(reading: Reading, kept: Collection[int]) -> set[int]:
    """Numbers of the blocks behind a heading of comments that stands below the text."""
    last = max((block.order for block in reading.blocks if block.order in kept and block.running), default=None)
    behind = reading.blocks[last + 1 :] if last is not None else []
    heading = next((block.order for block in behind if heads_comments(block)), len(reading.blocks))
    return {block.order for block in reading.blocks[heading:]} - set(kept)


def _of_other_articles(reading: Reading) -> set[int]:
    """Numbers of the blocks in `article` elements with a heading of their own, beside that of the headline and text."""
    headline = reading.headline.block
    own = {element for element in headline.path if element.tag == "article"} if headline is not None else set()
    if not any(block.running and not own.isdisjoint(block.path) for block in reading.blocks):
        return set()
    headed = {element for block in reading.blocks if block.tag in ("h1", "h2") for element in block.path}
    others = {element for element in headed if element.tag == "article"} - own
    return {b.order for b in reading.blocks if not others.isdisjoint(b.path) and own.isdisjoint(b.path)}


def _listed(kept: Sequence[Block]) -> set[int]:
    """Lines of an Arabic text that a dash, dot or number begins, beside another such line, items of one list, rows of
    one table and its head, linked headings of their parts: rules know these better.
    """
    if not is_arabic(kept):
        return set()
    held = Counter(_holder(block) for block in kept)
    several = {block.order for block in kept if _holder(block) is not None and held[_holder(block)] > 1}
    several |= {block.order for block in kept if heads_a_part(block)}
    items = [block for block in kept if ENUMERATED.match(block.text)]
    pairs = [
        (one.order, other.order)
        for one, other in pairwise(items)
        if other.order == one.order + 1 and one.tag == other.tag and one.path[1:2] == other.path[1:2]
    ]
    return several | {order for pair in pairs for order in pair}


def _whole_lists(blocks: Sequence[Block], chosen: set[int]) -> set[int]:
    """The other items of lists and rows of tables half of which are text, and the headings right above them."""
    lists: dict[Element, list[Block]] = {}
    for block in blocks:
        holder = _holder(block) if block.pruned_by is None else None
        if holder is not None:
            lists.setdefault(holder, []).append(block)
    found: set[int] = set()
    for items in lists.values():
        if 2 * sum(item.order in chosen for item in items) >= len(items) and not any(item.links for item in items):
            before = blocks[max(0, items[0].order - 1)]
            found |= {item.order for item in items}
            is_its_heading = (
                before.is_heading and not before.links and before.tag != "h1" and not is_points_line(before)
            )
            found |= {before.order} if is_its_heading else set()
    return found


def _holder(block: Block) -> Element | None:
    """The table of a row, the list of an item."""
    return (
        next((element for element in block.path if element.tag == "table"), None) if is_row(block) else list_of(block)
    )


def _agreement(blocks: Sequence[Block], whole_page: Sequence[bool], chosen: Sequence[Block]) -> float:
    """Agreement of trafilatura's view of the page with the chosen text, 0 to 1, in characters."""
    orders = {block.order for block in chosen}
    seen = sum(len(block.text) for block, is_seen in zip(blocks, whole_page, strict=True) if is_seen)
    both = sum(len(b.text) for b, is_seen in zip(blocks, whole_page, strict=True) if is_seen and b.order in orders)
    either = seen + sum(len(block.text) for block in chosen)
    return 2 * both / either if either else 1.0


def _answered(chosen: Sequence[Block], flags: set[str], sure: Collection[int] = ()) -> tuple[list[Block], str | None]:
    """Those of the blocks that trafilatura answers when it is given them; all, with a flag and the reason, where it has
    little.

    Running text and paragraphs stay amid its answer: it loses those in cells and behind breaks. In Arabic, other lines
    that our rules keep stay too: short lines, a last line without a stop.
    """
    lines = read_region(chosen)
    found = found_in(lines, chosen)
    given = sum(len(block.text) for block in chosen)
    has = sum(len(block.text) for block, is_found in zip(chosen, found, strict=True) if is_found)
    if has < MIN_ANSWERED * given:
        flags.add("trafilatura_partial" if lines else "trafilatura_silent")
        return list(chosen), f"it has {has} of {given} characters" if lines else why_silent(chosen)
    # Verses, signatures and last lines without a stop are no longer.
    short = LONG_TEXT if is_arabic(chosen) else 0
    return [
        block
        for block, is_found in zip(chosen, found, strict=True)
        if is_found or block.running or block.tag == "p" or len(block.text) <= short or block.order in sure
    ], None


def _removed(removed: Sequence[tuple[str, Block]]) -> tuple[RemovedBlock, ...]:
    shown = removed[:MAX_REMOVED_BLOCKS]
    return tuple(RemovedBlock(rule, block.text[:MAX_REMOVED_CHARACTERS]) for rule, block in shown)


def seen_blocks(reading: Reading, text: ArticleBody) -> tuple[RemovedBlock, ...]:
    """What a rejected page showed: what was taken out, what would have been its text, and running text beside both."""
    taken = {block.order for block in text.shown}
    shown = {removed.text for removed in text.removed}
    beside = [
        (block.pruned_by or "beside_text", block)
        for block in reading.blocks
        if block.order not in taken and block.running and block.text[:MAX_REMOVED_CHARACTERS] not in shown
    ]
    return (*_removed([("rejected", block) for block in text.blocks]), *text.removed, *_removed(beside))[
        :MAX_REMOVED_BLOCKS
    ]


def page_evidence(reading: Reading, page: Page, text: ArticleBody) -> Evidence:
    """What is known of the page with this text."""
    return Evidence(
        root=reading.root,
        metadata=reading.metadata,
        blocks=reading.blocks,
        kept=text.blocks,
        title=reading.headline.text,
        headline=reading.headline.block,
        title_witnesses=reading.headline.witnesses,
        body_words=text.words,
        named_region=reading.is_named,
        url=reading.url,
        status=page.status,
        removed_rules=frozenset(block.rule for block in text.removed),
    )


def _is_surely_a_list(reading: Reading, page: Page, kept: list[Block]) -> bool:
    """Whether a second opinion on the text would change nothing: so much speaks against an article."""
    evidence = page_evidence(reading, page, ArticleBody(kept, kept, (), frozenset()))
    return article_decision(evidence).score < REJECT_BELOW - SURE_MARGIN

"""The blocks of one region while boilerplate is told from text: what each says, and the verdicts so far."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from extract.body.block_shapes import FULL_STOP, heads_a_part, tells_day
from extract.html.block import Block
from extract.html.parsing import Element
from storage.identity.arabic_folding import text_norm

# A shorter name is another word too.
MIN_NAME_CHARACTERS = 4
_SAYS_WHO_AND_WHEN = ("date.", "byline.")


@dataclass(frozen=True)
class Surroundings:
    """What is known of the page apart from its blocks."""

    headline: str
    site_names: tuple[str, ...] = ()
    named_region: bool = False
    headline_block: Block | None = None
    writers: tuple[str, ...] = ()  # folded names that JSON-LD states


class JudgedBlocks:
    """Blocks of one region and the rule ids of those that are no text, by index; kept blocks have no verdict."""

    def __init__(self, blocks: Sequence[Block], around: Surroundings, *, with_structure: bool = True) -> None:
        self.blocks = blocks
        self.around = around
        self.folded = [block.folded for block in blocks]
        self.words = [text.count(" ") + 1 if text else 0 for text in self.folded]
        self.headline = text_norm(around.headline)
        self.sites = {text_norm(name) for name in around.site_names}
        self.everything = "\n".join(self.folded)
        self.texts_in = Counter(element for block in blocks for element in block.path[:2])
        self.verdicts: dict[int, str] = {}
        if with_structure:
            self.verdicts = {i: block.pruned_by for i, block in enumerate(blocks) if block.pruned_by}
        self.spared: set[int] = set()  # text whatever the rules say, see opened_lists
        self._reads_as_prose = [block.running > 0 for block in blocks]
        self._plain = [0, *accumulate(block.running if block.link_share < 0.1 else 0 for block in blocks)]
        self.prose: list[bool] = []  # which blocks are running text of the article, as far as is known
        self.first = 0  # index of the first running text, behind the last block where there is none
        self.last = -1
        self.begins = 0  # index of the first running text behind a lead that date or writer part from the rest
        self.ended_at = len(blocks)  # where a heading of comments ends the article
        # How far this pass has looked behind headings of other stories: what stands between has been judged with them.
        self.listed_until = self.ended_until = 0
        self.find_prose()

    def open(self) -> list[int]:
        """Indexes without a verdict, those of spared blocks left out."""
        return [i for i in range(len(self.blocks)) if i not in self.verdicts and i not in self.spared]

    def find_prose(self) -> None:
        """See again which blocks are running text, after verdicts have been given: a new pass begins."""
        self.listed_until = self.ended_until = 0
        self.prose = [reads and i not in self.verdicts for i, reads in enumerate(self._reads_as_prose)]
        self.places = places = [i for i, prose in enumerate(self.prose) if prose]
        self._end_in_stops: bool | None = None
        self._amid: list[int] | None = None
        self._days_told: dict[tuple[Element | None, str], set[int]] | None = None
        self._classes: dict[tuple[Element | None, str], set[str]] | None = None
        lengths = (len(block.text) if prose else 0 for block, prose in zip(self.blocks, self.prose, strict=True))
        self.characters_before = [0, *accumulate(lengths)]  # characters of running text above each block
        self.first = places[0] if places else len(self.blocks)
        self.last = places[-1] if places else -1
        self.begins = places[1] if self._parts_lead(places[:2]) else self.first
        self.spans: dict[tuple[Element | None, str], tuple[int, int]] = {}  # first and last running text of each rank
        for place in places:
            rank = self.rank(place)
            self.spans[rank] = (self.spans.get(rank, (place,))[0], place)

    def _parts_lead(self, places: Sequence[int]) -> bool:
        """Whether date or writer stand between the first two blocks of running text."""
        between = range(places[0] + 1, places[-1]) if places else range(0)
        return any(self.verdicts.get(index, "").startswith(_SAYS_WHO_AND_WHEN) for index in between)

    def plain_characters(self, start: int, end: int) -> int:
        """Characters of running text in blocks without links, from one index up to another."""
        return self._plain[end] - self._plain[start]

    def end_of(self, element: Element, start: int) -> int:
        """The index behind the last block in an element that holds the block before `start`: they follow each other."""
        return bisect_left(range(len(self.blocks)), 1, lo=start, key=lambda i: element not in self.blocks[i].path)

    def lines_end_in_stops(self) -> bool:
        """Whether most running text ends as sentences do."""
        if self._end_in_stops is None:
            stops = sum(FULL_STOP.search(self.blocks[i].text) is not None for i in self.places)
            self._end_in_stops = 2 * stops > len(self.places)
        return self._end_in_stops

    def is_amid(self, index: int) -> bool:
        """Whether running text of one rank stands before and behind a block."""
        if self._amid is None:
            steps = [0] * (len(self.blocks) + 1)
            for first, last in self.spans.values():
                if first < last:
                    steps[first + 1] += 1
                    steps[last] -= 1
            self._amid = list(accumulate(steps))
        return self._amid[index] > 0

    def days_told(self) -> dict[tuple[Element | None, str], set[int]]:
        """Lines of each rank, behind the first running text, that are days with a sentence below them: what happened
        when. An hour is an entry's of a live report.
        """
        if self._days_told is None:
            self._days_told = {}
            for i in range(self.first + 1, len(self.blocks) - 1):
                day, below = self.blocks[i], self.blocks[i + 1]
                is_day = ":" not in day.text and self.rank(i) == self.rank(i + 1) and tells_day(day)
                if is_day and FULL_STOP.search(below.text) is not None:
                    self._days_told.setdefault(self.rank(i), set()).add(i)
        return self._days_told

    def classes_of_prose(self) -> dict[tuple[Element | None, str], set[str]]:
        """The classes of the running text of each rank."""
        if self._classes is None:
            self._classes = {}
            for place in self.places:
                self._classes.setdefault(self.rank(place), set()).add(self.blocks[place].owner.get("class") or "")
        return self._classes

    def last_prose_before(self, index: int) -> Block | None:
        """The last running text of the article above a block."""
        place = bisect_left(self.places, index)
        return self.blocks[self.places[place - 1]] if place else None

    def rank(self, index: int) -> tuple[Element | None, str]:
        """Where a block hangs: paragraphs of one text have one parent and one tag."""
        block = self.blocks[index]
        return (block.path[1] if len(block.path) > 1 else None, block.tag)

    def names_the_site(self, index: int) -> bool:
        """Whether a line says the site's own name."""
        line = f" {self.folded[index]} "
        return any(len(name) >= MIN_NAME_CHARACTERS and f" {name} " in line for name in self.sites)

    def is_link(self, index: int) -> bool:
        """Whether a block is a link and hardly anything else, and no heading of a part of the text."""
        block = self.blocks[index] if index < len(self.blocks) else None
        return block is not None and block.link_share > 0.8 and not heads_a_part(block)

    def is_behind_text(self, index: int) -> bool:
        """Whether no running text follows, and some stands before."""
        return index >= self.last >= 0 and self.first < index

"""Down the tree from the page to the element that holds the article's text and little else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from extract.body.others.other_stories import MAX_CARD_LEVELS, MIN_CARDS
from extract.body.text_density import text_runs
from extract.html.block import Block
from extract.html.blocks import INLINE_TAGS
from extract.html.parsing import Element

# Going down the tree ends where no single child holds this share of the prose.
DESCENT_SHARE = 0.85
# It may end later, with this share, where nothing but links stands between the child's text and the rest.
CLEAR_SHARE = 0.5
# Text right behind the headline is preferred to a child that has no more than this many times as much.
HEADLINE_FACTOR = 2
# Runs of text with less than this share of a child's text are not what it is about.
MAIN_RUN_SHARE = 0.25
# So many blocks beside each other are the excerpt of a story, not a story.
MAX_ISOLATED_BLOCKS = 2
# The headline's own element is the article where it holds this share of the text around it.
OWN_SHARE = 0.25
_HOUR = re.compile(r"(?<![\d:.])[0-2٠-٢]?[0-9٠-٩][:.][0-5٠-٥][0-9٠-٩](?![\d.])")
# A cell may be the whole of an old page's layout; a paragraph is not a region.
_PARAGRAPHS = ("p", "h1", "h2", "h3", "li")


def text_element(
    blocks: Sequence[Block], weights: Mapping[Element, int], root: Element, headline: Block | None
) -> Element:
    """The innermost element that holds the article's text. `weights`: running text below each element (prose.weigh).

    Lines that stand right in a `font` or `span` are those of the element around it.
    """
    descent = _Descent(blocks, weights, headline)
    element, child = root, descent.next_child(root)
    while child is not None and child.tag not in _PARAGRAPHS and not descent.is_paragraph(child):
        element, child = child, descent.next_child(child)
    while element.tag in INLINE_TAGS and (around := element.getparent()) is not None:
        element = around
    return element


class _Descent:
    """What each step down asks: how much text a child has, and whether it is apart from its siblings' text."""

    def __init__(self, blocks: Sequence[Block], weights: Mapping[Element, int], headline: Block | None) -> None:
        self.weights = weights
        self.headline = headline
        self.own = set(headline.path) if headline is not None else set()
        runs = text_runs(blocks, headline)
        self.texts = [(block, run) for block, run in zip(blocks, runs, strict=True) if run]
        self.texts_in = Counter(element for block, _ in self.texts for element in block.path)
        self.last_text = {element: n for n, (block, _) in enumerate(self.texts) for element in block.path}
        self.headline_run = runs[headline.order] if headline is not None else 0

    def next_child(self, element: Element) -> Element | None:
        """The child that the article's text is in, or None where it is spread over several."""
        children = [child for child in element if child in self.weights]
        if not children:
            return None
        heaviest = max(children, key=lambda child: self.weights[child])
        if self.weights[heaviest] >= DESCENT_SHARE * self.weights[element]:
            return heaviest
        near = self._behind_headline(children)
        if near is not None and HEADLINE_FACTOR * self.weights[near] >= self.weights[heaviest]:
            heaviest, enough = near, OWN_SHARE
        else:
            enough = CLEAR_SHARE
        if self.weights[heaviest] >= enough * self.weights[element] and self._stands_apart(heaviest, element):
            return heaviest
        return near if near is not None and self._all_others_are_excerpts() else self._own_article(children, element)

    def is_paragraph(self, child: Element) -> bool:
        """Whether it is one in all but its tag: it has one text, and the next one of the run stands beside it."""
        if self.texts_in[child] != 1:
            return False
        number, around = self.last_text[child], child.getparent()
        run = self.texts[number][1]
        return any(
            other == run and any(e.tag == child.tag and e.getparent() is around for e in block.path)
            for block, other in self.texts[max(0, number - 1) : number + 2]
            if child not in block.path and block is not self.headline
        )

    def _behind_headline(self, children: Sequence[Element]) -> Element | None:
        """The one child with all text of the headline's run; none is the first entry of a live report."""
        if self.headline is None:
            return None
        behind = [block for block, run in self.texts if run == self.headline_run and block.order > self.headline.order]
        candidates, element = set(children), children[0].getparent()
        holding = {element for block in behind for element in block.path if element in candidates}
        if any(block.owner is element for block in behind):
            return None  # its lines stand in no child: one is a quotation
        found = holding.pop() if len(holding) == 1 else None
        return None if found is None or self._is_entry(found) else found

    def _stands_apart(self, child: Element, element: Element) -> bool:
        """Whether links divide the child's text from all other text in `element`: other stories, notes of the site."""
        inside: Counter[int] = Counter()
        outside: set[int] = set()
        for block, run in self.texts:
            if child in block.path:
                inside[run] += block.plain_chars
            elif element in block.path and block is not self.headline:
                outside.add(run)
        main = {run for run, characters in inside.items() if characters >= MAIN_RUN_SHARE * inside.total()}
        return main.isdisjoint(outside)

    def _all_others_are_excerpts(self) -> bool:
        """Whether text that is not right behind the headline stands in ones and twos: a brief among longer stories."""
        order = self.headline.order if self.headline is not None else 0
        sizes = Counter(run for block, run in self.texts if block.order > order and run != self.headline_run)
        return all(size <= MAX_ISOLATED_BLOCKS for size in sizes.values())

    def _is_entry(self, child: Element) -> bool:
        """Whether it is one of a live report's entries: elements of one name, each of which begins with an hour."""
        name = child.get("class")
        alike = [other for other in child.getparent() if other.get("class") == name] if name else []
        begun = [other for other in alike if _HOUR.search("".join(islice(other.itertext(), MAX_CARD_LEVELS)))]
        return child not in self.own and len(begun) >= MIN_CARDS and child in begun

    def _own_article(self, children: Sequence[Element], element: Element) -> Element | None:
        """The headline's own article, of several on one page."""
        own = next((child for child in children if child in self.own), None)
        is_article = own is not None and own.tag in ("article", "section")
        return own if is_article and self.weights[own] >= OWN_SHARE * self.weights[element] else None

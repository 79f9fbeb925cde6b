"""Tell article text from what stands around it: rules on the words, with evidence from links and position."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extract.block_shapes import (
    ENUMERATED,
    FULL_STOP,
    MAX_SIGNATURE_WORDS,
    STOP,
    follows_picture,
    is_labelled_link,
    is_prose,
    is_row,
    is_signature,
    label_of,
)
from extract.blocks import Block
from extract.parsing import Element
from extract.rule_matching import ANY_AMID, ANY_OF, MAX_RULE_WORDS, candidates, speaks_of
from extract.rules.rule import BoilerplateRule, Evidence, Form
from extract.text_norm import text_norm

# An article must have this much text before a comments heading may end it.
MIN_ARTICLE_CHARACTERS = 150
MAX_PASSES = 6
MAX_LABEL_WORDS = 6
MAX_CAPTION_WORDS = 25
MAX_LEADING_WORDS = 14
MAX_TRAILING_WORDS = 12
MAX_UNLINKED_HEADLINES = 6
MAX_HEADLINE_WORDS = 20
# A line of this length that stands in a paragraph too is a quotation from it, set apart.
MIN_QUOTED_CHARACTERS = 40
MAX_QUOTED_CHARACTERS = 300
MAX_FOOTNOTE_WORDS = 40
# Behind one of these the text has not begun.
_FURNITURE = (
    "shape.headline",
    "date.",
    "share.",
    "class.share",
    "byline.",
    "control.",
    "related.",
    "tags.",
    "caption.",
)
# A line of this length stands in an article once.
MIN_REPEATED_CHARACTERS = 60

_LETTER = re.compile(r"[^\W\d_]")
_URL = re.compile(r"^(?:https?://|www\.)\S+$", re.IGNORECASE)


@dataclass(frozen=True)
class Surroundings:
    """What is known of the page apart from its blocks."""

    headline: str
    site_names: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    named_region: bool = False
    headline_block: Block | None = None


def _is_sentence(block: Block) -> bool:
    return block.tag != "li" and FULL_STOP.search(block.text) is not None


class BoilerplateFilter:
    """Judges the blocks of one region. Verdicts are rule ids by index; kept blocks have none."""

    def __init__(self, blocks: Sequence[Block], surroundings: Surroundings) -> None:
        self.blocks = blocks
        self.around = surroundings
        self.folded = [block.folded for block in blocks]
        self._headline = text_norm(surroundings.headline)
        self._sites = {text_norm(name) for name in surroundings.site_names}
        self._authors = {text_norm(name) for name in surroundings.authors}
        self._longs: set[str] = set()
        self._everything = "\n".join(self.folded)
        self._speaking: dict[tuple[int, bool], tuple[BoilerplateRule, ...]] = {}
        self._texts = Counter(element for block in blocks for element in block.path[:2])
        self.words = [len(text.split()) for text in self.folded]
        self.verdicts: dict[int, str] = {i: block.pruned_by for i, block in enumerate(blocks) if block.pruned_by}
        self._prose: list[bool] = []
        self._first = 0
        self._last = -1

    def run(self) -> dict[int, str]:
        """Apply all rules until nothing changes."""
        self._find_prose()
        for index in self._open():
            self._judge_shape(index)
        for _ in range(MAX_PASSES):
            self._find_prose()
            before = len(self.verdicts)
            for index in self._open():
                self._judge_words(index)
            if len(self.verdicts) == before:
                break
        self._find_prose()
        self._drop_links()
        self._drop_edges()
        return self.verdicts

    def _open(self) -> list[int]:
        return [index for index in range(len(self.blocks)) if index not in self.verdicts]

    def _find_prose(self) -> None:
        self._prose = [i not in self.verdicts and is_prose(block) for i, block in enumerate(self.blocks)]
        places = [i for i, prose in enumerate(self._prose) if prose]
        self._first = places[0] if places else len(self.blocks)
        self._last = places[-1] if places else -1

    # Shape alone

    def _judge_shape(self, index: int) -> None:
        block, folded = self.blocks[index], self.folded[index]
        if not _LETTER.search(block.text) and len(block.text) < 30 and not re.search(r"\d", block.text):
            self.verdicts[index] = "shape.symbols"
        elif _URL.match(block.text) and sum(self._prose) > 0:
            self.verdicts[index] = "shape.address"
        elif block is self.around.headline_block or self._repeats_headline(folded):
            self.verdicts[index] = "shape.headline"
        elif self.words[index] <= 8 and folded in self._sites:
            self.verdicts[index] = "shape.site_name"
        elif self._is_caption(index):
            self.verdicts[index] = "shape.caption"
        elif self._repeats_earlier(index):
            self.verdicts[index] = "shape.repeated"

    def _is_caption(self, index: int) -> bool:
        """A few words that share an element with a picture and with no other text."""
        block, words = self.blocks[index], self.words[index]
        if words > MAX_CAPTION_WORDS or block.is_heading or block.tag == "li" or FULL_STOP.search(block.text):
            return False
        if block.tag == "p" and block.owner.find(".//img") is not None:
            return words <= MAX_LEADING_WORDS
        if words <= MAX_LEADING_WORDS and block.bold_chars < 0.5 * len(block.text) and follows_picture(block):
            following = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
            return self._texts[block.owner] == 1 and following is not None and _is_sentence(following)
        for element in block.path[:2]:
            if self._texts[element] > 1 or element.tag in ("body", "article", "main", "td"):
                return False
            if element.find(".//img") is not None or element.find(".//amp-img") is not None:
                return True
        return False

    def _repeats_headline(self, folded: str) -> bool:
        headline = self._headline
        if not headline or not folded:
            return False
        if folded == headline:
            return True
        # The headline with the site's name or a label beside it.
        return len(headline) >= 25 and headline in folded and len(folded) <= 1.35 * len(headline)

    def _repeats_earlier(self, index: int) -> bool:
        folded = self.folded[index]
        if (
            MIN_QUOTED_CHARACTERS <= len(folded) <= MAX_QUOTED_CHARACTERS
            and self._everything.count(folded) > 1
            and any(folded in other and len(other) > len(folded) for other in self.folded)
        ):
            return True
        if len(folded) < MIN_REPEATED_CHARACTERS:
            return False
        repeated = folded in self._longs
        self._longs.add(folded)
        return repeated

    # Words with evidence

    def _judge_words(self, index: int) -> None:
        rule = self._matching_rule(index)
        if rule is None:
            return
        self.verdicts[index] = rule.id
        if rule.id.startswith("related.") and Evidence.LIST in rule.needs:
            self._drop_list_after(index, rule.id)
            if rule.id == "related.heading" and not self._link_follows(index):
                self._drop_headlines_after(index, rule.id)
        ends_text = rule.id.startswith("related.") and rule.form is Form.LINE and Evidence.TRAILING in rule.needs
        if ends_text and index >= self._last >= 0 and any(self._prose[:index]):
            for later in range(index + 1, len(self.blocks)):
                self.verdicts.setdefault(later, rule.id)
        if rule.ends_article and self._characters_before(index) >= MIN_ARTICLE_CHARACTERS and not self._goes_on(index):
            for later in range(index + 1, len(self.blocks)):
                self.verdicts.setdefault(later, rule.id)

    def _matching_rule(self, index: int) -> BoilerplateRule | None:
        block, folded, words = self.blocks[index], self.folded[index], self.words[index]
        if words > MAX_RULE_WORDS or not folded:
            return None
        label = label_of(block.text)
        # A sentence without links amid the text gives no other evidence than these, so fewer patterns are tried.
        amid = self._first < index < self._last and not block.link_chars and FULL_STOP.search(block.text) is not None
        if (index, amid) not in self._speaking:
            self._speaking[index, amid] = candidates(folded, label, patterns=ANY_AMID if amid else ANY_OF)
        for rule in self._speaking[index, amid]:
            if words > rule.max_words or not speaks_of(rule, folded, label):
                continue
            if rule.id.startswith("date.") and is_row(block):
                continue
            if any(self._has(evidence, index, rule) for evidence in rule.needs):
                return rule
        return None

    def _has(self, evidence: Evidence, index: int, rule: BoilerplateRule) -> bool:
        block = self.blocks[index]
        match evidence:
            case Evidence.LINE:
                found = True
            case Evidence.LINK:
                enough = 0.6 if rule.form is Form.LINE else 0.4
                found = block.link_chars >= enough * len(block.text)
            case Evidence.LIST:
                found = self._link_follows(index)
            case Evidence.LEADING:
                found = index <= self._first
            case Evidence.TRAILING:
                found = index >= self._last >= 0 and any(self._prose[:index])
            case Evidence.NO_STOP:
                found = FULL_STOP.search(block.text) is None
        return found

    def _link_follows(self, index: int) -> bool:
        for later in self.blocks[index + 1 : index + 3]:
            if later.link_share > 0.6 and len(later.text) > 12:
                return True
            if is_prose(later):
                return False
        return False

    def _goes_on(self, index: int) -> bool:
        """Whether text of the same rank stands on both sides, so that the line is a button between paragraphs."""
        before = {self._rank(i) for i in range(index) if self._prose[i]}
        return any(self._prose[i] and self._rank(i) in before for i in range(index + 1, len(self.blocks)))

    def _rank(self, index: int) -> tuple[Element | None, str]:
        block = self.blocks[index]
        return (block.path[1] if len(block.path) > 1 else None, block.tag)

    def _characters_before(self, index: int) -> int:
        return sum(len(self.blocks[i].text) for i in range(index) if self._prose[i])

    def _drop_list_after(self, index: int, rule_id: str) -> None:
        """Remove the links that belong to a heading: its box if it has one of its own, else the run of links."""
        box = self._box(index)
        for later in range(index + 1, len(self.blocks)):
            block = self.blocks[later]
            inside = box is not None and box in block.path
            if inside or (
                self._is_link(later) or (not self._prose[later] and self._is_link(later + 1) and self.words[later] <= 6)
            ):
                self.verdicts.setdefault(later, rule_id)
            elif later in self.verdicts:
                continue
            else:
                break

    def _drop_headlines_after(self, index: int, rule_id: str) -> None:
        """Remove the headlines behind a heading that are no links: bold or in headings, and no sentences."""
        for later in range(index + 1, min(len(self.blocks), index + 1 + MAX_UNLINKED_HEADLINES)):
            block = self.blocks[later]
            looks = block.is_heading or block.tag == "li" or block.bold_chars > 0.8 * len(block.text)
            if not looks or FULL_STOP.search(block.text) or not 4 <= self.words[later] <= MAX_HEADLINE_WORDS:
                break
            self.verdicts.setdefault(later, rule_id)

    def _box(self, index: int) -> Element | None:
        """The outermost element around a heading that holds a link after it and no running text before it."""
        if index + 1 >= len(self.blocks):
            return None
        found: Element | None = None
        before = [block for i, block in enumerate(self.blocks[:index]) if self._prose[i]]
        above_prose = {element for block in before for element in block.path}
        for element in self.blocks[index].path:
            if element in above_prose or element.tag in ("body", "html"):
                break
            found = element
        if found is None or not self._link_follows(index):
            return None
        members = [b for b in self.blocks[index + 1 :] if found in b.path]
        plain = sum(b.plain_chars for b in members if is_prose(b) and b.link_share < 0.1)
        everything = sum(len(block.text) for i, block in enumerate(self.blocks) if self._prose[i])
        # A heading at the top of the article's own element would otherwise take the article with it.
        return found if members and plain <= 0.4 * everything else None

    # Links and edges

    def _is_link(self, index: int) -> bool:
        return index < len(self.blocks) and self.blocks[index].link_share > 0.8

    def _drop_links(self) -> None:
        if sum(self._prose) < 1:
            return
        for index in self._open():
            block = self.blocks[index]
            if not self._is_link(index):
                if is_labelled_link(block):
                    self.verdicts[index] = "shape.labelled_link"
                elif block.links >= 4 and block.link_share > 0.6 and not FULL_STOP.search(block.text):
                    self.verdicts[index] = "shape.link_run"
                continue
            neighbour = (index > 0 and self._is_link(index - 1)) or self._is_link(index + 1)
            at_edge = index < self._first or index > self._last
            if neighbour or at_edge or (self.words[index] >= 4 and block.links <= 2):
                self.verdicts[index] = "shape.link_only"

    def _drop_edges(self) -> None:
        if self._last < 0:
            return
        self._drop_footnotes()
        for index in self._open():
            block = self.blocks[index]
            if index < self._first and self._is_leading_label(index):
                self.verdicts[index] = "shape.leading_label"
            elif index > self._last and self._is_trailing_label(index):
                self.verdicts[index] = "shape.trailing_label"
            elif block.is_heading and index > self._last:
                self.verdicts[index] = "shape.trailing_heading"

    def _drop_footnotes(self) -> None:
        """«* كاتب وباحث …», «* نقلا عن …»: behind the text, where no other line has a star."""
        starred = [index for index in self._open() if self.blocks[index].text.startswith("*")]
        if len(starred) == 1 and starred == self._open()[-1:]:
            index = starred[0]
            if self.words[index] <= MAX_FOOTNOTE_WORDS and any(self._prose[:index]):
                self.verdicts[index] = "shape.footnote"
                self._find_prose()

    def _is_leading_label(self, index: int) -> bool:
        block = self.blocks[index]
        if FULL_STOP.search(block.text) and self.words[index] > 3:
            return False
        if block.tag == "li" or ENUMERATED.match(block.text):
            return self.words[index] <= 3
        if self.words[index] <= MAX_LABEL_WORDS:
            return True
        furniture = any(self.verdicts.get(i, "").startswith(_FURNITURE) for i in range(index + 1, self._first))
        if furniture or block.tag != "p" or self._first >= len(self.blocks):
            return self.words[index] <= MAX_LEADING_WORDS
        # A first sentence without a full stop stands among the paragraphs.
        return self._rank(index) != self._rank(self._first) and self.words[index] <= MAX_LEADING_WORDS

    def _is_signature(self, index: int) -> bool:
        """Several names below each other are a list, and so is what follows a colon."""
        if not is_signature(self.blocks[index]):
            return False
        behind = [i for i in range(self._last + 1, len(self.blocks)) if is_signature(self.blocks[i])]
        return len(behind) == 1 and not self.blocks[index - 1].text.rstrip().endswith((":", "："))

    def _is_trailing_label(self, index: int) -> bool:
        block = self.blocks[index]
        words = self.words[index]
        if self.folded[index] in self._authors or (words <= MAX_SIGNATURE_WORDS and self._is_signature(index)):
            return True
        if words == 1 and block.tag == "p" and not STOP.search(block.text) and block.bold_chars == 0:
            return True  # the outlet's own sign
        if block.text.startswith("#") or re.fullmatch(r"[-–—\s]*[(\[].{1,40}[)\]]", block.text):
            return True
        if self.around.named_region or block.tag == "li" or ENUMERATED.match(block.text):
            return False
        beside = block.owner is self.blocks[self._last].owner or self._rank(index) == self._rank(self._last)
        return words <= MAX_TRAILING_WORDS and not STOP.search(block.text) and not beside

"""One line or paragraph of a page: its text, its place in the tree, its links, and whether it is running text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extract.html.parsing import Element
from storage.identity.arabic_folding import text_norm

HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Running text is long, or of medium length and ended like a sentence or before a list.
LONG_TEXT = 90
SHORT_TEXT = 45
# A line of fewer words is no headline, of more no label; of more than the last no signature, entry, name with a day.
MIN_HEADLINE_WORDS, MAX_LABEL_WORDS, MAX_LINE_WORDS = 4, 6, 12
STOP_SIGNS = ".!؟?…:؛»”\"')]。！？"
STOP = re.compile(rf"[{re.escape(STOP_SIGNS)}]\s*$")
_LONG_SENTENCE = re.compile(r"^.{60,}[.…]\s*[»”\"')]*\s*$", re.DOTALL)

WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_SPACE = re.compile(r"\s+")
# Direction marks, zero-width space, soft hyphen, byte order mark, object replacement; the Persian joiner U+200C stays.
# Control characters and non-characters too: no tree can be made of them again.
_INVISIBLE = re.compile(
    "[\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\u00ad\ufeff\ufffc"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)


def wide_letters(text: str) -> int:
    """How many letters of Chinese and Japanese, without blanks: two are a word, each says as much as two others."""
    return 0 if text.isascii() or not WIDE.search(text) else len(WIDE.findall(text))


def visible_part(text: str) -> str:
    """The text without invisible characters, so that a tree can be made of it again."""
    return _INVISIBLE.sub("", text)


def clean_line(text: str) -> str:
    """One line of visible text: spaces collapsed, invisible characters dropped."""
    line = " ".join(text.split())
    # Invisible characters are not printable, but for the object replacement.
    if line.isprintable() and "\ufffc" not in line:
        return line
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


@dataclass(slots=True, eq=False)
class Block:
    """One line or paragraph. `owner` is the nearest block-level element; `places` say where its text hangs.

    The second half follows from the first, and is computed once: each stage asks for it of each block.
    """

    order: int
    owner: Element
    tag: str
    path: tuple[Element, ...]  # the owner and what stands above it, innermost first
    text: str  # one blank between two words
    places: list[tuple[Element, bool]]  # (element, is its tail)
    hrefs: list[str] = field(default_factory=list)
    link_chars: int = 0
    bold_chars: int = 0
    pruned_by: str | None = None  # id of the structure rule under whose element it stands
    leads_out: bool = False  # it has links, all of them to other sites
    links: int = field(init=False)
    words: int = field(init=False)
    plain_chars: int = field(init=False)  # characters outside of links
    link_share: float = field(init=False)  # share of the text that is inside links, 0 to 1
    is_heading: bool = field(init=False)  # in h1 to h6 and no sentence: some sites set their paragraphs in headings
    running: int = field(init=False)  # characters of running text; 0 for headings, labels and what is mostly links
    _folded: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        text, length = self.text, len(self.text)
        self.links = len(self.hrefs)
        wide = wide_letters(text)
        self.words = text.count(" ") + 1 + wide // 2
        plain = self.plain_chars = max(0, length - self.link_chars)
        self.link_share = min(1.0, self.link_chars / length) if self.link_chars else 0.0
        self.is_heading = self.tag in HEADING_TAGS and not (self.tag != "h1" and _LONG_SENTENCE.search(text))
        is_running = (
            plain + wide >= SHORT_TEXT
            and self.link_share <= 0.5
            and not self.is_heading
            and (plain + wide >= LONG_TEXT or text.rstrip()[-1:] in STOP_SIGNS)
        )
        self.running = plain if is_running else 0

    @property
    def own_text(self) -> int:
        """Characters of running text that no structure rule calls something else."""
        return 0 if self.pruned_by is not None else self.running

    @property
    def pieces(self) -> list[str]:
        """The texts of the line's elements, where it has several."""
        texts = [((element.tail if is_tail else element.text) or "").strip() for element, is_tail in self.places]
        return [text for text in texts if text] if len(texts) > 1 else []

    @property
    def folded(self) -> str:
        """The text in the spelling of the rules, see storage.identity.arabic_folding."""
        if self._folded is None:
            self._folded = text_norm(self.text)
        return self._folded

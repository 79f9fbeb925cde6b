"""Pages that a site has beside its stories: its log-in, what it says of itself, its boards."""

from __future__ import annotations

import re

from extract.body.block_shapes import is_row
from extract.lexicon.page_kinds import LOGIN_TITLE
from extract.lexicon.site_pages import BOARD_TITLE, POLICY_TITLE, SITE_PAGE_TITLE, SPEAKS_OF_ITSELF
from extract.lexicon.speech import TO_READER
from extract.verdict.page_evidence import (
    MAX_STUB_WORDS,
    MIN_BODY_WORDS,
    MIN_STORIES,
    MIN_STORY_SENTENCES,
    Evidence,
    is_told,
    states_article,
    states_its_day,
    tells_a_story,
)
from extract.verdict.page_features import is_signed
from storage.identity.arabic_folding import text_norm
from storage.model.outcomes import Rejection
from storage.model.records import Rejected

# A page that asks for a subscription and yet shows so many words has shown the article.
MIN_FREE_WORDS = 120
# Beside the words for a log-in, in the title of a story of one.
MIN_TOLD_WORDS = 3

BAR = re.compile(r"\s[|–—»:-]\s")
_HOUR = re.compile(r"(?<!\d)\d{1,2}:\d\d(?!\d)")


def asks_to_log_in(evidence: Evidence, title: str, headline: str) -> bool:
    """A page that is its login form; articles may have one beside them."""
    if evidence.body_words >= MIN_FREE_WORDS or states_article(evidence.metadata):
        return False
    if not any((field.get("type") or "").lower() == "password" for field in evidence.root.iter("input")):
        return False
    names_it = LOGIN_TITLE.search(title) or LOGIN_TITLE.search(headline)
    if names_it and evidence.body_words >= MIN_BODY_WORDS and tells_a_story(evidence):
        # A story of logging in says where and how.
        return len(headline.split()) - len(names_it[0].split()) < MIN_TOLD_WORDS or "حساب" in headline
    return bool(names_it) or (evidence.body_words < MAX_STUB_WORDS and evidence.headline is None)


def speaks_of_its_site(evidence: Evidence) -> bool:
    """Whether the whole title is what sites call their pages on themselves, and the text is one: neither a day nor a
    writer stands beside it, and it names the site or how to reach it.
    """
    headings = [block.text for block in evidence.blocks if block.tag == "h1"][:1]
    names = [text_norm(name) for name in (*BAR.split(evidence.metadata.title_element), evidence.title, *headings)]
    # Content systems call each page an article for networks, and some for everybody.
    stated = states_its_day(evidence.metadata)
    called = POLICY_TITLE if stated else SITE_PAGE_TITLE
    whole = [text_norm(evidence.title)] if stated else names  # «سياسة النشر: ما الذي تغير» is a story's
    if not any(called.fullmatch(name) for name in whole) or is_signed(evidence, names):
        return False
    sites = [name for name in names if name and not called.fullmatch(name)]
    said = " ".join(block.folded for block in evidence.kept)
    return len(evidence.kept) < MIN_STORY_SENTENCES or any(
        pattern.search(said) for pattern in (SPEAKS_OF_ITSELF, *(re.compile(rf"\b{re.escape(n)}\b") for n in sites))
    )


def board(evidence: Evidence) -> Rejected | None:
    """A title that says so and, as content systems call each page an article for networks, hours down the page."""
    metadata = evidence.metadata
    names = [text_norm(name) for name in BAR.split(metadata.title_element)]
    if states_its_day(metadata) or not any(BOARD_TITLE.fullmatch(name) for name in names):
        return None
    if _is_prose(evidence):
        return None
    programmes = sum(_HOUR.search(block.text) is not None for block in evidence.blocks)
    if states_article(metadata) and programmes < MIN_STORIES:
        return None
    return Rejected(Rejection.LISTING, f"a board or an index by its title: «{metadata.title_element[:80]}»")


def _is_prose(evidence: Evidence) -> bool:
    """Whether paragraphs that have a day, or are told by somebody, stand under the title and speak to nobody."""
    texts = [block for block in evidence.kept if block.running and not is_row(block)]
    return (
        len(texts) >= MIN_STORY_SENTENCES
        and (is_signed(evidence) or is_told(evidence))
        and not any(TO_READER.search(block.folded) for block in texts)
    )

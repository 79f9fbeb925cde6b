"""Pages that a site has beside its stories: its log-in, what it says of itself, its boards."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.body.block_shapes import is_row, is_sentence
from extract.html.block import MAX_LABEL_WORDS, MAX_LINE_WORDS, MIN_HEADLINE_WORDS, Block
from extract.html.json_ld import types_of
from extract.lexicon.page_kinds import LOGIN_HEADING
from extract.lexicon.site_pages import (
    ABOUT_SITE,
    ACCOUNT,
    AT_WORK,
    BESIDE_NAME,
    BOARD_TITLE,
    LOGIN_ADDRESS,
    LOGIN_TITLE,
    PAIRING,
    PERSON_CLASSES,
    POLICY_TITLE,
    SERVICE_TITLE,
    SITE_PAGE_TITLE,
    SPEAKS_OF_BOARD,
    SPEAKS_OF_ITSELF,
)
from extract.lexicon.speech import TO_READER, TO_VISITOR
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
    if not any((field.get("type") or "").lower() == "password" for field in evidence.root.iter("input")):
        return False
    names_it = LOGIN_TITLE.search(title) or LOGIN_TITLE.search(headline)
    # A story of logging in says where and how.
    is_whole = names_it is not None and len(headline.split()) - len(names_it[0].split()) < MIN_TOLD_WORDS
    if _is_wall(evidence, headline, is_whole=is_whole):
        return True
    if evidence.body_words >= MIN_FREE_WORDS or states_article(evidence.metadata):
        return False
    if names_it and evidence.body_words >= MIN_BODY_WORDS and tells_a_story(evidence):
        return is_whole or ACCOUNT.search(headline) is not None
    return bool(names_it) or (evidence.body_words < MAX_STUB_WORDS and evidence.headline is None)


def _is_wall(evidence: Evidence, headline: str, *, is_whole: bool) -> bool:
    """Whether the form stands in place of a story, whatever offers and answers it has below it and is stated to be:
    its heading asks to log in and for nothing else, or it is at the address of all forms; nothing dates or signs it.
    """
    if states_its_day(evidence.metadata):
        return False
    is_at_form = is_whole and LOGIN_ADDRESS.match(evidence.url or "") is not None
    asks = is_at_form or LOGIN_HEADING.fullmatch(headline) is not None
    return asks and not is_signed(evidence)


def speaks_of_its_site(evidence: Evidence) -> bool:
    """Whether the whole title is what sites call their pages on themselves, and the text is one: neither a day nor a
    writer stands beside it, and it names the site or how to reach it.
    """
    names = [*_title_parts(evidence), text_norm(evidence.title)]
    # Content systems call each page an article for networks, and some for everybody.
    stated = states_its_day(evidence.metadata)
    whole = [text_norm(evidence.title)] if stated else names  # «سياسة النشر: ما الذي تغير» is a story's
    others = {*names, text_norm(evidence.metadata.first("og:site_name") or "")}
    sites = [name for name in others if name and not SITE_PAGE_TITLE.fullmatch(name)]
    if not any(SITE_PAGE_TITLE.fullmatch(name) or _is_about(name, sites) for name in whole):
        return False
    if is_signed(evidence, names):
        return False
    said = " ".join(block.folded for block in evidence.kept)
    speaks = SPEAKS_OF_ITSELF.search(said) is not None
    is_named = any(re.search(rf"\b{re.escape(site)}\b", said) for site in sites)
    if stated and not any(POLICY_TITLE.fullmatch(name) for name in whole):
        return speaks and is_named  # columns are called «من نحن» too
    return len(evidence.kept) < MIN_STORY_SENTENCES or speaks or is_named


def _title_parts(evidence: Evidence) -> list[str]:
    """The folded parts of the page's title, and its first main heading."""
    headings = [block.text for block in evidence.blocks if block.tag == "h1"][:1]
    return [text_norm(name) for name in (*BAR.split(evidence.metadata.title_element), *headings)]


def _is_about(name: str, sites: Sequence[str]) -> bool:
    """Whether a title names the site and says beside it that the page is on it: «تعريف بالوادي نيوز»."""
    for site in sites:
        if site == name or (site not in name and site.removeprefix("ال") not in name):
            continue
        spellings = f"[بلفو]?{re.escape(site)}|لل{re.escape(site.removeprefix('ال'))}"
        rest, found = re.subn(rf"(?:\b(?:في|لدي) )?\b(?:{spellings})\b", " ", name, count=1)
        rest = " ".join(rest.split())
        if found and (ABOUT_SITE.fullmatch(rest) or SITE_PAGE_TITLE.fullmatch(rest)):
            return True
    return False


def person(evidence: Evidence) -> Rejected | None:
    """The page of somebody who works there: its heading is the name that JSON-LD states with a place of work, or Open
    Graph or the class of its body call it one, and a post box stands on it. An article on a person states that it is
    one, or says more in its headline.
    """
    metadata, headline = evidence.metadata, evidence.headline
    if states_article(metadata) or headline is None or is_signed(evidence):
        return None
    people = [node for node in metadata.json_ld if types_of(node) & {"Person", "Physician"} and node.keys() & AT_WORK]
    is_named = any(_is_whole_name(str(node.get("name") or ""), headline) for node in people)
    body = evidence.root.find("body")
    called = body is not None and any(map(PERSON_CLASSES.fullmatch, (body.get("class") or "").split()))
    is_short = headline.words <= MAX_LABEL_WORDS and not is_told(evidence)
    called = called or (is_short and "profile" in (metadata.first("og:type") or "").lower())
    written = called and any("mailto:" in href for block in evidence.blocks for href in block.hrefs)
    return Rejected(Rejection.LISTING, f"the page of «{headline.text[:80]}»") if is_named or written else None


def _is_whole_name(name: str, headline: Block) -> bool:
    """Whether a headline is somebody's name, with titles and initials."""
    words = set(text_norm(name).split())
    more = {word for word in headline.folded.split() if len(word) > 1} - words - BESIDE_NAME
    return len(words) > 1 and words <= set(headline.folded.split()) and not more


def board(evidence: Evidence) -> Rejected | None:
    """A title that says so and, as content systems call each page an article for networks, hours down the page."""
    metadata = evidence.metadata
    if states_its_day(metadata):
        return None
    names = [text_norm(name) for name in BAR.split(metadata.title_element)]
    if not any(BOARD_TITLE.fullmatch(name) for name in names):
        return _service(evidence)
    texts = [block for block in _prose(evidence) if block.words > MAX_LINE_WORDS or not PAIRING.search(block.text)]
    if len(texts) >= MIN_STORY_SENTENCES and (is_signed(evidence) or is_told(evidence)):
        return None
    programmes = sum(_HOUR.search(block.text) is not None for block in evidence.blocks)
    if states_article(metadata) and programmes < MIN_STORIES:
        return None
    return Rejected(Rejection.LISTING, f"a board or an index by its title: «{metadata.title_element[:80]}»")


def _service(evidence: Evidence) -> Rejected | None:
    """What is played, counted or looked up on the page, or a table, and no text below it that is told or has a day."""
    is_named = any(SERVICE_TITLE.fullmatch(name) for name in _title_parts(evidence))
    rows = sum(is_row(block) for block in evidence.kept)
    said_first = next((block for block in evidence.kept if is_sentence(block)), None)
    is_of_board = said_first is not None and SPEAKS_OF_BOARD.search(said_first.folded) is not None
    is_table = 2 * rows > len(evidence.kept) and (said_first is None or is_of_board)
    if not is_named and not is_table:
        return None
    is_board = is_table and is_of_board
    texts = [] if is_board else _prose(evidence)
    is_story = is_told(evidence) and not is_board
    has_day = is_signed(evidence) or is_story or states_article(evidence.metadata)
    if len(texts) >= MIN_STORY_SENTENCES or (has_day and (texts or not is_named)):
        return None
    said = f"a service by its title: «{evidence.metadata.title_element[:80]}»" if is_named else "a table, and no text"
    return Rejected(Rejection.LISTING, said)


def _prose(evidence: Evidence) -> list[Block]:
    """The paragraphs of the text, where none of them speaks to who reads the page."""
    texts = [block for block in evidence.kept if (block.running or is_sentence(block)) and not is_row(block)]
    return [] if any(TO_READER.search(block.folded) for block in texts) else texts


def speaks_to_visitor(evidence: Evidence) -> bool:
    """Whether the few words of an undated page are said to who opened it, below no headline of a story."""
    if not evidence.kept or evidence.body_words >= MAX_STUB_WORDS or states_article(evidence.metadata):
        return False
    if evidence.headline is not None and evidence.headline.words >= MIN_HEADLINE_WORDS:
        return False
    said = any(TO_VISITOR.search(block.folded) for block in evidence.kept)
    return said and not is_told(evidence) and not is_signed(evidence)

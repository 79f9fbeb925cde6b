"""Front pages and lists of stories told from articles, by one scorecard over all that the page shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from urllib.parse import unquote, urlsplit

from extract.decide.decision import Decision
from extract.html.block import MAX_LABEL_WORDS, MAX_LINE_WORDS, MIN_HEADLINE_WORDS, Block
from extract.html.element_roles import class_words
from extract.html.json_ld import types_of
from extract.html.parsing import Element
from extract.lexicon.list_pages import (
    APPLY,
    ARCHIVE_CLASSES,
    ARTICLE_BODY_CLASSES,
    COUNT_LINE,
    FRONT_BODY_CLASSES,
    FRONT_PATH,
    HOME_TITLE,
    LIST_ADDRESS,
    LIST_PATH,
    LIST_TITLE,
    READ_MORE,
    WRITERS_TITLE,
)
from extract.lexicon.people import AUTHOR_LINK
from extract.verdict.page_card import PAGE_CARD
from extract.verdict.page_evidence import MAX_STUB_WORDS, MIN_STORIES, Evidence
from extract.verdict.page_features import (
    ARTICLE_PATH,
    BLOCKS_BESIDE_TITLE,
    is_signed,
    page_features,
    story_links,
)
from storage.identity.arabic_folding import text_norm
from storage.model.outcomes import Rejection
from storage.model.records import Rejected

# A rejected article is a lost one: so much more must speak against an article than for one, in log-odds.
# On publishers left out of the fitting .5 % of articles lie below it, and three lists of four.
REJECT_BELOW = -2.0
SHOWN_EVIDENCE = 3
_OPENS = re.compile(r"\(\s*['\"]?\d+|location|window\.open|^https?:|^/|\(\s*['\"](?:https?:)?/")
_DIGIT = re.compile(r"\d")
_TITLE_PARTS = re.compile(r"[|،,–—:-]")
# A headline of a list that calls itself one.
MIN_LABEL_WORDS = 2
# What a page says of itself that is an article, as features.
STATEMENTS = frozenset(("json_ld_article", "og_article", "published_time"))


def _offers_excerpts(evidence: Evidence) -> str | None:
    """What calls a page a list («نتائج البحث عن: …», «1–20 من 124») or offers the rest of each story («اقرأ المزيد»),
    where most of its text stands right below headlines that are links.
    """
    texts = [block for block in evidence.kept if block.running]
    titles = [
        evidence.title,
        evidence.metadata.title_element,
        *(block.text for block in evidence.blocks if block.tag == "h1"),
    ]
    named = next((title for title in titles if LIST_TITLE.match(text_norm(title))), None)
    named = named or _counts_its_entries(evidence) or _list_address(evidence.url)
    words = MIN_LABEL_WORDS if named else MIN_HEADLINE_WORDS
    if not texts:
        return named if story_links(evidence) >= MIN_STORIES else None
    excerpts = sum(_is_excerpt(block, evidence.blocks, words=words) for block in texts)
    if evidence.headline is None and excerpts == len(texts) > MIN_STORIES and not is_signed(evidence):
        return texts[0].text[:40]  # each is below a headline that is a link, and none below one of the page
    if 2 * excerpts <= len(texts):
        return None
    offers = [b.text for b in evidence.blocks if b.link_share > 0.8 and READ_MORE.fullmatch(b.folded)]
    return named or (offers[0] if len(offers) >= MIN_STORIES else None)


def _counts_its_entries(evidence: Evidence) -> str | None:
    """The line that says how many entries of how many are shown, above the first text."""
    end = next((block.order for block in evidence.kept if block.running), 0)
    above = (block for block in evidence.blocks[:end] if not block.links and block.words <= MAX_LINE_WORDS)
    return next((block.text for block in above if COUNT_LINE.fullmatch(block.folded)), None)


def _list_address(url: str | None) -> str | None:
    """The part of an address that is a search or a month of the archive: `/search?q=…`, `/archive/2024/09`."""
    try:
        parts = urlsplit(url or "")
        found = LIST_ADDRESS.search(unquote(f"{parts.path}?{parts.query}" if parts.query else parts.path))
    except ValueError:
        return None
    return found[0] if found is not None else None


def _is_writers_page(evidence: Evidence) -> bool:
    """Whether title or address call the page a writer's, and it has a portrait in words and links beside it."""
    parts = [text_norm(part) for part in _TITLE_PARTS.split(evidence.metadata.title_element)]
    called = any(WRITERS_TITLE.match(part) for part in parts) or AUTHOR_LINK.search(evidence.url or "") is not None
    if not called or evidence.body_words >= MAX_STUB_WORDS:
        return False
    open_lines = [block for block in evidence.blocks if block.pruned_by is None and not block.running]
    return sum(block.links > 0 and block.words >= MIN_LABEL_WORDS for block in open_lines) >= MIN_STORIES


def _repeats_a_button(evidence: Evidence) -> str | None:
    """What stands below each entry of a board or an index («قدم الآن», «التفاصيل»), where nothing dates the page."""
    if evidence.named_region or is_signed(evidence):
        return None
    end = max((block.order for block in evidence.kept), default=0)
    start = next((block.order for block in evidence.blocks if block is evidence.headline or block.tag == "h1"), end)
    shown = [block for block in evidence.blocks[start:end] if block.pruned_by is None and not block.running]
    ends = [(block, _last(block)) for block in shown if block.links == 1]
    # A section's name leads to the same place wherever it stands.
    offers = {(end, block.hrefs[0].strip("#") or block.order) for block, end in ends if block.link_chars == len(end)}
    labels = Counter(text_norm(end) for end, _ in offers)
    label, times = max(labels.items(), key=itemgetter(1), default=("", 0))
    is_button = label.replace(" ", "").isalpha() and len(label.split()) < MIN_HEADLINE_WORDS
    return label if is_button and times > MIN_STORIES + 1 and evidence.body_words < times * MAX_STUB_WORDS else None


def _offers_jobs(evidence: Evidence) -> str | None:
    """What asks to apply for each post of a list of jobs, where no text stands but what the posts say: a story of jobs
    has some above them. Days there are the last ones to apply on.
    """
    behind = evidence.blocks[evidence.headline.order + 1 if evidence.headline is not None else 0 :]
    offers = [
        last for b in behind if b.links == 1 and b.pruned_by is None and APPLY.fullmatch(last := text_norm(_last(b)))
    ]
    texts = sum(block.running > 0 for block in evidence.kept)
    return offers[0] if len(offers) > MIN_STORIES and 0 < texts <= len(offers) else None


def _last(block: Block) -> str:
    return (block.pieces or [block.text])[-1]


def _opens_stories(evidence: Evidence) -> str | None:
    """What boxes with a headline and a text do when they are clicked, where it names a story: `onclick="go(12)"`."""
    titled = {box for block in evidence.blocks if block.is_heading for box in block.path[:3] if _opened_by(box)}
    told = [block for block in evidence.kept if block.running]
    boxes = list(dict.fromkeys(box for block in told for box in block.path[:3] if box in titled))
    return _opened_by(boxes[0]) if len(boxes) > MIN_STORIES and 2 * len(boxes) >= len(told) else None


def _opened_by(box: Element) -> str | None:
    """The script or address; that of a question that unfolds names no story."""
    does = box.get("onclick") or box.get("data-href") or ""
    return does if _OPENS.search(does) else None


def _collects(evidence: Evidence) -> bool:
    """Whether address, JSON-LD or Open Graph call the page a writer's, a subject's or a section's, and it shows stories
    that have a day each or are links.
    """
    try:
        path = unquote(urlsplit(evidence.url or "").path)
    except ValueError:
        return False
    types = {name for node in evidence.metadata.json_ld for name in types_of(node)}
    is_profile = "ProfilePage" in types or "profile" in (evidence.metadata.first("og:type") or "").lower()
    if not is_profile and (LIST_PATH.search(path) is None or ARTICLE_PATH.search(path) is not None):
        return False
    return sum(block.links > 0 and block.is_heading for block in evidence.blocks) >= MIN_STORIES


def _is_excerpt(block: Block, blocks: Sequence[Block], *, words: int) -> bool:
    """Whether a headline of so many words that is a link stands before a text, or a day or a name between the two, or
    more such lines in the same element.
    """
    box = block.path[1] if len(block.path) > 1 else None
    for before in reversed(blocks[max(0, block.order - BLOCKS_BESIDE_TITLE) : block.order]):
        if block.order - before.order > 2 and box not in before.path:
            return False
        if before.link_share > 0.8:
            return before.words >= words or (before.is_heading and before.words > 1)
        if before.words > MAX_LABEL_WORDS or before.running:
            return False
    return False


def article_decision(evidence: Evidence) -> Decision[bool]:
    """Whether the page is one article rather than a list, with the evidence."""
    features = page_features(evidence)
    decision = PAGE_CARD.decide(features)
    return Decision(decision.score >= REJECT_BELOW, decision.score, decision.evidence)


def _is_root(url: str | None) -> bool:
    """Whether an address names a site and no page of it: `/`, `/index.php`, `/?lang=ar`, but not `/?p=123`."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return False
    return bool(parts.netloc) and FRONT_PATH.match(unquote(parts.path)) is not None and not _DIGIT.search(parts.query)


def _is_archive(body: Element | None) -> bool:
    """Whether WordPress calls the page a list of posts, as it does on each such page whatever the theme."""
    names = set((body.get("class") or "").split()) if body is not None else set()
    return "search-results" in names or ("archive" in names and not names.isdisjoint(ARCHIVE_CLASSES))


def reject_collection(evidence: Evidence) -> Rejected | None:
    """Front pages and lists: many headlines that are links, and little that belongs to one story."""
    decision = article_decision(evidence)
    seen = {piece.name for piece in decision.evidence}
    body = evidence.root.find("body")
    classes = class_words(body) if body is not None else frozenset()
    is_single = not classes.isdisjoint(ARTICLE_BODY_CLASSES)
    is_front = "path_front" in seen or not (is_single or classes.isdisjoint(FRONT_BODY_CLASSES))
    links = story_links(evidence)
    is_home = "path_front" in seen or HOME_TITLE.search(text_norm(evidence.metadata.title_element)) is not None
    is_archive = _is_archive(body) and not is_single and "json_ld_article" not in seen
    if is_archive and links >= MIN_STORIES:
        return Rejected(Rejection.LISTING, f"an archive of posts, as WordPress says, with {links} of their headlines")
    is_first = is_front and is_home and links >= MIN_STORIES
    if (is_first or (_is_root(evidence.url) and not is_signed(evidence))) and not (is_single or seen & STATEMENTS):
        return Rejected(Rejection.FRONT_PAGE, f"the site's first page, with {links} headlines that are links")
    sign = None if seen & {"json_ld_article", "published_time"} else _offers_jobs(evidence)
    is_called_list = not seen & {"json_ld_article", "published_time"} and _list_address(evidence.url) is not None
    if sign is None and (is_archive or is_called_list or not seen & STATEMENTS):
        sign = _offers_excerpts(evidence)
    if sign is None and not seen & STATEMENTS:
        sign = _repeats_a_button(evidence) or _opens_stories(evidence)
    if sign is not None:
        return Rejected(Rejection.LISTING, f"excerpts of other stories or entries of an index, and «{sign}»")
    is_collection = not seen & {"json_ld_article", "published_time"} and _collects(evidence)
    if is_collection or (not seen & STATEMENTS and _is_writers_page(evidence)):
        return Rejected(Rejection.LISTING, "a writer's, subject's or section's page: a few words on it, and links")
    if decision.value:
        return None
    against = [piece for piece in decision.strongest(len(decision.evidence)) if piece.weight < 0][:SHOWN_EVIDENCE]
    said = ", ".join(piece.name.replace("_", " ") for piece in against if piece.name != "bias")
    reason = Rejection.FRONT_PAGE if is_front else Rejection.LISTING
    return Rejected(reason, f"{decision.score:.1f} for an article; against it: {said}")

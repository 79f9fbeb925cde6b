"""Front pages and lists of stories told from articles."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

from extract.body.block_shapes import is_prose
from extract.body.text_density import MIN_STORY_LINK_WORDS, is_story_link, text_runs
from extract.html.element_roles import class_words
from extract.html.json_ld import types_of
from extract.lexicon.page_kinds import (
    ARTICLE_BODY_CLASSES,
    FRONT_BODY_CLASSES,
    FRONT_PATH,
    LISTING_BODY_CLASSES,
    LISTING_TITLE,
    LISTING_TYPES,
)
from extract.verdict.page_evidence import MAX_STUB_WORDS, Evidence
from storage.identity.arabic_folding import text_norm
from storage.model.outcomes import Rejection
from storage.model.records import Rejected

# So many headlines that are links, each followed by its own text, make a listing when most texts are such.
MIN_TEASERS = 3
TEASER_SHARE = 0.5
MIN_LISTED_LINKS = 12
MIN_LISTED_BESIDE_EXCERPTS = 6
# So many texts beside each other are no excerpts.
MAX_EXCERPTS_IN_A_ROW = 2
MAX_EXCERPT_CHARACTERS = 600


def reject_collection(evidence: Evidence) -> Rejected | None:
    """Front pages and lists: many headlines that are links, and little that belongs to one story."""
    body = evidence.root.find("body")
    classes = class_words(body) if body is not None else frozenset()
    types = {name for node in evidence.metadata.json_ld for name in types_of(node)}
    listed = sum(1 for block in evidence.blocks if block.link_share > 0.8 and len(block.text.split()) >= 4)
    teasers, prose = _teasers(evidence)
    path = _path(evidence.url)
    single = bool(classes & ARTICLE_BODY_CLASSES)
    articles = 0
    articles += 2 * (evidence.metadata.article is not None)
    articles += 2 * ("article:published_time" in evidence.metadata.meta)
    articles += any("article" in kind.lower() for kind in evidence.metadata.meta.get("og:type", []))
    articles += 2 * single
    articles += evidence.named_region and evidence.body_words >= 60
    articles += 2 * (
        evidence.title_witnesses > 0 and evidence.headline is not None and evidence.headline.link_share < 0.5
    )
    articles += _text_follows_headline(evidence)
    lists = 0
    lists += 3 * (bool(classes & LISTING_BODY_CLASSES) and not single)
    lists += 2 * (bool(types & LISTING_TYPES) and evidence.metadata.article is None)
    lists += 3 * (LISTING_TITLE.search(text_norm(evidence.title)) is not None)
    lists += 4 * (teasers >= MIN_TEASERS and teasers >= TEASER_SHARE * prose)
    lists += 4 * (listed >= MIN_LISTED_BESIDE_EXCERPTS and _has_excerpts_only(evidence))
    lists += (listed >= MIN_LISTED_LINKS) + (evidence.headline is None)
    lists += 2 * (evidence.body_words < MAX_STUB_WORDS and listed >= MIN_LISTED_LINKS)
    is_front = (path is not None and FRONT_PATH.match(path) is not None) or bool(
        classes & FRONT_BODY_CLASSES and not single
    )
    if is_front and listed >= MIN_LISTED_LINKS // 2 and articles <= 3:
        return Rejected(Rejection.FRONT_PAGE, f"{listed} headlines that are links, at the portal's root")
    if lists > articles and lists >= 3 and listed >= 3:
        return Rejected(Rejection.LISTING, f"{listed} headlines that are links, {teasers} of them with a teaser")
    return None


def _text_follows_headline(evidence: Evidence) -> bool:
    """Whether running text stands behind the headline before any other story's headline does."""
    headline = evidence.headline
    if headline is None or headline.link_share > 0.5 or len(headline.text.split()) < MIN_STORY_LINK_WORDS:
        return False
    kept = {id(block) for block in evidence.kept}
    for block in evidence.blocks[headline.order + 1 :]:
        if id(block) in kept and is_prose(block):
            return True
        if is_story_link(block) and block.pruned_by is None:
            return False
    return False


def _has_excerpts_only(evidence: Evidence) -> bool:
    """Whether all that was kept stands in ones and twos between links, and none of it behind the headline."""
    headline = evidence.headline if evidence.headline is not None and evidence.title_witnesses else None
    if headline is not None and len(headline.text.split()) < MIN_STORY_LINK_WORDS:
        headline = None
    runs = text_runs(evidence.blocks, headline)
    sizes = Counter(run for run in runs if run)
    kept = {id(block) for block in evidence.kept}
    kept_runs = {run for block, run in zip(evidence.blocks, runs, strict=True) if run and id(block) in kept}
    own = runs[headline.order] if headline is not None else 0
    parents = Counter(block.path[1] for block in evidence.kept if is_prose(block) and len(block.path) > 1)
    if max(parents.values(), default=0) > MAX_EXCERPTS_IN_A_ROW:
        return False  # paragraphs of one text, with boxes between them
    is_long = any(len(block.text) > MAX_EXCERPT_CHARACTERS for block in evidence.kept)
    return (
        bool(kept_runs)
        and not is_long
        and own not in kept_runs
        and all(sizes[run] <= MAX_EXCERPTS_IN_A_ROW for run in kept_runs)
    )


def _teasers(evidence: Evidence) -> tuple[int, int]:
    """Kept texts that directly follow a headline that is a link, and all kept texts of a sentence's length."""
    kept = {id(block) for block in evidence.kept}
    teasers = 0
    for before, block in zip(evidence.blocks, evidence.blocks[1:], strict=False):
        if id(block) in kept and is_prose(block) and before.link_share > 0.8 and len(before.text.split()) >= 4:
            teasers += 1
    return teasers, sum(1 for block in evidence.kept if is_prose(block))


def _path(url: str | None) -> str | None:
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return None if parts.query else parts.path

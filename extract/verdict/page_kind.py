"""Why a page is not an article: from what it says, from what it is made of."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from extract.body.block_shapes import is_sentence
from extract.html.block import MAX_LINE_WORDS, MIN_HEADLINE_WORDS
from extract.html.json_ld import types_of
from extract.html.metadata import PageMetadata
from extract.lexicon.page_kinds import GALLERY_TYPES, VIDEO_TYPES
from extract.verdict.listing_pages import reject_collection
from extract.verdict.media_pages import has_player, pictures_shown
from extract.verdict.page_evidence import (
    MAX_STUB_WORDS,
    MIN_BODY_WORDS,
    MIN_STORIES,
    Evidence,
    states_article,
    states_its_day,
    tells_a_story,
)
from extract.verdict.page_features import story_links
from extract.verdict.page_words import reject_by_words
from extract.verdict.site_pages import board, person
from storage.identity.arabic_folding import text_norm
from storage.model.outcomes import Rejection
from storage.model.records import Rejected

MIN_GALLERY_PICTURES = 5

_ASKS_FOR_SCRIPTS = re.compile(r"java ?script|جافا ?سكر|تفعيل الجافا|تشغيل الجافا")


def reject_page(evidence: Evidence) -> Rejected | None:
    """The reason why the parsed page is not an article, or None."""
    seen = evidence
    if evidence.body_words < MAX_STUB_WORDS and _is_far_from_headline(evidence):
        evidence = replace(evidence, kept=(), body_words=0)
    spoken = _film_with_voices(evidence) or board(evidence) or person(evidence) or _shop(evidence.metadata)
    spoken = spoken or reject_by_words(evidence)
    if spoken is not None:
        return spoken
    if evidence.body_words < MAX_STUB_WORDS:
        stub = _stub(evidence)
        if stub is not None:
            return stub
    is_empty = seen.body_words < MIN_BODY_WORDS and story_links(seen) < MIN_STORIES
    collection = None if is_empty else reject_collection(seen)
    if collection is not None:
        return collection
    if evidence.body_words < MIN_BODY_WORDS and not _is_brief(evidence):
        return _no_body(evidence)
    return None


def _is_brief(evidence: Evidence) -> bool:
    """«فاز الهلال على النصر 3-1.»: a sentence of a few words below its headline, on what is stated to be an article and
    has a day.
    """
    is_told = evidence.body_words >= MIN_HEADLINE_WORDS and any(is_sentence(b) for b in evidence.kept)
    is_stated = evidence.title_witnesses > 0 and states_article(evidence.metadata)
    dates = evidence.metadata.article_strings("datePublished") or evidence.metadata.meta.get("article:published_time")
    return is_told and is_stated and bool(dates) and not has_player(evidence)


def _is_far_from_headline(evidence: Evidence) -> bool:
    """A few words that stand behind other stories' headlines are the site's, not this story's."""
    if evidence.headline is None or not evidence.kept:
        return False
    if evidence.kept[0] not in evidence.blocks:
        return False
    between = evidence.blocks[evidence.headline.order + 1 : evidence.kept[0].order]
    stories = [block for block in between if block.link_share > 0.6 and block.words >= MIN_HEADLINE_WORDS]
    return len(stories) >= MIN_STORIES and not evidence.named_region


def _shop(metadata: PageMetadata) -> Rejected | None:
    """A thing with its price, and no article about it: reviews of things state both."""
    if metadata.article is not None or "product" not in (metadata.first("og:type") or "").lower():
        return None
    sold = [node for node in metadata.json_ld if "Product" in types_of(node) and node.get("offers")]
    return Rejected(Rejection.LISTING, "JSON-LD: a product with its price") if sold else None


def _film_with_voices(evidence: Evidence) -> Rejected | None:
    """A film, by Open Graph, and below it what viewers say or other films: each text in an element of its own."""
    if "video" not in (evidence.metadata.first("og:type") or "").lower() or states_its_day(evidence.metadata):
        return None
    parents = [block.owner.getparent() for block in evidence.kept if block.running]
    alike = Counter((parent.getparent(), parent.tag, parent.get("class")) for parent in set(parents))
    is_listed = len(set(parents)) == len(parents) > 0 and min(alike.values()) >= MIN_STORIES
    if evidence.named_region or not is_listed:
        return None
    return Rejected(Rejection.VIDEO, f"a video, and {len(parents)} texts that stand in entries of a list")


def _stub(evidence: Evidence) -> Rejected | None:
    types = {name for node in evidence.metadata.json_ld for name in types_of(node)}
    og_type = (evidence.metadata.first("og:type") or "").lower()
    has_text = evidence.body_words >= MIN_BODY_WORDS
    accessible = str((evidence.metadata.article or {}).get("isAccessibleForFree", "")).lower()
    if accessible == "false":
        return Rejected(Rejection.PAYWALL, "JSON-LD: isAccessibleForFree is false, and no text beyond a teaser")
    pictures = pictures_shown(evidence)
    if (pictures >= MIN_GALLERY_PICTURES or types & GALLERY_TYPES) and not tells_a_story(evidence):
        return Rejected(Rejection.GALLERY, f"{pictures} pictures and {evidence.body_words} words")
    # A sentence of so many words tells what happened; a film's line does not.
    is_told = evidence.title_witnesses > 0 and any(
        block.running and block.words >= 2 * MAX_LINE_WORDS for block in evidence.kept
    )
    is_video = "video" in og_type and not (is_told or tells_a_story(evidence))
    if is_video or (not has_text and (types & VIDEO_TYPES or has_player(evidence))):
        return Rejected(Rejection.VIDEO, f"a video and {evidence.body_words} words")
    return None


def _no_body(evidence: Evidence) -> Rejected:
    scripts = sum(len(script.text or "") for script in evidence.root.iter("script"))
    if "control.player" in evidence.removed_rules:
        return Rejected(Rejection.SCRIPT_BODY, "a loading line where the text should be")
    if any(
        _ASKS_FOR_SCRIPTS.search(text_norm("".join(hint.itertext())[:500])) for hint in evidence.root.iter("noscript")
    ):
        return Rejected(Rejection.SCRIPT_BODY, "the page asks for scripts where the text should be")
    shell = len(evidence.blocks) < 12 and any(
        element.get("id") in ("root", "app", "__next", "__nuxt", "main-app", "___gatsby")
        for element in evidence.root.iter("div")
    )
    if shell and scripts + sum(1 for _ in evidence.root.iter("script")) > 0:
        return Rejected(Rejection.SCRIPT_BODY, "an application shell without text")
    if has_player(evidence):
        return Rejected(Rejection.VIDEO, f"a player and {evidence.body_words} words")
    return Rejected(Rejection.NO_TEXT, f"{evidence.body_words} words of running text")

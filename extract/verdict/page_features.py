"""What a page shows for and against being one article, as numbers for a scorecard."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

from extract.body.block_shapes import FULL_STOP, tells_day
from extract.body.text_density import text_runs
from extract.html.block import MIN_HEADLINE_WORDS, Block
from extract.html.json_ld import types_of
from extract.lexicon.list_pages import FRONT_PATH, LISTING_TYPES
from extract.lexicon.people import BYLINE_LABEL
from extract.verdict.page_evidence import Evidence

# A single text in an element of its own is no excerpt; so many beside each other are none, nor is a longer one.
MIN_EXCERPTS = 2
MAX_EXCERPTS_IN_A_ROW = 2
MAX_EXCERPT_CHARACTERS = 600
# Around the title of a page, lines of so many words may date it.
BLOCKS_BESIDE_TITLE, MAX_DATE_WORDS = 4, 10
_YEAR = re.compile(r"\b20\d\d\b")
_UPDATED = re.compile(
    r"\b(?:تحديث|تعديل|updated?|modified|mise a jour|stand|actualiza\w+|atualiza\w+|aggiorna\w+|guncellen\w+"
    r"|bijgewerkt)\b"
)
ARTICLE_PATH = re.compile(r"\d{5,}|/\d{4}/\d{1,2}/|(?:[^/-]+-){4,}|(?:[^/_]+_){4,}")


def page_features(page: Evidence) -> dict[str, float]:
    """Features by name; those that are 0 are left out. Logarithms are natural, of one more than the count."""
    found = {
        **_stated(page),
        **_address(page.url),
        **_text(page),
        **_links(page),
    }
    return {name: value for name, value in found.items() if value}


def _stated(page: Evidence) -> dict[str, float]:
    meta, metadata = page.metadata.meta, page.metadata
    types = {name for node in metadata.json_ld for name in types_of(node)}
    og_types = " ".join(meta.get("og:type", [])).lower()
    return {
        "json_ld_article": float(metadata.article is not None),
        "json_ld_list": float(bool(types & LISTING_TYPES)),
        "json_ld_product": float(bool(types & {"Product", "Offer", "OfferCatalog", "AggregateOffer"})),
        "published_time": float("article:published_time" in meta),
        "og_article": float("article" in og_types),
        "og_website": float("website" in og_types),
    }


def _address(url: str | None) -> dict[str, float]:
    try:
        parts = urlsplit(url or "")
        path = unquote(parts.path)
    except ValueError:
        return {}
    if not url:
        return {}
    return {
        "path_front": float(not parts.query and FRONT_PATH.match(path) is not None),
        "path_short": float(not parts.query and path.strip("/").count("/") == 0 and not ARTICLE_PATH.search(path)),
        "path_article": float(ARTICLE_PATH.search(path) is not None),
    }


def _text(page: Evidence) -> dict[str, float]:
    texts = [block for block in page.kept if block.running]
    parents = Counter(block.path[1] for block in texts if len(block.path) > 1)
    headline = page.headline
    return {
        "texts_beside": math.log1p(max(parents.values(), default=0)),
        "text_share": _text_share(page),
        "stops": sum(1 for block in texts if FULL_STOP.search(block.text)) / len(texts) if texts else 0.0,
        "named_region": float(page.named_region),
        "headline_long": float(headline is not None and headline.words >= MIN_HEADLINE_WORDS),
    }


def is_signed(page: Evidence, names: Collection[str] = ()) -> bool:
    """Whether a day or a writer stands beside the title. `names`: folded lines that are the page's or site's name."""
    at = page.headline.order if page.headline is not None else 0
    heading = at or next((block.order for block in page.blocks if block.tag == "h1"), 0)
    first = max(0, at - BLOCKS_BESIDE_TITLE)
    # A day above the menu is that on which the page was opened.
    menu = next((n for n in range(heading - 1, first, -1) if page.blocks[n].pruned_by == "tag.nav"), first)
    beside = page.blocks[menu : at + 1 + BLOCKS_BESIDE_TITLE]
    own = [block for block in beside if "footer" not in (block.pruned_by or "") and block.folded not in names]
    short = [block.folded for block in own if block.words <= MAX_DATE_WORDS]
    return any(BYLINE_LABEL.match(line) or (_YEAR.search(line) and not _UPDATED.search(line)) for line in short)


def story_links(page: Evidence) -> int:
    """Headlines of other stories on the page, pruned or not."""
    return sum(1 for block in page.blocks if block.link_share > 0.6 and block.text.count(" ") >= MIN_HEADLINE_WORDS - 1)


def _links(page: Evidence) -> dict[str, float]:
    stories = [block for block in page.blocks if block.link_share > 0.6 and block.words >= MIN_HEADLINE_WORDS]
    open_stories = [block for block in stories if block.pruned_by is None]
    kept = {id(block) for block in page.kept}
    teasers = sum(
        1
        for before, block in zip(page.blocks, page.blocks[1:], strict=False)
        if id(block) in kept and block.running and before.link_share > 0.8 and before.words >= MIN_HEADLINE_WORDS
    )
    texts = sum(1 for block in page.kept if block.running)
    return {
        "story_links": math.log1p(len(stories)),
        "open_story_links": math.log1p(len(open_stories)),
        "teaser_share": teasers / texts if texts else 0.0,
        "excerpts_only": float(_has_excerpts_only(page)),
    }


def _text_share(page: Evidence) -> float:
    """The kept share of the page's running text."""
    shown = sum(block.running for block in page.blocks)
    return sum(block.running for block in page.kept) / shown if shown else 0.0


def _heads_the_text(page: Evidence) -> Block | None:
    """The headline, where it is one: «تصويب» names a story, and no section, if a day and nothing else parts it from a
    text.
    """
    headline = page.headline if page.title_witnesses else None
    if headline is None or headline.words >= MIN_HEADLINE_WORDS:
        return headline
    behind = page.blocks[headline.order + 1 : headline.order + 3]
    is_dated = len(behind) == 2 and not behind[0].links and tells_day(behind[0])
    return headline if is_dated and behind[1].running else None


def _has_excerpts_only(evidence: Evidence) -> bool:
    """Whether all that was kept stands in ones and twos between links, and none of it behind the headline."""
    headline = _heads_the_text(evidence)
    runs = text_runs(evidence.blocks, headline)
    sizes = Counter(run for run in runs if run)
    kept = {id(block) for block in evidence.kept}
    kept_runs = {run for block, run in zip(evidence.blocks, runs, strict=True) if run and id(block) in kept}
    own = runs[headline.order] if headline is not None else 0
    parents = Counter(block.path[1] for block in evidence.kept if block.running and len(block.path) > 1)
    if evidence.named_region and sum(parents.values()) < MIN_EXCERPTS and _text_share(evidence) >= 0.5:
        return False  # a short text in an element of its own, and the page has no other
    if max(parents.values(), default=0) > MAX_EXCERPTS_IN_A_ROW:
        return False  # paragraphs of one text, with boxes between them
    is_long = any(len(block.text) > MAX_EXCERPT_CHARACTERS for block in evidence.kept)
    return (
        bool(kept_runs)
        and not is_long
        and own not in kept_runs
        and all(sizes[run] <= MAX_EXCERPTS_IN_A_ROW for run in kept_runs)
    )

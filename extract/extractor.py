"""Page in, article or rejection out: the stages of extraction in their order."""

from __future__ import annotations

from urllib.parse import urlsplit

from extract.blocks import read_blocks
from extract.body import TRAFILATURA_VERSION, body_text
from extract.decoding import decode_page
from extract.headline import find_headline, site_names
from extract.language import language_of
from extract.metadata import read_metadata
from extract.near_duplicates import text_simhash
from extract.page import Page
from extract.parsing import NotHtml, TooComplex, parse_html
from extract.profile import UNKNOWN_PORTAL, PortalProfile
from extract.region import find_region, mark_structure, prose_weight
from extract.urls import canonical_url
from storage.outcomes import Rejection
from storage.records import ArticleText, Rejected, RemovedBlock

EXTRACTOR_VERSION = f"1.0+trafilatura-{TRAFILATURA_VERSION}"


def extract_article(page: Page, profile: PortalProfile = UNKNOWN_PORTAL) -> ArticleText | Rejected:
    """The article on the page, or why there is none. Never raises."""
    if not page.body.strip():
        return Rejected(Rejection.EMPTY, "no bytes")
    try:
        root = parse_html(decode_page(page))
    except NotHtml as error:
        return Rejected(Rejection.NOT_HTML, str(error))
    except TooComplex as error:
        return Rejected(Rejection.TOO_COMPLEX, str(error))
    metadata = read_metadata(root)
    url = page.url or next(iter(metadata.links.get("canonical", [])), None) or metadata.first("og:url")
    blocks = read_blocks(root)
    mark_structure(blocks, root)
    region = find_region(blocks, root)
    if region is None:
        return Rejected(Rejection.NO_TEXT, "no running text on the page")
    first = next((block.order for block in region.blocks if prose_weight(block)), 0)
    names = site_names(metadata, profile.site_names, urlsplit(url or "").hostname)
    headline = find_headline(blocks, metadata, names, before=first)
    kept = [block for block in region.blocks if block.pruned_by is None and block is not headline.block]
    removed = tuple(RemovedBlock(block.pruned_by, block.text) for block in region.blocks if block.pruned_by)
    body = body_text(kept)
    return ArticleText(
        title=headline.text,
        body=body,
        description=metadata.first("og:description", "description", "twitter:description"),
        language=language_of(body, metadata.html_lang),
        lead_image_url=metadata.first("og:image", "twitter:image"),
        canonical_url=canonical_url(url) if url else None,
        word_count=len(body.split()),
        removed_blocks=removed,
        text_simhash=text_simhash(headline.text, body),
    )

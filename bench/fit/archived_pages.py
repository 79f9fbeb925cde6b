"""Pages of an archive whose publisher states the text beside the HTML, in a feed or in JSON-LD: labels for nothing."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator

import warraq
from bench.fit.feed_texts import feed_texts
from bench.fit.labelled_pages import LabelledPage, words_of
from extract.html.decoding import decode_page
from extract.html.parsing import NotHtml, TooComplex, parse_html
from extract.page import Page
from extract.profile import UNKNOWN_PORTAL
from extract.text.reading import Reading, read_page
from storage.identity.urls import canonical_url
from storage.objects.open import open_store
from warraq.api.archive import settings_of

PAGES_A_PORTAL = 200  # more of the same templates teach nothing
MIN_WORDS = 60  # less is a summary
MIN_SHOWN = 0.95  # share of the stated words that the page shows, else it is another text
MAX_MORE = 1.3  # words of the text's region to those stated; above that, what is stated was cut off

_TAG = re.compile(r"<[^>]{0,500}>")


def archived_pages(archive: str) -> Iterator[LabelledPage]:
    """The pages of an archive (a directory or s3://…) whose stated text can be trusted; a portal is a publisher."""
    store = open_store(settings_of(archive, catalog=None))
    with warraq.open_archive(archive) as opened:
        portals = opened.sql("SELECT DISTINCT portal FROM articles ORDER BY portal")["portal"].to_pylist()
        for portal in portals:
            in_feeds = feed_texts(store, portal)
            chosen = opened.articles(portal=portal, columns=("edition_id",)).sample(PAGES_A_PORTAL, seed=1).to_arrow()
            for edition in sorted(chosen["edition_id"].to_pylist()):
                article = opened.article(edition)
                page = Page(article.page_html(), article.edition.captured_at, url=article.edition.url)
                if text := stated_text(page, in_feed=in_feeds.get(canonical_url(article.edition.url))):
                    yield LabelledPage(f"{portal}-{edition}", "archive", portal, page, text)


def stated_text(page: Page, *, in_feed: str | None = None) -> str | None:
    """The text that a feed has of the page, else what the page states; where it shows all of it and little more."""
    try:
        reading = read_page(parse_html(decode_page(page)), page, UNKNOWN_PORTAL)
    except (NotHtml, TooComplex):
        return None
    told = (in_feed, (reading.metadata.article or {}).get("articleBody"))
    return next((text for each in told if isinstance(each, str) and (text := _whole(each, reading))), None)


def _whole(told: str, reading: Reading) -> str | None:
    """The told text without markup, where it is the one that the page shows."""
    if reading.region is None:
        return None
    text = html.unescape(_TAG.sub("\n", told))
    stated = Counter(words_of(text))
    shown = Counter(word for block in reading.blocks for word in words_of(block.text))
    around = sum(len(words_of(block.text)) for block in reading.region.blocks)
    is_whole = (stated & shown).total() >= MIN_SHOWN * stated.total() and around <= MAX_MORE * stated.total()
    return text if stated.total() >= MIN_WORDS and is_whole else None

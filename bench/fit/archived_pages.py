"""Pages of an archive that state their own text: JSON-LD `articleBody` beside the HTML is a label for nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import warraq
from bench.fit.labelled_pages import LabelledPage, words_of
from extract.html.decoding import decode_page
from extract.html.parsing import NotHtml, TooComplex, parse_html
from extract.page import Page
from extract.profile import UNKNOWN_PORTAL
from extract.text.reading import read_page

PAGES_A_PORTAL = 200  # more of the same templates teach nothing
MIN_WORDS = 60  # less is a summary
MIN_SHOWN = 0.95  # share of the stated words that the page shows, else it is another text
MAX_MORE = 1.3  # words of the text's region to those stated; above that, what is stated was cut off

_TAG = re.compile(r"<[^>]{0,500}>")


def archived_pages(archive: str) -> Iterator[LabelledPage]:
    """The pages of an archive (a directory or s3://…) whose stated text can be trusted; a portal is a publisher."""
    with warraq.open_archive(archive) as opened:
        portals = opened.sql("SELECT DISTINCT portal FROM articles ORDER BY portal")["portal"].to_pylist()
        for portal in portals:
            chosen = opened.articles(portal=portal, columns=("edition_id",)).sample(PAGES_A_PORTAL, seed=1).to_arrow()
            for edition in sorted(chosen["edition_id"].to_pylist()):
                article = opened.article(edition)
                page = Page(article.page_html(), article.edition.captured_at, url=article.edition.url)
                if text := stated_text(page):
                    yield LabelledPage(f"{portal}-{edition}", "archive", portal, page, text)


def stated_text(page: Page) -> str | None:
    """What the page states as its text, where it shows all of it and little more."""
    try:
        reading = read_page(parse_html(decode_page(page)), page, UNKNOWN_PORTAL)
    except (NotHtml, TooComplex):
        return None
    value = (reading.metadata.article or {}).get("articleBody")
    if not isinstance(value, str) or reading.region is None:
        return None
    text = _TAG.sub("\n", value)
    stated = Counter(words_of(text))
    shown = Counter(word for block in reading.blocks for word in words_of(block.text))
    around = sum(len(words_of(block.text)) for block in reading.region.blocks)
    is_whole = (stated & shown).total() >= MIN_SHOWN * stated.total() and around <= MAX_MORE * stated.total()
    return text if stated.total() >= MIN_WORDS and is_whole else None

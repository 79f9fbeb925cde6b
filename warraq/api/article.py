"""One article: its editions, its page, its record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from storage.objects.open import open_store
from storage.raw.run import read_capture, read_record
from storage.schema.arrow_and_iceberg import table_of
from storage.schema.columns import ARTICLES
from warraq.lookup.article import editions_of

if TYPE_CHECKING:
    from storage.model.records import Edition
    from storage.settings import Settings
    from warraq.api.connections import Connections
    from warraq.lookup.explain_page import Explanation


@dataclass(frozen=True)
class Article:
    """An article with its distinct texts, the oldest capture first; `edition` is the one that was asked for."""

    records: tuple[Edition, ...]
    edition: Edition
    _settings: Settings

    @property
    def article_id(self) -> str:
        return self.edition.article_id

    @property
    def title(self) -> str:
        return self.edition.text.title

    @property
    def body(self) -> str:
        return self.edition.text.body

    def editions(self) -> pa.Table:
        """One row a distinct text, with all columns."""
        return table_of(ARTICLES, self.records)

    def page_html(self) -> bytes:
        """The archived page, as the portal's bytes with their encodings removed."""
        return read_capture(open_store(self._settings), self.edition.place).body

    def warc_record(self) -> bytes:
        """The WARC record, as received."""
        return read_record(open_store(self._settings), self.edition.place)

    def why(self) -> Explanation:
        """Why the page gave what it gave, by today's rules: each decision of the extractor with its evidence."""
        return explain_edition(self.edition, self._settings)


def explain_edition(edition: Edition, settings: Settings) -> Explanation:
    """The evidence behind an archived page, with its portal's profile and the lines learnt of it."""
    from extract.page import Page  # noqa: PLC0415 - loads the extractor
    from spiders.registry import find_portal  # noqa: PLC0415
    from warraq.lookup.explain_page import explain_page  # noqa: PLC0415
    from warraq.pipeline.learnt_lines_store import learnt_in_use  # noqa: PLC0415

    store = open_store(settings)
    capture = read_capture(store, edition.place)
    named = {name.lower(): value for name, value in reversed(capture.headers)}
    page = Page(
        body=capture.body,
        captured_at=capture.captured_at,
        url=capture.url,
        content_type=named.get("content-type"),
        status=capture.status,
        link_header=named.get("link"),
    )
    profile = find_portal(edition.portal, settings).profile
    return explain_page(page, profile, learnt=learnt_in_use(store, edition.portal))


def find_article(wanted: str, connections: Connections) -> Article:
    """The article of an id, an edition's id or an address. Raises UsageError where there is none."""
    found = editions_of(wanted, connections.shared(), connections.settings)
    distinct = tuple(list({edition.edition_id: edition for edition in reversed(found)}.values())[::-1])
    chosen = next((edition for edition in found if edition.edition_id == wanted), found[-1])
    return Article(distinct, chosen, connections.settings)

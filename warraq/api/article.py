"""One article: its editions, its page, its record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from storage.errors import UsageError
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
        from warraq.lookup.explain_page import explain_edition  # noqa: PLC0415 - loads the extractor
        from warraq.pipeline.learnt_lines_store import learnt_in_use  # noqa: PLC0415

        learnt = learnt_in_use(open_store(self._settings), self.edition.portal)
        return explain_edition(self.edition, self._settings, learnt=learnt)


def find_article(wanted: str, connections: Connections) -> Article:
    """The article of an id, an edition's id or an address. Raises UsageError where there is none."""
    if not isinstance(wanted, str):
        raise UsageError(f"{wanted!r} is neither an id nor a URL", remedy="give it as str")
    found = editions_of(wanted, connections.shared(), connections.settings)
    distinct = tuple(list({edition.edition_id: edition for edition in reversed(found)}.values())[::-1])
    chosen = next((edition for edition in found if edition.edition_id == wanted), found[-1])
    return Article(distinct, chosen, connections.settings)

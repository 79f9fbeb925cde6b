"""What counts as known to each run of a re-extraction, so that every text stays with one run, whatever is done when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from storage.iceberg.live_files import streamed
from storage.model.window import RunId, Window
from storage.tables.archive_tables import ArchiveTables
from storage.tables.branches import base_tag, branch_dataset
from storage.tables.known_articles import KnownArticles
from storage.tables.row_filters import select

_COLUMNS = ("run_id", "article_id", "edition_id")


@dataclass
class _Own:
    """What a run had published itself of what later runs have too."""

    articles: set[str] = field(default_factory=set)
    editions: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class KnownToRun:
    """What one run finds known. See ScopeKnown."""

    before: KnownArticles
    later: KnownArticles
    own: _Own

    def has_article(self, article_id: str) -> bool:
        """Whether the article is another run's."""
        return self.before.has_article(article_id) or (
            article_id not in self.own.articles and self.later.has_article(article_id)
        )

    def has_edition(self, edition_id: str) -> bool:
        """Whether this very text is another run's."""
        return self.before.has_edition(edition_id) or (
            edition_id not in self.own.editions and self.later.has_edition(edition_id)
        )


class ScopeKnown:
    """What the branch holds apart from the runs whose turn is still to come, which are told in the order of time.

    Of runs after the span, only what the run did not publish itself counts: an article that was edited a month later
    was new to the run that found it, and of a text that two runs have, the earlier one keeps it.
    """

    def __init__(
        self, tables: ArchiveTables, branch: str, *, portal: str, window: Window, pending: Collection[RunId]
    ) -> None:
        names = pa.array(sorted(map(str, pending)), pa.string())
        before = tables.batches(
            "articles", row_filter=select(portal=portal, before=window.end), columns=_COLUMNS, branch=branch
        )
        later = tables.batches(
            "articles", row_filter=select(portal=portal, since=window.end), columns=_COLUMNS, branch=branch
        )
        self._before = KnownArticles(
            batch.filter(pc.invert(pc.is_in(batch["run_id"].cast(pa.string()), names))) for batch in before
        )
        self._later = KnownArticles(later)
        self._own: defaultdict[str, _Own] = defaultdict(_Own)
        if pending:
            published = branch_dataset(tables.load()["articles"], base_tag(branch), runs=pending)
            for batch in streamed(published, columns=_COLUMNS):
                self._note(batch)

    def add(self, editions: pa.Table) -> None:
        """A run's new rows, once they are on the branch."""
        self._before.add(editions)

    def to(self, run: RunId) -> KnownToRun:
        """What this run finds known."""
        return KnownToRun(self._before, self._later, self._own[str(run)])

    def _note(self, published: pa.Table) -> None:
        for row in published.select(_COLUMNS).to_pylist():
            if self._later.has_article(row["article_id"]):
                own = self._own[row["run_id"]]
                own.articles.add(row["article_id"])
                own.editions.add(row["edition_id"])

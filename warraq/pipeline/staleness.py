"""Whether the archive has moved on since a run was staged: another may have published the same article meanwhile."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from storage.model.outcomes import Outcome
from storage.tables.known_articles import KnownArticles


def is_overtaken(editions: pa.Table, fetches: pa.Table, known: KnownArticles) -> bool:
    """Whether staged rows say of a text or an article that it is new, and the archive has it by now.

    Two runs that list the same article overlap under Airflow: the second is extracted before the first is published.
    """
    new = fetches.filter(pc.equal(fetches["outcome"], Outcome.NEW))["article_id"].drop_null().to_pylist()
    texts = editions["edition_id"].to_pylist()
    return any(map(known.has_edition, texts)) or any(map(known.has_article, new))

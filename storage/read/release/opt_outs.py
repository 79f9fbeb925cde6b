"""opt_outs.parquet of a release: which of its articles reserved text and data mining, as was known when it was made.

A publisher may reserve after the capture of the text: then only a later fetch says so, and a release has no fetches.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from storage.errors import DamagedObject
from storage.objects.store import ObjectStore
from storage.read.release.kept_views import KeptView, Sources, asked
from storage.read.views import OPT_OUTS as EVERY_OPT_OUT
from storage.schema.columns import ARTICLES, HTTP, TEXT, TIME, Column, TableSpec
from storage.schema.view_columns import VIEW_COLUMNS

OPT_OUTS = "opt_outs.parquet"
_WORDS, _MEANINGS = VIEW_COLUMNS["opt_outs"]
SPEC = TableSpec(
    "opt_outs",
    (
        ARTICLES.column("article_id"),
        ARTICLES.column("portal"),
        replace(ARTICLES.column("edition_id"), nullable=True),
        Column("stated_at", (101,), TIME, False, "stated_at", HTTP, *_MEANINGS["stated_at"]),
        Column("statement", (102,), TEXT, False, "statement", HTTP, *_MEANINGS["statement"]),
    ),
    ("article_id", "stated_at"),
    *_WORDS,
)


VIEW = KeptView(OPT_OUTS, SPEC, f"SELECT * FROM ({EVERY_OPT_OUT}) SEMI JOIN released USING (article_id)")  # noqa: S608


def articles_that_reserved(sources: Sources) -> set[str]:
    """Ids of the released articles that reserved, as the tables know by now."""
    with asked(VIEW, "DISTINCT article_id FROM told", sources) as parts:
        return {name for part in parts for name in part["article_id"].to_pylist()}


def articles_named(store: ObjectStore, key: str) -> set[str]:
    """Ids in a file of opt-outs that is stored. Raises ObjectMissing, DamagedObject."""
    try:
        rows = pq.read_table(pa.BufferReader(store.get(key)), columns=["article_id"])
    except pa.ArrowInvalid as error:
        raise DamagedObject(f"{key} is damaged", remedy="restore it from a copy; see `warraq verify`") from error
    return set(rows["article_id"].to_pylist())


def statements_in(path: Path, portal: str) -> dict[str, str]:
    """What each article of a portal stated last, from the file."""
    rows = pq.read_table(path, columns=["article_id", "statement"], filters=[("portal", "==", portal)])
    return dict(zip(rows["article_id"].to_pylist(), rows["statement"].to_pylist(), strict=True))

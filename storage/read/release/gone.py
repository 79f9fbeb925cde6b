"""gone.parquet of a release: which of its articles were not at their address any more when it was made."""

from __future__ import annotations

from storage.read.gone_view import GONE_ROWS
from storage.read.release.kept_views import KeptView
from storage.read.views import LATEST
from storage.schema.columns import ARTICLES, HTTP, INT, TEXT, TIME, Column, TableSpec
from storage.schema.view_columns import VIEW_COLUMNS

GONE = "gone.parquet"
_WORDS, _MEANINGS = VIEW_COLUMNS["gone"]
_OF_ARTICLES = ("article_id", "portal", "url", "title", "published_at", "edition_id", "word_count")


def _column(number: int, name: str, kind: str, *, nullable: bool = False) -> Column:
    return Column(name, (number,), kind, nullable, name, HTTP, *_MEANINGS[name])


SPEC = TableSpec(
    "gone",
    (
        *(ARTICLES.column(name) for name in _OF_ARTICLES),
        _column(101, "last_seen_at", TIME),
        _column(102, "gone_at", TIME),
        _column(103, "how", TEXT),
        _column(104, "http_status", INT, nullable=True),
        _column(105, "final_url", TEXT, nullable=True),
        _column(106, "asked_last_at", TIME),
    ),
    ("article_id",),
    *_WORDS,
)
# Of the released editions the latest stands for its article, as it does for who reads the release.
VIEW = KeptView(GONE, SPEC, f"WITH articles AS ({LATEST.format(rows='released')}) SELECT * FROM ({GONE_ROWS})")  # noqa: S608

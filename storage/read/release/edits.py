"""edits.parquet of a release: what was seen to change in its months, as the archive told it when it was made.

The text that was changed may be of an earlier month, which the rows of the release do not hold.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from storage.errors import DamagedObject
from storage.objects.store import ObjectStore
from storage.read.gone_view import GONE_ROWS
from storage.read.release.kept_views import KeptView, Sources, asked
from storage.read.views import EDITS as EVERY_EDIT
from storage.read.views import LATEST
from storage.schema.columns import ARTICLES, BOOL, HTTP, INT, LONG, RULES, TEXT, TIME, Column, TableSpec
from storage.schema.view_columns import VIEW_COLUMNS

EDITS = "edits.parquet"
_WORDS, _MEANINGS = VIEW_COLUMNS["edits"]


def _column(number: int, name: str, kind: str, *, nullable: bool = True, source: str = RULES) -> Column:
    return Column(name, (number,), kind, nullable, name, source, *_MEANINGS[name])


SPEC = TableSpec(
    "edits",
    (
        *(ARTICLES.column(name) for name in ("article_id", "portal", "url")),
        _column(101, "edition_before", TEXT, nullable=False),
        _column(102, "edition_after", TEXT),
        _column(103, "seen_at", TIME, nullable=False, source=HTTP),
        _column(104, "minutes_after", LONG),
        ARTICLES.column("title"),
        _column(105, "kind", TEXT, nullable=False),
        _column(106, "paragraph", INT),
        _column(107, "words", INT),
        _column(108, "removed", TEXT),
        _column(109, "added", TEXT),
        _column(110, "is_live_page", BOOL, nullable=False),
    ),
    ("seen_at", "article_id", "paragraph"),
    *_WORDS,
)

_OF_PORTALS = "portal IN (SELECT portal FROM released)"
_WITHIN = "{time} >= getvariable('since') AND {time} < getvariable('before')"
_CAPTURED, _LOST = _WITHIN.format(time="captured_at"), _WITHIN.format(time="gone_at")
# A change is seen by a capture, so an article without one in these months has none in them.
_TOUCHED = f"SELECT article_id FROM editions WHERE {_CAPTURED} UNION SELECT article_id FROM fetches WHERE {_CAPTURED}"  # noqa: S608
_ROWS = EVERY_EDIT.format(
    articles=f"{_OF_PORTALS} AND article_id IN ({_TOUCHED})", steps=_CAPTURED, lost=f"{_OF_PORTALS} AND {_LOST}"
)
VIEW = KeptView(
    EDITS,
    SPEC,
    f"WITH articles AS ({LATEST.format(rows='editions')}), gone AS ({GONE_ROWS}) SELECT * FROM ({_ROWS})",  # noqa: S608
)
_STEP = ("article_id", "edition_before", "edition_after", "seen_at")
Step = tuple[object, ...]


def steps_told(sources: Sources) -> set[Step]:
    """From which text to which articles were seen to change and when, as the tables know by now."""
    of_texts = f"DISTINCT {', '.join(_STEP)} FROM told WHERE edition_after IS NOT NULL"
    with asked(VIEW, of_texts, sources) as parts:
        return {step for part in parts for step in _steps_in(part)}


def steps_kept(store: ObjectStore, key: str) -> set[Step]:
    """The same of a file that is stored. Raises ObjectMissing, DamagedObject."""
    try:
        rows = pq.read_table(pa.BufferReader(store.get(key)), columns=list(_STEP))
    except pa.ArrowInvalid as error:
        raise DamagedObject(f"{key} is damaged", remedy="restore it from a copy; see `warraq verify`") from error
    return _steps_in(rows.filter(rows["edition_after"].is_valid()))


def _steps_in(rows: pa.Table) -> set[Step]:
    return set(zip(*(rows[name].to_pylist() for name in _STEP), strict=True))

"""What an archive says, as Parquet bytes: two archives of the same windows must have the same."""

from __future__ import annotations

import io
from typing import Any

from storage.settings import Settings
from storage.tables.archive_tables import open_tables

# When something was fetched, how fast, and where its record lies: two crawls of the same pages differ in that.
_CRAWL = {"captured_at", "fetch_seconds", "warc_key", "warc_offset", "warc_length"}
# A link that two windows list is skipped by the second if the first is published by then, else captured and found
# unchanged. Airflow crawls one window while the one before is extracted, so there it may be either.
_KNOWN = ("skipped_seen", "unchanged")
_LINK = {"run_id", "portal", "window_start", "window_end", "url", "link_id", "source", "source_url", "listed_at"}
_RUN = {"run_id", "portal", "window_start", "window_end", "links", "articles_new", "editions", "rejected"}
_ORDER = {
    "articles": ("article_id", "edition_id", "run_id"),
    "fetches": ("run_id", "link_id", "url"),
    "runs": ("run_id",),
}


def parquet_contents(settings: Settings) -> dict[str, bytes]:
    """The archive as one Parquet file a part: sorted rows, and the columns that do not depend on when it was made."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    tables = open_tables(settings, create=False)
    rows = {name: tables.scan(name).sort_by([(key, "ascending") for key in order]) for name, order in _ORDER.items()}
    fetches = _without_guesses(rows["fetches"])
    known = pc.is_in(fetches["outcome"], value_set=pa.array(_KNOWN))
    parts = {
        "articles": rows["articles"].select(sorted(set(rows["articles"].column_names) - _CRAWL)),
        "fetches that found something": fetches.filter(pc.invert(known)).select(
            sorted(set(fetches.column_names) - _CRAWL)
        ),
        "links of all fetches": fetches.select(sorted(_LINK)),
        "runs": rows["runs"].select(sorted(_RUN | {"extractor_version", "code_version"})),
    }
    contents = {}
    for name, part in parts.items():
        file = io.BytesIO()
        pq.write_table(part.combine_chunks(), file, compression="zstd")
        contents[name] = file.getvalue()
    return contents


def _without_guesses(fetches: Any) -> Any:
    """A link that gave no text names the article known at its address by then, which depends on the order."""
    import pyarrow.compute as pc

    position = fetches.schema.get_field_index("article_id")
    said = pc.if_else(pc.is_valid(fetches["edition_id"]), fetches["article_id"], None)
    return fetches.set_column(position, fetches.schema.field(position), said)

"""latest.parquet of a release: which edition of each article is its latest, for who wants one row an article."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from storage.schema.arrow_and_iceberg import arrow_schema
from storage.schema.columns import ARTICLES

LATEST = "latest.parquet"
# The first of them tell which row of `articles/` it is; the others are what one looks it up by.
_TIMES_AND_RIGHTS = ("published_at", "captured_at", "opt_out", "licence")
COLUMNS = ("article_id", "edition_id", "run_id", "portal", "url", "title", *_TIMES_AND_RIGHTS)


class LatestEditions:
    """Written portal by portal."""

    def __init__(self, path: Path) -> None:
        whole = arrow_schema(ARTICLES)
        self._schema = pa.schema([whole.field(name) for name in COLUMNS])
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self.rows = 0

    def close(self) -> None:
        """Make it a whole file."""
        self._writer.close()

    def add(self, path: Path, *, opt_outs: Mapping[str, str]) -> None:
        """Add the articles of one portal's file; the newest text by first capture stands for each, as in the archive.

        `opt_outs` is what articles stated, also after their capture.
        """
        order = [(name, "ascending") for name in ("article_id", "captured_at", "edition_id", "run_id")]
        rows = pq.read_table(path, columns=list(COLUMNS)).sort_by(order)
        ids = rows["article_id"].combine_chunks()
        is_last = pc.not_equal(ids.slice(0, max(0, len(ids) - 1)), ids.slice(1))
        latest = rows.filter(pa.concat_arrays([is_last, pa.array([True] * min(1, len(ids)))]))
        stated = pa.array([opt_outs.get(name) for name in latest["article_id"].to_pylist()], pa.string())
        place = latest.column_names.index("opt_out")
        latest = latest.set_column(place, "opt_out", pc.coalesce(latest["opt_out"], stated))
        self._writer.write_table(latest.select(list(COLUMNS)).cast(self._schema))
        self.rows += latest.num_rows

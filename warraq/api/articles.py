"""A selection of articles that has not been read yet, and the forms in which it can be read."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from storage.errors import UsageError
from storage.model.records import WarcPlace
from storage.objects.open import open_store
from storage.read.query import Answer, answer, sql_errors
from storage.read.steady_rows import LONG_TEXTS
from storage.schema.columns import ARTICLES
from warraq.api.citation import cite
from warraq.api.export.dataset_card import Described
from warraq.api.export.dataset_folder import SHARD_ROWS, SHARES, Progress, write_dataset_folder
from warraq.api.export.wacz import Page, write_wacz
from warraq.api.selection import Selection

if TYPE_CHECKING:
    import pandas
    import polars

    from warraq.api.connections import Connections

BATCH_ROWS = 2_000
SORTED_BATCHES = 10  # about as many are put in order at once, with their texts in memory; a day may have more


@dataclass(frozen=True)
class Articles:
    """Articles that are read when a method asks for them; `batches` never holds them all."""

    selection: Selection
    _connections: Connections
    _sampled: tuple[int, int] | None = None

    def query(self) -> tuple[str, list[object]]:
        """The SQL and its values."""
        if self._sampled is None:
            return self.selection.sql()
        n, seed = self._sampled
        sql, values = self.selection.sql(order=False)
        # The same rows for the same seed, whatever reads them; a new article takes one place at most.
        return f"{sql} ORDER BY md5(article_id || edition_id || '{seed:d}') LIMIT {n:d}", values

    def count(self) -> int:
        """How many there are."""
        sql, values = self.query() if self._sampled else self.selection.sql(columns=("article_id",), order=False)
        with sql_errors():
            rows = self._connections.shared().execute(f"SELECT count(*) FROM ({sql})", values).fetchall()  # noqa: S608
        return int(rows[0][0])

    def left_out(self) -> int:
        """How many articles are left out because their page or site reserved text and data mining."""
        if not self.selection.exclude_opt_out:
            return 0
        every = replace(self, selection=replace(self.selection, exclude_opt_out=False), _sampled=None)
        return every.count() - replace(self, _sampled=None).count()

    def licences(self) -> dict[str, int]:
        """How many articles state which licence, the most frequent first; those that state none are in none."""
        sql, values = self.columns("licence").query()
        counted = f"SELECT licence, count(*) FROM ({sql}) WHERE licence IS NOT NULL GROUP BY ALL ORDER BY 2 DESC, 1"  # noqa: S608
        with sql_errors():
            return dict(self._connections.shared().execute(counted, values).fetchall())

    def batches(self, *, batch_rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """The rows, some thousand at a time."""
        yield from self.answer(batch_rows=batch_rows).batches

    def answer(self, *, batch_rows: int = BATCH_ROWS, progress: Progress | None = None) -> Answer:
        """The schema and the rows batch by batch, on a connection of its own."""
        connection, within = self._connections.fresh(), self._steps(SORTED_BATCHES * batch_rows)
        queries = [self.selection.sql(within=one) for one in within] if len(within) > 1 else [self.query()]
        first, *others = (functools.partial(answer, connection, *query, batch_rows=batch_rows) for query in queries)
        found = first()
        batches = chain(found.batches, (batch for more in others for batch in more().batches))
        return Answer(found.schema, batches if progress is None else _told(batches, progress))

    def _steps(self, most: int) -> list[str]:
        """Conditions that part the rows by their days, in order, so that few texts are sorted at a time."""
        if self._sampled or self.selection.one_per_story or not LONG_TEXTS & set(self.selection.columns):
            return []
        # By texts nothing is selected here: they would be read twice.
        every = replace(self.selection, text=None, exclude_opt_out=False)
        sql, values = every.sql(columns=("published_at::DATE AS day",), order=False)
        with sql_errors():
            counted = self._connections.shared().execute(
                f"SELECT day, count(*) FROM ({sql}) WHERE day IS NOT NULL GROUP BY day ORDER BY day",  # noqa: S608
                values,
            )
            ends, rows = list[date](), 0
            for day, count in counted.fetchall():
                if rows and rows + count > most:
                    ends.append(day)
                    rows = 0
                rows += count
        if not ends:
            return []
        bounds = [f"published_at >= '{start}' AND published_at < '{end}'" for start, end in pairwise(ends)]
        return [f"published_at < '{ends[0]}'", *bounds, f"published_at >= '{ends[-1]}'", "published_at IS NULL"]

    def to_arrow(self) -> pa.Table:
        """The rows as a pyarrow.Table."""
        found = self.answer()
        return pa.Table.from_batches(found.batches, found.schema)

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas.DataFrame; times are UTC."""
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_polars(self) -> polars.DataFrame:
        """The rows as a polars.DataFrame."""
        import polars  # noqa: PLC0415 - not everybody has it

        frame = polars.from_arrow(self.to_arrow())
        if not isinstance(frame, polars.DataFrame):
            raise TypeError("a table became something else")
        return frame

    def to_duckdb(self) -> duckdb.DuckDBPyRelation:
        """The rows as a DuckDB relation that is not computed yet."""
        sql, values = self.query()
        with sql_errors():
            return self._connections.shared().sql(sql, params=values)

    def sample(self, n: int, *, seed: int = 0) -> Articles:
        """`n` of them at random, the same for the same seed."""
        if n < 0:
            raise UsageError(f"{n} is no number of articles", remedy="give 0 or more")
        return replace(self, _sampled=(n, seed))

    def to_dataset(
        self,
        path: str | Path,
        *,
        seed: int = 0,
        shares: Mapping[str, float] | None = None,
        shard_rows: int = SHARD_ROWS,
        progress: Progress | None = None,
    ) -> Path:
        """Write a folder that Hugging Face's `datasets` loads; articles of one story stand in one split.

        Interrupted, the same call goes on. Raises UsageError where the folder holds something else.
        """
        names = self.selection.columns
        own = names if "article_id" in names else ("article_id", *names)
        sql, values = replace(self, selection=replace(self.selection, columns=own)).query()
        shown = ", ".join(f"rows.{name}" for name in names)
        joined = (
            f"SELECT {shown}, stories.story_id FROM ({sql}) AS rows JOIN stories USING (article_id) "  # noqa: S608
            "ORDER BY md5(stories.story_id), article_id"
        )
        rows = answer(self._connections.fresh(), joined, values, batch_rows=BATCH_ROWS)
        return write_dataset_folder(
            rows,
            Path(path),
            described=self._described(),
            seed=seed,
            shares=shares or SHARES,
            shard_rows=shard_rows,
            progress=progress,
        )

    def to_wacz(self, path: str | Path, *, progress: Progress | None = None) -> int:
        """Write the archived pages as one WACZ file; returns how many."""
        place = ("warc_key", "warc_offset", "warc_length", "payload_sha256")
        rows = self.columns("url", "title", "captured_at", *place).answer()
        pages = (
            Page(WarcPlace(*(row[name] for name in place)), row["url"], row["title"], row["captured_at"])
            for batch in rows.batches
            for row in batch.to_pylist()
        )
        store, described = open_store(self._connections.settings), self._described()
        title = f"{described.title}. {described.citation}"
        return write_wacz(
            store,
            pages,
            Path(path),
            title=title,
            rights=f"{described.rights} Left out: {described.left_out}",
            created=described.created,
            progress=progress,
        )

    def _described(self) -> Described:
        chosen = {
            name: str(value)
            for name, value in asdict(self.selection).items()
            if value not in (None, (), False) and name not in ("columns", "word", "of")
        }
        if self._sampled:
            chosen["sample"] = "{} with seed {}".format(*self._sampled)
        citation = cite(self._connections)
        return Described(
            "Arabic news articles",
            chosen or {"articles": "all"},
            str(citation),
            self._rights(),
            citation.date,
            self.licences(),
        )

    def _rights(self) -> str:
        release = self._connections.release
        if release is not None and release.schema_version < ARTICLES.column("opt_out").since:
            return "nothing: a release does not say which pages reserved text and data mining"
        if not self.selection.exclude_opt_out:
            return "nothing: articles whose page or site reserved text and data mining are among them, as asked for"
        return (
            f"{self.left_out():,} articles whose page or site reserved text and data mining when they were fetched "
            "(tdm-reservation, tdmrep.json, noai, ai.txt, robots.txt); what was archived before Warraq noted it is not "
            "told apart"
        )

    def columns(self, *names: str) -> Articles:
        """The same articles with these columns only."""
        return replace(self, selection=replace(self.selection, columns=names))


def _told(batches: Iterator[pa.RecordBatch], progress: Progress) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in batches:
        done += batch.num_rows
        progress(done)
        yield batch


def column_names(names: Sequence[str] | None) -> dict[str, Any]:
    """`columns=` as a Selection takes it."""
    return {} if names is None else {"columns": (names,) if isinstance(names, str) else tuple(names)}

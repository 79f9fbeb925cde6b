"""A selection of articles that has not been read yet, and the forms in which it can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date
from itertools import chain, groupby
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
from warraq.api.arguments import names_checked, several, whole_number
from warraq.api.citation import cite
from warraq.api.export.dataset_card import Described
from warraq.api.export.dataset_folder import SHARD_ROWS, SHARES, Progress, check_folder, write_dataset_folder
from warraq.api.export.names import check_name, path_of
from warraq.api.export.wacz import Page, write_wacz
from warraq.api.export.whole_file import check_place
from warraq.api.selection import Selection

if TYPE_CHECKING:
    import pandas
    import polars

    from warraq.api.connections import Connections

BATCH_ROWS = 2_000
MOST_BATCH_ROWS = 1_000_000  # DuckDB makes room for all of them at once
SORTED_BATCHES = 10  # about as many are put in order at once, with their texts in memory; a day may have more


@dataclass(frozen=True)
class Articles:
    """Articles that are read when a method asks for them; `batches` never holds them all."""

    selection: Selection
    _connections: Connections
    _sampled: tuple[int, int] | None = None

    def query(self, *, columns: Sequence[str] | None = None, order: bool = True) -> tuple[str, list[object]]:
        """The SQL and its values, also of other columns; a sample is in no order."""
        if self._sampled is None:
            return self.selection.sql(columns=columns, order=order)
        n, seed = self._sampled
        sql, values = self.selection.sql(columns=columns, order=False)
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
        every = replace(self.selection, exclude_opt_out=False)
        sql, values = every.sql(columns=("article_id",), order=False)
        reserved = f"SELECT count(*) FROM ({sql}) WHERE article_id IN (SELECT article_id FROM opt_outs)"  # noqa: S608
        with sql_errors():
            return int(self._connections.shared().execute(reserved, values).fetchall()[0][0])

    def licences(self) -> dict[str, int]:
        """How many articles state which licence, the most frequent first; those that state none are in none."""
        sql, values = self.columns("licence").query()
        counted = f"SELECT licence, count(*) FROM ({sql}) WHERE licence IS NOT NULL GROUP BY ALL ORDER BY 2 DESC, 1"  # noqa: S608
        with sql_errors():
            return dict(self._connections.shared().execute(counted, values).fetchall())

    @names_checked
    def batches(self, *, batch_rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """The rows, some thousand at a time."""
        yield from self.answer(batch_rows=batch_rows).batches

    @names_checked
    def answer(self, *, batch_rows: int = BATCH_ROWS, progress: Progress | None = None) -> Answer:
        """The schema and the rows batch by batch, on a connection of its own."""
        batch_rows = whole_number(batch_rows, name="batch_rows", least=1, most=MOST_BATCH_ROWS)
        if LONG_TEXTS & set(self.selection.columns):
            found = self._in_steps(SORTED_BATCHES * batch_rows, batch_rows=batch_rows)
        else:
            found = answer(self._connections.fresh(), *self.query(), batch_rows=batch_rows)
        return found if progress is None else replace(found, batches=_told(found.batches, progress))

    def _in_steps(self, most: int, *, batch_rows: int = BATCH_ROWS, with_story: bool = False) -> Answer:
        """The rows in order, those of some days at a time, so that few texts are sorted at once.

        Which rows they are is asked once, without their texts: that looks through the whole archive. What a text must
        say is asked when it is read, if the rows are no sample of those that say it, and no firsts of their stories.
        """
        connection = self._connections.fresh()
        keys = ("run_id", "edition_id", "article_id", "published_at::DATE AS day")
        is_asked_before = self._sampled is not None or self.selection.one_per_story
        text = None if is_asked_before else self.selection.text
        said, wanted = Selection(text=text, word=self.selection.word).conditions()
        every = self if text is None else replace(self, selection=replace(self.selection, text=None))
        sql, values = every.query(columns=keys, order=False)
        story, joined = (", story_id", "JOIN stories USING (article_id)") if with_story else ("", "")
        sql = f"SELECT run_id, edition_id, day{story} FROM ({sql}) {joined} ORDER BY day"  # noqa: S608
        found = answer(connection, sql, values, batch_rows=batch_rows)
        chosen = pa.Table.from_batches(found.batches, found.schema)
        names = ", ".join(f"editions.{name}" for name in self.selection.columns)

        def asked(step: tuple[int, int]) -> Answer:
            rows = chosen.slice(*step)
            days = rows["day"].to_pylist()
            # As an Arrow table of unknown length: of a table of its own DuckDB would hold the texts, not the keys.
            connection.register("chosen", rows)
            within = f"BETWEEN '{days[0]}' AND '{days[-1]} 23:59:59.999999'" if days and days[0] else "IS NULL"
            return answer(
                connection,
                f"SELECT {names}{story} FROM editions JOIN chosen USING (run_id, edition_id) "  # noqa: S608
                f"WHERE editions.published_at {within} AND {said} "
                "ORDER BY editions.published_at, editions.captured_at, editions.article_id",
                wanted,
                batch_rows=batch_rows,
            )

        first, *others = _steps(chosen["day"].to_pylist(), most)
        begun = asked(first)
        return Answer(begun.schema, chain(begun.batches, (batch for step in others for batch in asked(step).batches)))

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

    @names_checked
    def sample(self, n: int, *, seed: int = 0) -> Articles:
        """`n` of them at random, the same for the same seed. Raises UsageError where they are a sample already."""
        if self._sampled is not None:
            raise UsageError("these are a sample already", remedy="take the one sample of all that are selected")
        return replace(
            self, _sampled=(whole_number(n, name="n"), whole_number(seed, name="seed", least=None, most=None))
        )

    @names_checked
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
        check_name(folder := path_of(path), "dataset")
        check_folder(folder)
        rows = self._in_steps(SORTED_BATCHES * BATCH_ROWS, with_story=True)
        return write_dataset_folder(
            rows,
            folder,
            described=self.described(),
            seed=seed,
            shares=SHARES if shares is None else shares,
            shard_rows=shard_rows,
            progress=progress,
        )

    @names_checked
    def to_wacz(self, path: str | Path, *, progress: Progress | None = None) -> int:
        """Write the archived pages as one WACZ file; returns how many."""
        check_name(output := path_of(path), "wacz")
        check_place(output)
        place = ("warc_key", "warc_offset", "warc_length", "payload_sha256")
        rows = self.columns("url", "title", "body", "captured_at", *place).answer()
        pages = (
            Page(WarcPlace(*(row[name] for name in place)), row["title"], row["body"], row["captured_at"])
            for batch in rows.batches
            for row in batch.to_pylist()
        )
        store, described = open_store(self._connections.settings), self.described()
        title = f"{described.title}. {described.citation}"
        return write_wacz(
            store,
            pages,
            output,
            title=title,
            rights=f"{described.rights} Left out: {described.left_out}",
            created=described.created,
            progress=progress,
        )

    def described(self) -> Described:
        """What is selected and from which state of the archive, and what is left out for its rights."""
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
            citation.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            self.licences(),
        )

    def _rights(self) -> str:
        release = self._connections.release
        if release is not None and release.schema_version < ARTICLES.column("opt_out").since:
            return "nothing: a release does not say which pages reserved text and data mining"
        if not self.selection.exclude_opt_out:
            return "nothing: articles whose page or site reserved text and data mining are among them, as asked for"
        older = "" if release is None or release.has_opt_outs else "; the release does not say what was stated later"
        return (
            f"{self.left_out():,} articles whose page or site reserved text and data mining when they were fetched "
            "(tdm-reservation, tdmrep.json, noai, ai.txt, robots.txt); what was archived before Warraq noted it is not "
            f"told apart{older}"
        )

    def columns(self, *names: str) -> Articles:
        """The same articles with these columns only."""
        return replace(self, selection=replace(self.selection, columns=names))


def _steps(days: Sequence[date | None], most: int) -> list[tuple[int, int]]:
    """Where each step begins and how many rows it has: whole days, those without a date by themselves; at least one."""
    steps, start, end = list[tuple[int, int]](), 0, 0
    for day, some in groupby(days):
        count = sum(1 for _ in some)
        if end > start and (day is None or end - start + count > most):
            steps.append((start, end - start))
            start = end
        end += count
    return [*steps, (start, end - start)]


def _told(batches: Iterator[pa.RecordBatch], progress: Progress) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in batches:
        done += batch.num_rows
        progress(done)
        yield batch


def column_names(names: Sequence[str] | None) -> dict[str, Any]:
    """`columns=` as a Selection takes it."""
    return {} if names is None else {"columns": several(names, name="columns")}

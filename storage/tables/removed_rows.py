"""Rows that are removed: a run's tables without them, its counts in step; and history that held them forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.table import Table

from storage.errors import RetryLater, StageFailed
from storage.model.outcomes import Outcome
from storage.model.records import Run
from storage.model.window import RunId
from storage.schema.arrow_and_iceberg import conform, runs_from, table_of
from storage.schema.columns import ARTICLES, FETCHES, RUNS, TABLE_BY_NAME
from storage.schema.parquet import FileFacts, write_batches_checked
from storage.tables.archive_tables import ArchiveTables
from storage.tables.branches import drop_branch
from storage.tables.expiry import forget_all_snapshots, referenced_keys
from storage.tables.row_filters import select
from storage.tables.run_replacement import Overtaken, has_changed

MAX_TRIES = 20  # of a run whose portal others publish at the same time


@dataclass(frozen=True)
class KeptRows:
    """What a run keeps, to be put in the place of all it had."""

    tables: Mapping[str, pa.Table]

    def count(self, table: str) -> int:
        """How many rows there are for a table."""
        return int(self.tables[table].num_rows)

    def write(self, table: str, path: Path) -> FileFacts:
        """Write the rows of a table, in their order, as a new file."""
        spec = TABLE_BY_NAME[table]
        return write_batches_checked(spec, [conform(spec, self.tables[table])], path)


@dataclass(frozen=True)
class Doomed:
    """What is to go, by its ids."""

    articles: Collection[str]
    links: Collection[str]
    editions: Collection[str] = ()

    def of_articles(self, rows: pa.Table) -> pa.Array:
        """Which rows of news.articles."""
        return pc.or_(_in(rows["article_id"], self.articles), _in(rows["edition_id"], self.editions))

    def of_fetches(self, rows: pa.Table) -> pa.Array:
        """Which rows of news.fetches."""
        ids = pc.or_(_in(rows["link_id"], self.links), _in(rows["article_id"], self.articles))
        return pc.or_(ids, _in(rows["edition_id"], self.editions))


def _in(column: pa.ChunkedArray, names: Collection[str]) -> pa.Array:
    found = pc.is_in(column.cast(pa.string()), pa.array(sorted(names), pa.string()))
    return pc.fill_null(found, False)


def remove_rows(tables: ArchiveTables, run: RunId, doomed: Doomed, *, why: str) -> int:
    """Publish a run's rows without those that are to go; how many went. Nothing to remove changes nothing."""
    for _ in range(MAX_TRIES):
        try:
            return _without(tables, run, doomed, why=why)
        except Overtaken:
            continue
    raise RetryLater(f"others kept publishing {run}", remedy="run the same command again")


def _without(tables: ArchiveTables, run: RunId, doomed: Doomed, *, why: str) -> int:
    before = tables.load()["runs"].metadata.current_snapshot_id
    found = {spec.name: _sorted(tables, spec.name, run) for spec in (ARTICLES, FETCHES, RUNS)}
    if not found["runs"].num_rows:
        return 0
    gone_articles, gone_fetches = doomed.of_articles(found["articles"]), doomed.of_fetches(found["fetches"])
    count = int((pc.sum(gone_articles).as_py() or 0) + (pc.sum(gone_fetches).as_py() or 0))
    if not count:
        return 0
    kept = {
        "articles": found["articles"].filter(pc.invert(gone_articles)),
        "fetches": found["fetches"].filter(pc.invert(gone_fetches)),
    }
    (row,) = runs_from(found["runs"])
    kept["runs"] = table_of(RUNS, [_counted(row, found["fetches"].filter(gone_fetches), kept, why=why)])

    def check(newest: Mapping[str, Table]) -> None:
        if has_changed(newest["runs"], run.portal, since=before):
            raise Overtaken(f"{run.portal} was published meanwhile", remedy="run the same command again")

    tables.replace_run(run, KeptRows(kept), check=check)
    return count


def _sorted(tables: ArchiveTables, name: str, run: RunId) -> pa.Table:
    rows = tables.scan(name, row_filter=select(run=run))
    return rows.sort_by([(column, "ascending") for column in TABLE_BY_NAME[name].sort])


def _counted(row: Run, gone: pa.Table, kept: Mapping[str, pa.Table], *, why: str) -> Run:
    """The run's row with the counts of what it keeps."""
    outcomes = Counter(kept["fetches"]["outcome"].to_pylist())
    gone_new = sum(outcome == Outcome.NEW for outcome in gone["outcome"].to_pylist())
    articles = kept["articles"].num_rows
    articles_new = min(articles, max(0, row.articles_new - gone_new))
    return replace(
        row,
        links=kept["fetches"].num_rows,
        outcomes=dict(outcomes),
        articles_new=articles_new,
        editions=articles - articles_new,
        rejected=sum(count for name, count in outcomes.items() if name.startswith(f"{Outcome.REJECTED}:")),
        findings=(*row.findings, *([] if why in row.findings else [why])),
    )


def forget_history(tables: ArchiveTables, *, branches: Iterable[str]) -> None:
    """Drop re-extractions and every snapshot that no branch or tag holds: what was removed is in none that stays."""
    for branch in branches:
        drop_branch(tables, branch)
    forget_all_snapshots(tables, because="removal")


def held_keys(tables: ArchiveTables) -> set[str]:
    """The files that any snapshot names now."""
    return set(referenced_keys(tables))


def delete_unheld(tables: ArchiveTables, keys: Iterable[str]) -> int:
    """Delete those of `keys` that no snapshot names any more; how many there were."""
    held = held_keys(tables)
    gone = [key for key in keys if key not in held]
    if any(not key.startswith("tables/") for key in gone):
        raise StageFailed("only files of the tables are deleted", remedy="report it")
    for key in gone:
        tables.store.delete(key)
    return len(gone)

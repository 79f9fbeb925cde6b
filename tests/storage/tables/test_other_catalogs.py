"""A catalog that commits one table at a time, as REST catalogs do: pyiceberg's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.table import CommitTableResponse, Table
from pyiceberg.table.update import TableRequirement, TableUpdate

from storage.iceberg.multi_table_commit import NAMESPACE
from storage.iceberg.table_layout import create_tables, evolve_tables
from storage.objects.open import open_store
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables
from storage.tables.run_replacement import RemovalBegun
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id

RUN = run_id()


class Slow(SqlCatalog):
    """Others have their turn before it commits a table."""

    def __init__(self, folder: Path) -> None:
        super().__init__("other", uri=f"sqlite:///{folder}/other.db")
        self.others: dict[str, Callable[[], None]] = {}

    def commit_table(
        self, table: Table, requirements: tuple[TableRequirement, ...], updates: tuple[TableUpdate, ...]
    ) -> CommitTableResponse:
        self.others.pop(table.name()[-1], lambda: None)()
        return super().commit_table(table, requirements, updates)


def slow_catalog(settings: Settings, folder: Path) -> Slow:
    """A catalog with the archive's tables, empty."""
    catalog = Slow(folder)
    catalog.create_namespace(NAMESPACE)
    create_tables(catalog, settings.archive)
    evolve_tables(catalog)
    return catalog


@pytest.mark.parametrize("table", ["articles", "fetches"])
def test_what_was_planned_before_a_removal_began_is_not_committed_after_it(
    local_settings: Settings, tmp_path: Path, table: str
) -> None:
    catalog, store = slow_catalog(local_settings, tmp_path), open_store(local_settings)
    tables, others = ArchiveTables(catalog, store), ArchiveTables(Slow(tmp_path), store)
    tables.replace_run(run_id("youm7"), RecordRows(run_id("youm7"), *records(run_id("youm7"), 2)))
    rows, seen = RecordRows(RUN, *records(RUN, 3)), tables.articles_seen(RUN.portal, without=RUN)[0]
    found: list[int] = []

    def remove_now() -> None:
        others.count_removal("1234567890abcdef")
        found.append(others.scan("articles").num_rows)

    catalog.others[table] = remove_now
    with pytest.raises(RemovalBegun):
        tables.replace_run(RUN, rows, seen=seen)
    # What the removal did not see is not there.
    assert [others.scan("articles").num_rows] == found
    assert others.scan("runs").num_rows == 1
    tables.replace_run(RUN, rows, seen=tables.articles_seen(RUN.portal, without=RUN)[0])
    assert others.scan("articles").num_rows == 5
    assert others.scan("runs").num_rows == 2

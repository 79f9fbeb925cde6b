"""A catalog and an archive know each other both ways: a mistyped half is refused before anything is written."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from storage.errors import UsageError
from storage.iceberg.catalog import refuse_foreign_catalog
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id


@pytest.fixture
def archived(local_settings: Settings, tmp_path: Path) -> Settings:
    """One run in an archive whose catalog is a database of its own."""
    settings = replace(local_settings, catalog=f"sqlite:///{tmp_path}/catalog.db")
    editions, fetches, row = records(run_id(), 3)
    open_tables(settings).replace_run(run_id(), RecordRows(run_id(), editions, fetches, row))
    return settings


def keys(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("create", [True, False])
def test_an_empty_archive_is_refused_by_the_catalog_of_another(
    archived: Settings, tmp_path: Path, create: bool
) -> None:
    mistyped = replace(archived, archive=str(tmp_path / "archvie"))
    with pytest.raises(UsageError, match="belongs to the archive in") as told:
        open_tables(mistyped, create=create)
    assert archived.archive in told.value.message
    with pytest.raises(UsageError):
        refuse_foreign_catalog(mistyped)
    assert keys(tmp_path / "archvie") == []
    assert open_tables(archived, create=False).scan("articles").num_rows == 3


def test_a_catalog_without_tables_knows_the_archive_it_was_claimed_for(archived: Settings, tmp_path: Path) -> None:
    from storage.iceberg.catalog import claim_archive, open_catalog
    from storage.objects.open import open_store

    fresh = replace(archived, archive=str(tmp_path / "one"), catalog=f"sqlite:///{tmp_path}/fresh.db")
    claim_archive(open_catalog(fresh), open_store(fresh))
    with pytest.raises(UsageError, match="belongs to the archive in"):
        open_tables(replace(fresh, archive=str(tmp_path / "two")))
    assert open_tables(fresh).load().keys() == {"articles", "fetches", "runs"}


def test_an_archive_that_was_renamed_says_what_to_do(local_settings: Settings, tmp_path: Path) -> None:
    editions, fetches, row = records(run_id(), 3)
    open_tables(local_settings).replace_run(run_id(), RecordRows(run_id(), editions, fetches, row))
    shutil.move(local_settings.archive, tmp_path / "renamed")
    with pytest.raises(UsageError) as told:
        open_tables(replace(local_settings, archive=str(tmp_path / "renamed")), create=False)
    assert "warraq move" in told.value.remedy


def test_another_spelling_of_the_same_directory_is_the_same_archive(archived: Settings, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(archived.archive)
    other = read_settings({"WARRAQ_ARCHIVE": str(tmp_path / "link"), "WARRAQ_CATALOG": archived.catalog or ""})
    assert open_tables(other, create=False).scan("articles").num_rows == 3

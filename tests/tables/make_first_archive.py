"""Make first_archive.zip, as the first schema version writes it: `python -m tests.tables.make_first_archive`.

Run it again only to add what the first version could already do; never with a later schema.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

from storage.iceberg.catalog import claim_archive, open_catalog
from storage.iceberg.table_layout import create_tables
from storage.objects.open import open_store
from storage.schema.columns import SCHEMA_VERSION
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import ArchiveTables
from storage.tables.staging import RecordRows
from tests.tables.rows import records, run_id

ZIP = Path(__file__).with_name("first_archive.zip")
FOLDER = "first_archive"  # table metadata holds this relative address: readers stand in the folder above
ARTICLES = 3


def first_settings(folder: Path) -> Settings:
    """Settings of the archive, unpacked in `folder`, which must be the working directory."""
    return read_settings({"WARRAQ_ARCHIVE": str(folder / FOLDER), "WARRAQ_CACHE": str(folder / "cache")})


def make(folder: Path) -> None:
    """Two runs in a new archive whose addresses are relative."""
    os.chdir(folder)
    settings = first_settings(folder)
    catalog, store = open_catalog(settings), open_store(settings)
    claim_archive(catalog, store)
    create_tables(catalog, FOLDER)
    tables = ArchiveTables(catalog, store)
    for day in (1, 2):
        run = run_id(day=day)
        editions, fetches, row = records(run, ARTICLES)
        tables.replace_run(run, RecordRows(run, editions, fetches, replace(row, code_version="first")))


def main() -> None:
    if SCHEMA_VERSION != 1:
        raise SystemExit("the first archive is made by the first schema version only")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder)
        with zipfile.ZipFile(ZIP, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted((folder / FOLDER).rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder))


if __name__ == "__main__":
    main()

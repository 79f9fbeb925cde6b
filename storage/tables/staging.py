"""A run's staged rows: Parquet written here, checked, then stored; the manifest, stored last, makes them count."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from storage.errors import DamagedObject, ObjectMissing, StageFailed
from storage.model.record_json import note_fields, sealed_json
from storage.model.records import Edition, Fetch, Run
from storage.model.window import RunId
from storage.objects.keys import run_of_staging_key, staging_prefix, staging_root
from storage.objects.store import ObjectStore
from storage.schema.arrow_and_iceberg import conform, runs_from, table_of
from storage.schema.columns import ARTICLES, FETCHES, RUNS, SCHEMA_VERSION, TABLE_BY_NAME
from storage.schema.parquet import PART_ROWS, FileFacts, sha256_of, sorted_parts, write_batches_checked

MANIFEST = "manifest.json"
SAFETY_MARGIN = timedelta(days=1)  # longer than any extraction of one window takes
COPY_BYTES = 1 << 20
MAX_MANIFEST_BYTES = 64 * 1024  # it lists three files; anything longer is not one of ours


def _checked_owner(run: RunId, name: str, rows: pa.Table) -> pa.Table:
    """The rows themselves; StageFailed if any is of another run."""
    table = rows.select(["run_id", "portal", "window_start", "window_end"])
    owners = {tuple(row.values()) for row in table.group_by(table.column_names).aggregate([]).to_pylist()}
    strangers = owners - {(str(run), run.portal, run.window.start, run.window.end)}
    if strangers:
        raise StageFailed(f"rows for news.{name} belong to {min(strangers)[0]}, not to {run}")
    return rows


@dataclass(frozen=True)
class RecordRows:
    """What a run will write, as records: they become rows some at a time."""

    run: RunId
    editions: Sequence[Edition]
    fetches: Sequence[Fetch]
    run_row: Run

    def count(self, table: str) -> int:
        """How many rows there are for a table."""
        return len(self._records(table))

    def write(self, table: str, path: Path) -> FileFacts:
        """Write the rows of a table, sorted, to a new Parquet file. Raises StageFailed, SchemaMismatch."""
        spec = TABLE_BY_NAME[table]
        parts = (_checked_owner(self.run, table, part) for part in sorted_parts(spec, self._records(table)))
        return write_batches_checked(spec, parts, path)

    def _records(self, table: str) -> Sequence[Edition | Fetch | Run]:
        records: dict[str, Sequence[Edition | Fetch | Run]] = {
            ARTICLES.name: self.editions,
            FETCHES.name: self.fetches,
            RUNS.name: [self.run_row],
        }
        return records[table]


class StagedFiles:
    """A run's staged rows as files in a folder, each compared with its digest: what is published as it is."""

    def __init__(
        self, files: Mapping[str, Path], facts: Mapping[str, FileFacts], *, is_current: bool, without: str
    ) -> None:
        """`without` is the digest of what the rows were made without: Denied.digest_for()."""
        self._files, self._facts, self._is_current, self.without = files, facts, is_current, without
        self.run_row = runs_from(self.columns("runs"))[0]

    def columns(self, table: str, *names: str) -> pa.Table:
        """Some columns of a table's rows, or all."""
        return pq.read_table(self._files[table], columns=list(names) or None)

    def judged(self, run_row: Run) -> StagedFiles:
        """The same with another row for `runs`."""
        other = copy(self)
        other.run_row = run_row
        return other

    def count(self, table: str) -> int:
        """How many rows there are for a table."""
        return self._facts[table].rows

    def write(self, table: str, path: Path) -> FileFacts:
        """Copy the rows of a table; written again where an older Warraq staged them, and for `runs`."""
        spec = TABLE_BY_NAME[table]
        if table == RUNS.name:
            return write_batches_checked(spec, [table_of(RUNS, [self.run_row])], path)
        if self._is_current:
            shutil.copyfile(self._files[table], path)
            return self._facts[table]
        batches = pq.ParquetFile(self._files[table]).iter_batches(PART_ROWS)
        return write_batches_checked(spec, (conform(spec, pa.Table.from_batches([one])) for one in batches), path)


def staged_runs(store: ObjectStore) -> list[RunId]:
    """The runs that have any staged object, sorted."""
    found = (run_of_staging_key(info.key) for info in store.list(staging_root()))
    return sorted({run for run in found if run})


class StagedRun:
    """The staged rows of one run. Writing again replaces them; readers see the old rows, the new ones, or none."""

    def __init__(self, store: ObjectStore, run: RunId) -> None:
        self._store = store
        self._run = run
        self._prefix = staging_prefix(run)

    def write(self, editions: Sequence[Edition], fetches: Sequence[Fetch], run_row: Run, *, without: str = "") -> None:
        """Stage the run's rows, made `without` what a digest stands for.

        Files are named by their content, so the same rows give the same objects.
        """
        before = self._made_without()
        rows = RecordRows(self._run, editions, fetches, run_row)
        files: dict[str, dict[str, str | int]] = {}
        with tempfile.TemporaryDirectory(prefix="warraq-staging-") as folder:
            for name in TABLE_BY_NAME:
                path = Path(folder) / f"{name}.parquet"
                facts = rows.write(name, path)
                key = f"{self._prefix}{name}-{facts.sha256[:16]}.parquet"
                self._store.put_file(key, path)
                files[name] = {"key": key, "rows": facts.rows, "bytes": facts.bytes, "sha256": facts.sha256}
        manifest = {
            "run_id": str(self._run),
            "schema_version": SCHEMA_VERSION,
            "without": without,
            "files": files,
        }
        self._store.put(self._prefix + MANIFEST, sealed_json(manifest))
        self._forget({str(entry["key"]) for entry in files.values()}, and_young=before not in (None, without))

    def exists(self) -> bool:
        """Whether complete rows are staged."""
        return self._store.exists(self._prefix + MANIFEST)

    def fetch(self, folder: Path) -> StagedFiles:
        """The staged rows, copied into a folder. ObjectMissing where staging is incomplete, or DamagedObject."""
        manifest = self._manifest()
        files, facts = {}, {}
        for name in TABLE_BY_NAME:
            entry = manifest["files"][name]
            files[name] = folder / f"staged-{name}.parquet"
            with self._store.open(str(entry["key"])) as source, files[name].open("wb") as copied:
                shutil.copyfileobj(source, copied, COPY_BYTES)
            if sha256_of(files[name]) != entry["sha256"]:
                raise DamagedObject(
                    f"{entry['key']} is not what was staged", remedy=f"run `warraq extract {self._run}` again"
                )
            facts[name] = FileFacts(int(entry["rows"]), files[name].stat().st_size, str(entry["sha256"]))
        is_current = manifest["schema_version"] == SCHEMA_VERSION
        return StagedFiles(files, facts, is_current=is_current, without=str(manifest.get("without", "")))

    def keys(self) -> set[str]:
        """The objects that complete staged rows are in. ObjectMissing, DamagedObject."""
        return {self._prefix + MANIFEST, *(str(entry["key"]) for entry in self._manifest()["files"].values())}

    def discard(self) -> None:
        """Remove the staged rows; the manifest goes first, so that no half is ever readable."""
        self._store.delete(self._prefix + MANIFEST)
        for info in list(self._store.list(self._prefix)):
            self._store.delete(info.key)

    def _made_without(self) -> str | None:
        try:
            return str(self._manifest().get("without", ""))
        except StageFailed:
            return None  # nothing is staged, or nothing that can be read

    def _manifest(self) -> dict[str, Any]:
        remedy = f"run `warraq extract {self._run}` first"
        try:
            data = self._store.get_range(self._prefix + MANIFEST, offset=0, length=MAX_MANIFEST_BYTES)
        except ObjectMissing:
            raise ObjectMissing(f"no complete staged rows for {self._run}", remedy=remedy) from None
        try:
            manifest = note_fields(data, where=self._prefix + MANIFEST)
            files = manifest["files"]
            sound = manifest["run_id"] == str(self._run) and set(files) == set(TABLE_BY_NAME)
            sound = sound and all(str(entry["key"]).startswith(self._prefix) for entry in files.values())
        except (DamagedObject, KeyError, TypeError, AttributeError):
            sound = False
        if not sound:
            raise DamagedObject(f"the staging manifest of {self._run} is damaged", remedy=remedy)
        if manifest["schema_version"] > SCHEMA_VERSION:
            raise StageFailed(
                f"{self._run} was staged by a newer Warraq (schema {manifest['schema_version']})", remedy="upgrade"
            )
        return manifest

    def _forget(self, keep: set[str], *, and_young: bool) -> None:
        """Remove files of earlier stagings that no manifest names any more.

        Young ones may be another writer's; they go as well where they may hold what was removed on request.
        """
        for info in list(self._store.list(self._prefix)):
            is_old = datetime.now(UTC) - info.modified_at > SAFETY_MARGIN
            if (is_old or and_young) and info.key not in keep and info.key.endswith(".parquet"):
                self._store.delete(info.key)

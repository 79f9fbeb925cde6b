"""A run's staged rows: Parquet written here, checked, then stored; the manifest, stored last, makes them count."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from storage.columns import ARTICLES, FETCHES, RUNS, SCHEMA_VERSION, TABLE_BY_NAME
from storage.errors import DamagedObject, ObjectMissing, StageFailed
from storage.keys import staging_prefix
from storage.objects import ObjectStore
from storage.parquet import FileFacts, write_checked
from storage.records import Edition, Fetch, Run
from storage.schema import conform, runs_from, table_of
from storage.window import RunId

MANIFEST = "manifest.json"
SAFETY_MARGIN = timedelta(days=1)  # longer than any extraction of one window takes
MAX_MANIFEST_BYTES = 64 * 1024  # it lists three files; anything longer is not one of ours


@dataclass(frozen=True)
class StagedRows:
    """What a run will write: rows of the three tables, and the run's row as a record."""

    editions: pa.Table
    fetches: pa.Table
    runs: pa.Table

    @property
    def run_row(self) -> Run:
        return runs_from(self.runs)[0]

    def of(self, table: str) -> pa.Table:
        """The rows for `articles`, `fetches` or `runs`."""
        return {"articles": self.editions, "fetches": self.fetches, "runs": self.runs}[table]

    def count(self, table: str) -> int:
        """How many rows there are for a table."""
        return int(self.of(table).num_rows)

    def write(self, table: str, path: Path) -> FileFacts:
        """Write the rows of a table, sorted, to a new Parquet file."""
        spec = TABLE_BY_NAME[table]
        return write_checked(spec, conform(spec, self.of(table)), path)


def staged_rows(run: RunId, editions: Iterable[Edition], fetches: Iterable[Fetch], run_row: Run) -> StagedRows:
    """Records as rows, each checked to belong to `run`. Raises StageFailed, SchemaMismatch."""
    rows = StagedRows(table_of(ARTICLES, editions), table_of(FETCHES, fetches), table_of(RUNS, [run_row]))
    for name in TABLE_BY_NAME:
        table = rows.of(name).select(["run_id", "portal", "window_start", "window_end"])
        strangers = set(
            map(tuple, (row.values() for row in table.group_by(table.column_names).aggregate([]).to_pylist()))
        )
        strangers.discard((str(run), run.portal, run.window.start, run.window.end))
        if strangers:
            raise StageFailed(f"rows for news.{name} belong to {sorted(strangers)[0][0]}, not to {run}")
    return rows


class StagedRun:
    """The staged rows of one run. Writing again replaces them; readers see the old rows, the new ones, or none."""

    def __init__(self, store: ObjectStore, run: RunId) -> None:
        self._store = store
        self._run = run
        self._prefix = staging_prefix(run)

    def write(self, editions: Iterable[Edition], fetches: Iterable[Fetch], run_row: Run) -> None:
        """Stage the run's rows. Files are named by their content, so the same rows give the same objects."""
        rows = staged_rows(self._run, editions, fetches, run_row)
        files: dict[str, dict[str, str | int]] = {}
        with tempfile.TemporaryDirectory(prefix="warraq-staging-") as folder:
            for name, spec in TABLE_BY_NAME.items():
                path = Path(folder) / f"{name}.parquet"
                facts = write_checked(spec, rows.of(name), path)
                key = f"{self._prefix}{name}-{facts.sha256[:16]}.parquet"
                self._store.put_file(key, path)
                files[name] = {"key": key, "rows": facts.rows, "bytes": facts.bytes, "sha256": facts.sha256}
        manifest = {"run_id": str(self._run), "schema_version": SCHEMA_VERSION, "files": files}
        self._store.put(self._prefix + MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
        self._forget({str(entry["key"]) for entry in files.values()})

    def exists(self) -> bool:
        """Whether complete rows are staged."""
        return self._store.exists(self._prefix + MANIFEST)

    def read(self) -> StagedRows:
        """The staged rows. Raises ObjectMissing where staging is incomplete, DamagedObject where bytes differ."""
        files = self._manifest()
        tables = {}
        for name, spec in TABLE_BY_NAME.items():
            entry = files[name]
            data = self._store.get(str(entry["key"]))
            if hashlib.sha256(data).hexdigest() != entry["sha256"]:
                raise DamagedObject(
                    f"{entry['key']} is not what was staged", remedy=f"run `warraq extract {self._run}` again"
                )
            tables[name] = conform(spec, pq.read_table(io.BytesIO(data)))
        return StagedRows(tables["articles"], tables["fetches"], tables["runs"])

    def discard(self) -> None:
        """Remove the staged rows; the manifest goes first, so that no half is ever readable."""
        self._store.delete(self._prefix + MANIFEST)
        for info in list(self._store.list(self._prefix)):
            self._store.delete(info.key)

    def _manifest(self) -> dict[str, dict[str, str | int]]:
        remedy = f"run `warraq extract {self._run}` first"
        try:
            data = self._store.get_range(self._prefix + MANIFEST, offset=0, length=MAX_MANIFEST_BYTES)
        except ObjectMissing:
            raise ObjectMissing(f"no complete staged rows for {self._run}", remedy=remedy) from None
        try:
            manifest = json.loads(data)
            files: dict[str, dict[str, str | int]] = manifest["files"]
            sound = manifest["run_id"] == str(self._run) and set(files) == set(TABLE_BY_NAME)
            sound = sound and all(str(entry["key"]).startswith(self._prefix) for entry in files.values())
        except (ValueError, KeyError, TypeError, AttributeError):
            sound = False
        if not sound:
            raise DamagedObject(f"the staging manifest of {self._run} is damaged", remedy=remedy)
        if manifest["schema_version"] > SCHEMA_VERSION:
            raise StageFailed(
                f"{self._run} was staged by a newer Warraq (schema {manifest['schema_version']})", remedy="upgrade"
            )
        return files

    def _forget(self, keep: set[str]) -> None:
        """Remove files of earlier stagings that no manifest names any more; young ones may be another writer's."""
        for info in list(self._store.list(self._prefix)):
            is_old = datetime.now(UTC) - info.modified_at > SAFETY_MARGIN
            if is_old and info.key not in keep and info.key.endswith(".parquet"):
                self._store.delete(info.key)

"""One state of an archive, and SQL connections that all see this state."""

from __future__ import annotations

import contextlib
import difflib
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb
import pyarrow.compute as pc
import pyarrow.dataset as ds
from pyiceberg.table import Table

from storage.errors import ObjectMissing, UsageError
from storage.iceberg.live_files import live_dataset
from storage.identity.arabic_folding import text_norm
from storage.objects.keys import release_prefix
from storage.objects.open import open_store
from storage.read.query import connect_to, sql_errors
from storage.read.release.edits import VIEW as EDITS
from storage.read.release.gone import VIEW as GONE
from storage.read.release.kept_views import kept_rows
from storage.read.release.opt_outs import VIEW as OPT_OUTS
from storage.read.release.releases import Months, Release, read_release, release_names
from storage.read.steady_rows import steady_rows
from storage.schema.arrow_and_iceberg import arrow_schema
from storage.schema.columns import TABLE_BY_NAME
from storage.settings import Settings


@dataclass
class Connections:
    """SQL over the tables as they were loaded, or as snapshots or a release hold them; each thread has a connection."""

    settings: Settings
    tables: Mapping[str, Table]
    release: Release | None = None
    snapshots: Mapping[str, int | None] = field(default_factory=dict)  # by table; None: it had no rows yet
    kept: Mapping[str, ds.Dataset] = field(default_factory=dict)  # by view: rows of a release, which holds no fetches
    _own: threading.local = field(default_factory=threading.local, repr=False)  # of each thread
    _inherited: list[duckdb.DuckDBPyConnection] = field(default_factory=list, repr=False)  # from before a fork
    _datasets: dict[str, tuple[ds.Dataset, pc.Expression | None]] = field(default_factory=dict, repr=False)

    def shared(self) -> duckdb.DuckDBPyConnection:
        """The connection for answers that are taken whole: this thread's, and not one of before a fork."""
        process = os.getpid()
        if getattr(self._own, "process", None) != process:
            if hasattr(self._own, "connection"):
                self._inherited.append(self._own.connection)  # its threads are not here: closing it would wait for them
            self._own.connection, self._own.process = self.fresh(is_described=True), process
        connection: duckdb.DuckDBPyConnection = self._own.connection
        return connection

    def fresh(self, *, outside_files: bool = False, is_described: bool = False) -> duckdb.DuckDBPyConnection:
        """A connection for one answer that is taken batch by batch, while others are asked.

        Columns have their comments where `is_described`, for SQL that may ask for them: somebody else's.
        """
        return connect_to(
            self.tables,
            self.settings,
            outside_files=outside_files,
            rows_of=self._steady,
            kept=self.kept,
            without_fetches=None if self.release is None else f"release {self.release.name}",
            is_described=is_described,
        )

    def check_names(self, portals: Sequence[str], countries: Sequence[str] = ()) -> None:
        """Raises UsageError for a portal or country that is neither defined nor archived: no silence, but a slip."""
        from spiders.registry import find_portal, load_portals  # noqa: PLC0415 - loads the portals

        defined = load_portals(self.settings) if portals or countries else {}
        for name in self.not_archived("portal", set(portals) - set(defined)):
            find_portal(name, self.settings)
        for name in self.not_archived("country", set(countries) - {one.country for one in defined.values()}):
            raise UsageError(f"no portal of {name} is known", remedy="`warraq portals` tells the countries")

    def check_words(self, *, language: str | None, agency: str | None) -> None:
        """Raises UsageError for a language or agency that no article can have, and none in the archive has."""
        from extract.lexicon.agencies import AGENCIES  # noqa: PLC0415 - few select by these
        from extract.lexicon.language import LANGUAGES  # noqa: PLC0415

        if language is not None and (code := language.lower()) not in LANGUAGES:
            held = self._held("language")
            if code not in held:
                raise UsageError(f"{language!r} is no language's code", remedy=_told("the archive has", held))
        if agency is None or any(text_norm(agency) in text_norm(known.name) for known in AGENCIES):
            return
        held = self._held("agency")
        if not any(text_norm(agency) in text_norm(name) for name in held):
            meant = [known.name for known in AGENCIES if known.pattern.search(text_norm(agency))]
            near = meant or difflib.get_close_matches(agency, {*held, *(known.name for known in AGENCIES)}, n=2)
            hint = f"did you mean {' or '.join(near)}? " if near else ""
            raise UsageError(f"no agency is named {agency!r}", remedy=hint + _told("the archive has", held))

    def _held(self, column: str) -> list[str]:
        """What stands in a column of articles."""
        with sql_errors():
            rows = self.shared().execute(f"SELECT DISTINCT {column} FROM editions").fetchall()  # noqa: S608 - constants
        return sorted(value for (value,) in rows if value is not None)

    def not_archived(self, column: str, names: set[str]) -> list[str]:
        """Those of the names that no article has in this column."""
        return sorted(names - set(self._held(column))) if names else []

    def rows(self, name: str) -> tuple[ds.Dataset, pc.Expression | None]:
        """All rows of a table, for who knows where in it to look, and which of them are of a release."""
        if name not in self._datasets:
            self._datasets[name] = self._rows(self.tables[name])
        return self._datasets[name]

    def close(self) -> None:
        """Give this thread's connection back; those of others go with their threads, or now."""
        if getattr(self._own, "process", None) == os.getpid():
            with contextlib.suppress(duckdb.Error):
                self._own.connection.close()
            self._own = threading.local()

    def __getstate__(self) -> object:
        raise UsageError("an open archive cannot be given to another process", remedy="call open_archive() there")

    def snapshot_ids(self) -> dict[str, int]:
        """Which snapshot of each table is read."""
        found: dict[str, int] = {}
        for name, table in self.tables.items():
            current = table.current_snapshot()
            number = self.snapshots.get(name, current.snapshot_id if current else None)
            if number is not None:
                found[name] = number
        return found

    def _steady(self, table: Table) -> ds.Dataset:
        return steady_rows(*self._rows(table))

    def _rows(self, table: Table) -> tuple[ds.Dataset, pc.Expression | None]:
        """The rows of a state, and which of them are of a release."""
        name = table.name()[-1]
        if name not in self.snapshots and self.release is None:
            return live_dataset(table), None
        number = self.snapshots.get(name)
        if number is None:
            return ds.dataset(arrow_schema(TABLE_BY_NAME[name]).empty_table()), None
        return live_dataset(table, snapshot_id=number), None if self.release is None else _of_release(self.release)


def _told(what: str, names: Sequence[str]) -> str:
    return f"{what} {', '.join(names) or 'none'}"


def _of_release(release: Release) -> pc.Expression:
    months = Months.parse(release.month, now=datetime.fromisoformat(release.created_at))
    return months.holds(release.portals)


def as_released(settings: Settings, tables: Mapping[str, Table], name: str) -> Connections:
    """The rows of a release; it has no fetches, but what they told: opt-outs, what is gone, and changes.

    Raises UsageError where there is none of this name.
    """
    store = open_store(settings)
    try:
        release = read_release(store, name)
    except ObjectMissing as missing:
        known = release_names(store)
        remedy = f"there are: {', '.join(known)}" if known else "there is none yet; `warraq release 2024-12` makes one"
        raise UsageError(missing.message, remedy=remedy) from missing
    place = f"{store.url}/{release_prefix(name)}"
    kept = {
        view.spec.name: kept_rows(view, tables["articles"], place + view.file)
        for view in (OPT_OUTS, GONE, EDITS)
        if release.keeps(view.spec.name)
    }
    return Connections(settings, tables, release, {"fetches": None, **release.snapshots}, kept)


def as_committed(settings: Settings, tables: Mapping[str, Table], at: datetime) -> Connections:
    """The tables as readers saw them at an instant, by the commits: a later backfill changes nothing in it.

    Raises UsageError where the commits of that time are no longer kept, or may still come, and where there was none.
    """
    now = datetime.now(UTC)
    if at > now:
        raise UsageError(
            f"{at.isoformat()} has not come yet: what readers will see then may still change",
            remedy=f"it is {now.isoformat(timespec='seconds')}; leave the time out to read the archive as it is now",
        )
    snapshots: dict[str, int | None] = {}
    for name, table in tables.items():
        kept = sorted(table.snapshots(), key=lambda snapshot: snapshot.timestamp_ms)
        before = [snapshot for snapshot in table.history() if snapshot.timestamp_ms <= at.timestamp() * 1000]
        known = {snapshot.snapshot_id for snapshot in kept}
        if before and before[-1].snapshot_id in known:
            snapshots[name] = before[-1].snapshot_id
        elif before or (kept and kept[0].parent_snapshot_id is not None):
            first = datetime.fromtimestamp(kept[0].timestamp_ms / 1000, at.tzinfo).isoformat(timespec="milliseconds")
            raise UsageError(
                f"the state of {at.isoformat()} is no longer kept",
                remedy=f"the oldest that is kept is of {first}; what must stay readable belongs in a release",
            )
        else:
            snapshots[name] = None
    if set(snapshots.values()) == {None}:
        raise _nothing_by_then(tables, at)
    return Connections(settings, tables, None, snapshots)


def _nothing_by_then(tables: Mapping[str, Table], at: datetime) -> UsageError:
    commits = [entry.timestamp_ms for table in tables.values() for entry in table.history()]
    if not commits:
        return UsageError("nothing is archived yet, so there is no state of any time", remedy="warraq archive PORTAL")
    first = datetime.fromtimestamp(min(commits) / 1000, UTC).isoformat(timespec="milliseconds")
    return UsageError(f"nothing was archived by {at.isoformat()}", remedy=f"the first state is of {first}")

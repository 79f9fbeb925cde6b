"""The checks of `warraq doctor`: each tries the real thing and says what to set if it does not work."""

from __future__ import annotations

import contextlib
import enum
import importlib.metadata
import importlib.util
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spiders.registry import read_definitions
from storage.errors import ObjectExists, ObjectMissing, StageFailed, StoreUnreachable, WarraqError
from storage.iceberg.catalog import check_claim, open_catalog
from storage.model.records import Run
from storage.objects.keys import probe_prefix
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.schema.arrow_and_iceberg import runs_from
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from warraq.pipeline.staleness import unfinished_runs

ENOUGH_BYTES, SCARCE_BYTES = 10 << 30, 1 << 30  # a day of 50 portals is about 5 GB of raw archive
MAX_SKEW_SECONDS, SIGNATURE_SKEW_SECONDS = 30.0, 900.0  # S3 refuses signatures that are 15 minutes off
WRITERS = 8
MAX_NAMED = 5  # unfinished runs that are named
JWT_SECRET_LENGTH = 64


class Status(enum.StrEnum):
    """WARN works but should be looked at; AWAY may work later."""

    OK = "ok"
    WARN = "warn"
    AWAY = "away"
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """What was tried, how it went, and what to do about it."""

    area: str
    name: str
    status: Status
    detail: str = ""
    remedy: str = ""


def run_checks(settings: Settings, environ: dict[str, str] | None = None) -> Iterator[Check]:
    """All checks, each as soon as it is done. Writes to the store below probe/, and removes it."""
    env = dict(os.environ) if environ is None else environ
    yield from machine_checks(settings, env)
    yield from store_checks(settings)
    yield _tried("catalog", "reach it", lambda: _reach_catalog(settings))
    yield _tried("archive", "runs are finished", lambda: _finished_runs(settings))
    yield from airflow_checks(env)


def store_checks(settings: Settings) -> Iterator[Check]:
    """The object store: everything the archive relies on."""
    try:
        store = open_store(settings)
    except WarraqError as error:
        yield _failed("store", "reach it", error)
        return
    yield Check("store", "reach it", Status.OK, store.url)
    folder = probe_prefix(uuid.uuid4().hex)
    tries: list[tuple[str, Callable[[], str | None]]] = [
        ("write and read", lambda: _write_and_read(store, f"{folder}object")),
        ("write only if absent", lambda: _write_if_absent(store, f"{folder}taken")),
        (f"one of {WRITERS} writers wins", lambda: _race(store, f"{folder}race")),
        ("list", lambda: _list(store, folder)),
        *_s3_tries(settings, store, folder),
        ("delete", lambda: _delete_all(store, folder)),
    ]
    can_write = True
    for name, attempt in tries:
        if not can_write and name != "delete":
            continue  # it would fail for the same cause, and say something else
        check = _tried("store", name, attempt)
        yield check
        if name.startswith("write "):
            can_write = can_write and check.status not in (Status.FAIL, Status.AWAY)


def machine_checks(settings: Settings, env: dict[str, str]) -> Iterator[Check]:
    """This machine: disk, zones, libraries that are known to break."""
    yield _free_space("spool", settings.cache, remedy="free some, or set WARRAQ_CACHE")
    if not settings.is_s3:
        yield _free_space("archive", Path(settings.archive), remedy="free some, or set WARRAQ_ARCHIVE")
    yield _tried("machine", "portal definitions", lambda: _portals(settings))
    if not settings.contact:
        yield Check("machine", "contact", Status.WARN, "portals cannot tell who asks", "set WARRAQ_CONTACT")
    if importlib.util.find_spec("lxml_html_clean") is None:
        remedy = "pip install lxml_html_clean; pips before 24 skip it without a word"
        yield Check("machine", "lxml_html_clean", Status.FAIL, "missing: extraction cannot be imported", remedy)
    if env.get("PYTHONDONTWRITEBYTECODE"):
        remedy = "unset PYTHONDONTWRITEBYTECODE where Airflow runs"
        yield Check("machine", "bytecode", Status.WARN, "each Airflow task compiles for three seconds", remedy)


def airflow_checks(env: dict[str, str]) -> Iterator[Check]:
    """Airflow's settings, as far as they are in the environment."""
    if importlib.util.find_spec("airflow") is None:
        yield Check(
            "airflow", "installed", Status.WARN, "not installed", "pip install 'warraq[airflow]' to schedule runs"
        )
        return
    yield Check("airflow", "installed", Status.OK, importlib.metadata.version("apache-airflow"))
    executor = env.get("AIRFLOW__CORE__EXECUTOR", "LocalExecutor")
    database = env.get("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "")
    if "Celery" in executor:
        yield from _celery(database)
    secret = env.get("AIRFLOW__API_AUTH__JWT_SECRET", "")
    if secret and len(secret) < JWT_SECRET_LENGTH:
        detail = f"{len(secret)} characters: tasks cannot sign in"
        yield Check("airflow", "JWT secret", Status.FAIL, detail, f"make it {JWT_SECRET_LENGTH} characters or longer")
    if env.get("AIRFLOW__CORE__LOAD_EXAMPLES", "").lower() == "true":
        yield Check("airflow", "examples", Status.WARN, "loaded", "set AIRFLOW__CORE__LOAD_EXAMPLES=False")


def _celery(database: str) -> Iterator[Check]:
    celery = importlib.metadata.version("celery") if importlib.util.find_spec("celery") else ""
    if not celery:
        yield Check("airflow", "Celery", Status.FAIL, "not installed", "pip install 'warraq[airflow]'")
    elif tuple(int(part) for part in celery.split(".")[:2]) >= (5, 7):
        yield Check("airflow", "Celery", Status.FAIL, f"{celery} breaks Airflow's provider", "pip install 'celery<5.7'")
    if database.startswith("sqlite"):
        remedy = "set AIRFLOW__DATABASE__SQL_ALCHEMY_CONN to PostgreSQL"
        yield Check("airflow", "database", Status.FAIL, "SQLite cannot serve Celery workers", remedy)


def _tried(area: str, name: str, attempt: Callable[[], str | None]) -> Check:
    try:
        return Check(area, name, Status.OK, attempt() or "")
    except _Doubt as doubt:
        return Check(area, name, Status.WARN, str(doubt.args[0]), str(doubt.args[1]))
    except WarraqError as error:
        return _failed(area, name, error)


def _failed(area: str, name: str, error: WarraqError) -> Check:
    status = Status.AWAY if isinstance(error, StoreUnreachable) else Status.FAIL
    return Check(area, name, status, error.message, error.remedy)


class _Doubt(Exception):
    """Works, but: (detail, remedy)."""


def _write_and_read(store: ObjectStore, key: str) -> None:
    store.put(key, b"what was written")
    if store.get(key) != b"what was written" or store.get_range(key, offset=5, length=3) != b"was":
        raise StageFailed("what is read is not what was written", remedy="use another store")


def _write_if_absent(store: ObjectStore, key: str) -> None:
    store.put(key, b"first", if_absent=True)
    with contextlib.suppress(ObjectExists):
        store.put(key, b"second", if_absent=True)
        raise StageFailed(
            "the store ignores If-None-Match: two crawls of a run could overwrite each other",
            remedy="use a store with conditional writes (AWS S3, SeaweedFS, recent Ceph or Garage)",
        )


def _race(store: ObjectStore, key: str) -> None:
    winners: list[int] = []

    def write(number: int) -> None:
        with contextlib.suppress(WarraqError):
            store.put(key, str(number).encode(), if_absent=True)
            winners.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(winners) != 1:
        raise StageFailed(f"{len(winners)} of {WRITERS} writers won the same key", remedy="use another store")


def _list(store: ObjectStore, folder: str) -> str:
    found = [info.key for info in store.list(folder)]
    expected = [f"{folder}{name}" for name in ("object", "race", "taken")]
    if found != expected:
        raise StageFailed(
            f"lists {len(found)} of {len(expected)} objects just written", remedy="use a consistent store"
        )
    return "right after writing"


def _delete_all(store: ObjectStore, folder: str) -> None:
    for info in list(store.list(folder)):
        store.delete(info.key)
    if list(store.list(folder)):
        raise StageFailed("deleted objects are still there", remedy="allow s3:DeleteObject below the archive's prefix")


def _s3_tries(settings: Settings, store: ObjectStore, folder: str) -> list[tuple[str, Callable[[], str | None]]]:
    if not settings.is_s3:
        return []
    from storage.objects import s3_checks as s3_probes  # noqa: PLC0415 - slow import, not needed for a local archive
    from storage.objects.s3 import S3Store  # noqa: PLC0415 - likewise

    if not isinstance(store, S3Store):
        return []

    def clock() -> str:
        skew = s3_probes.clock_skew_seconds(store)
        if abs(skew) > SIGNATURE_SKEW_SECONDS:
            raise StageFailed(f"{skew:.0f} s off", remedy="set this machine's clock: S3 will refuse its signatures")
        if abs(skew) > MAX_SKEW_SECONDS:
            raise _Doubt(f"{skew:.0f} s off", "set this machine's clock; capture times are taken from it")
        return f"{skew:+.0f} s"

    def checksum() -> None:
        try:
            s3_probes.try_checksum(store, f"{folder}checksum")
        except StageFailed as error:
            raise _Doubt(error.message, "run `warraq verify` now and then; it compares every object") from error

    return [
        ("upload in parts, and abort", lambda: s3_probes.try_multipart(store, f"{folder}parts")),
        ("checksum of what arrives", checksum),
        ("addressing", lambda: s3_probes.addressing_style(store)),
        ("clock", clock),
    ]


def _reach_catalog(settings: Settings) -> str:
    if not settings.is_s3:
        open_store(settings)  # says so where a file stands in the archive's place
    catalog = open_catalog(settings)
    check_claim(catalog, open_store(settings))
    return str(type(catalog).__name__)


def _finished_runs(settings: Settings) -> str:
    """Names runs whose pages no reader sees: interrupted, refused by the audit, or at work now."""
    try:
        tables = open_tables(settings, create=False)
    except ObjectMissing:
        rows: dict[str, Run] = {}
        store = open_store(settings)
    else:
        rows, store = {row.run_id: row for row in runs_from(tables.scan("runs"))}, tables.store
    waiting = list(unfinished_runs(store, rows))
    if waiting:
        more = f" (and {len(waiting) - MAX_NAMED} more: warraq verify)" if len(waiting) > MAX_NAMED else ""
        told = "; ".join(f"{one.run}: {one.why}, {one.pages} pages wait" for one in waiting[:MAX_NAMED]) + more
        raise _Doubt(told, "; ".join(one.remedy for one in waiting[:MAX_NAMED]))
    return f"{len(rows)}"


def _portals(settings: Settings) -> str:
    definitions = read_definitions(settings)
    if definitions.bad:
        raise StageFailed(
            f"left out: {'; '.join(map(str, definitions.bad))}",
            remedy="correct these definitions; the others are archived",
        )
    return f"{len(definitions.portals)}"


def _free_space(name: str, folder: Path, *, remedy: str) -> Check:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    status = Status.FAIL if free < SCARCE_BYTES else Status.WARN if free < ENOUGH_BYTES else Status.OK
    detail = f"{free / (1 << 30):.1f} GiB free"
    return Check("machine", f"{name} disk", status, detail, "" if status is Status.OK else remedy)

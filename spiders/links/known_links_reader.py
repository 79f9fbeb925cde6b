"""Reads from the tables what is known of a portal's links, in a process of its own.

pyarrow and pyiceberg take 100 MB and stay in memory; the crawl needs eight bytes a link, and the facts of a few.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from array import array
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime, timedelta
from pathlib import Path

from spiders.links.known_links import REVISIT_AFTER, KnownLink, KnownLinks, id_number
from storage.errors import ObjectMissing, RetryLater
from storage.objects.keys import catalog_marker_key
from storage.objects.store import ObjectStore
from storage.schema.start_up import start_quickly
from storage.settings import Settings

# A link whose window began earlier is not revisited any more, even after a long standstill.
LOOK_BACK = REVISIT_AFTER[-1] + timedelta(days=23)
_FACTS = ("url", "link_id", "listed_at", "captured_at", "etag", "last_modified", "article_id", "run_id")


def load_known_links(settings: Settings, store: ObjectStore, portal: str, *, now: datetime) -> KnownLinks:
    """What the archive's tables know of a portal; nothing if there are none yet.

    Raises UsageError where archive and catalog do not belong together, StoreUnreachable.
    """
    if not store.exists(catalog_marker_key()) and not _has_catalog_of_its_own(settings):
        return KnownLinks()
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning, initializer=_begin, initargs=(os.getpid(),)) as reader:
        try:
            ids, recent = reader.submit(read_known_links, settings, portal, now).result()
        except BrokenProcessPool as error:
            raise RetryLater(
                f"reading what is known of {portal} was killed", remedy="is the memory full? try again"
            ) from error
    return KnownLinks(ids, recent)


def _begin(parent: int) -> None:
    """Ask the kernel (Linux) to end the reading process with the crawl; it would wait for work for ever."""
    start_quickly()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG, linux/prctl.h
    if os.getppid() != parent:
        os._exit(1)


def _has_catalog_of_its_own(settings: Settings) -> bool:
    """Whether a catalog is configured, which may know another archive than an empty one that was mistyped."""
    files = (Path(folder) / ".pyiceberg.yaml" for folder in (os.environ.get("PYICEBERG_HOME", ""), Path.home(), "."))
    named = any(name.startswith("PYICEBERG_CATALOG__") for name in os.environ)
    return settings.catalog is not None or named or any(file.exists() for file in files)


def read_known_links(settings: Settings, portal: str, now: datetime) -> tuple[array[int], dict[str, KnownLink]]:
    """The numbers of all links that were ever captured, sorted, and the facts of those that may fall due."""
    from storage.iceberg.catalog import refuse_foreign_catalog  # noqa: PLC0415 - only in the reading process
    from storage.tables.archive_tables import open_tables  # noqa: PLC0415
    from storage.tables.row_filters import select  # noqa: PLC0415 - only in the reading process

    refuse_foreign_catalog(settings)
    try:
        tables = open_tables(settings, create=False)
    except ObjectMissing:
        return array("Q"), {}
    numbers: set[int] = set()
    captured = select(portal=portal, captured=True)
    for batch in tables.batches("fetches", row_filter=captured, columns=("link_id",)):
        numbers.update(map(id_number, batch["link_id"].to_pylist()))
    since = now - LOOK_BACK
    published: dict[str, datetime] = {}
    lately = select(portal=portal, since=since)
    for batch in tables.batches("articles", row_filter=lately, columns=("article_id", "published_at")):
        for row in batch.to_pylist():
            if row["published_at"]:
                published[row["article_id"]] = row["published_at"]
    recent: dict[str, KnownLink] = {}
    lately = select(portal=portal, since=since, captured=True)
    for batch in tables.batches("fetches", row_filter=lately, columns=_FACTS):
        for row in batch.to_pylist():
            link = KnownLink(
                url=row["url"],
                fetched_at=row["captured_at"],
                run_id=row["run_id"],
                published_at=published.get(row["article_id"]) or row["listed_at"] or row["captured_at"],
                etag=row["etag"],
                last_modified=row["last_modified"],
            )
            before = recent.get(row["link_id"])
            recent[row["link_id"]] = before.newer(link) if before else link
    return array("Q", sorted(numbers)), {key: link for key, link in recent.items() if link.may_fall_due()}

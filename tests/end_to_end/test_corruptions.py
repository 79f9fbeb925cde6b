"""Every kind of object damaged at random: a flipped byte, a deletion, a swapped pair is found and named."""

from __future__ import annotations

import os
import random
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.errors import WarraqError
from storage.model.window import RunId
from storage.objects.keys import PACKED
from storage.objects.local import LocalStore
from storage.objects.open import open_store
from storage.read.release.making import make_release
from storage.read.release.releases import Month
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.branches import open_branch
from storage.tables.expiry import pack_log
from tests.fixtures.demo_runs import NEXT_DAY, SITE, archive, pages
from tests.fixtures.raw_runs import RUN, write_round
from tests.storage.iceberg.test_commit_log import lengthened
from warraq.alerts.mutes import silence
from warraq.cli.main import main
from warraq.monitoring.verify import VerifyScope, verify_archive
from warraq.pipeline.extract import extract_run

SEED = int(os.environ.get("WARRAQ_TEST_SEED", "20241225"))
ROUNDS = int(os.environ.get("WARRAQ_TEST_CORRUPTIONS", "1"))  # of each kind of object and of damage
WAITING = RunId.parse("demo/2024-12-27T00Z--2024-12-28T00Z")  # staged, and not published
# Notes come and go by nature; of the register of crawls nothing is missed while the crawl's own report is there.
MAY_GO = re.compile(r"alerts/|reextract/|maintenance/|staging/|learnt/sources/|log/raw/")
IS_NO_OBJECT = re.compile(r"\.incoming/|catalog\.db")


def kind_of(key: str) -> str:
    """What an object is, for choosing some of each kind."""
    if key.startswith("raw/"):
        return "raw " + re.sub(r"^.*/|\d", "", key)
    if key.startswith("tables/"):
        return " ".join((*key.split("/")[2:4], key.rpartition(".")[2]))
    if key.startswith("releases/"):
        return key.split("/", 2)[2]
    return "/".join(key.split("/")[:2]) if not key.startswith("staging/") else "staging " + key.rpartition(".")[2]


@pytest.fixture
def archived(local_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An archive with something of every kind."""
    store = open_store(local_settings)
    for run, numbers in ((RUN, range(4)), (NEXT_DAY, range(4, 8)), (WAITING, range(8, 11))):
        write_round(store, pages(*numbers), spool=local_settings.cache, run=run)
    archive(local_settings, RUN)
    archive(local_settings, NEXT_DAY)
    monkeypatch.setenv("WARRAQ_ARCHIVE", local_settings.archive)
    monkeypatch.setenv("WARRAQ_CACHE", str(local_settings.cache))
    with pytest.raises(SystemExit, match="0"):
        main(("remove", SITE.base_url + SITE.path(SITE.card(5)), "--reason", "a request", "--basis", "law"))
    write_round(store, pages(1, edition=1), spool=local_settings.cache)
    archive(local_settings, RUN)  # published again: the first rows are in kept history only
    extract_run(WAITING, local_settings)
    tables = open_tables(local_settings)
    open_branch(tables, "reextract-demo-x")
    (local_settings.cache / "spill").mkdir(parents=True, exist_ok=True)
    now = datetime(2025, 2, 1, tzinfo=UTC)
    month = Month.parse("2024-12", now=now)
    make_release(tables, month, now=now, code_version="1", spill=local_settings.cache / "spill")
    lengthened(tables, PACKED)
    for later in (timedelta(0), timedelta(days=1)):
        pack_log(tables, now=datetime.now(UTC) + later, margin=timedelta(hours=1))
    silence(store, "demo", until=now + timedelta(days=1), reason="سبب", now=now)
    return local_settings


def found(settings: Settings) -> list[str]:
    """What verify says; a table that cannot even be opened says so by its error."""
    try:
        months = verify_archive(settings, VerifyScope(), workers=1)
    except WarraqError as error:
        return [error.message]
    return [problem for month in months for problem in month.problems]


@pytest.mark.slow
def test_whatever_is_damaged_is_found(archived: Settings) -> None:
    assert found(archived) == []
    store = LocalStore(Path(archived.archive))
    chooser = random.Random(SEED)
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(Path(archived.archive).rglob("*")):
        key = path.relative_to(archived.archive).as_posix()
        if path.is_file() and not IS_NO_OBJECT.search(key):
            kinds[kind_of(key)].append(key)

    def flip(key: str) -> bool:
        data = store.get(key)
        at = chooser.randrange(len(data))
        store.put(key, data[:at] + bytes([data[at] ^ 1 << chooser.randrange(8)]) + data[at + 1 :])
        return True

    def delete(key: str) -> bool:
        store.delete(key)
        return not MAY_GO.match(key)

    def swap(key: str) -> bool:
        others = [other for other in kinds[kind_of(key)] if other != key and store.get(other) != store.get(key)]
        if not others:
            return False
        other = chooser.choice(others)
        (mine, theirs) = (store.get(key), store.get(other))
        store.put(key, theirs)
        store.put(other, mine)
        kept[other] = theirs
        return True

    damages: list[Callable[[str], bool]] = [flip, delete, swap]
    missed = []
    for kind, keys in sorted(kinds.items()):
        for damage in damages * ROUNDS:
            key = chooser.choice(keys)
            kept = {key: store.get(key)}
            told = found(archived) if damage(key) else ["nothing was damaged"]
            if not told:
                missed.append(f"{damage.__name__} {key} ({kind})")
            for name, data in kept.items():
                store.put(name, data)
    assert missed == [], f"WARRAQ_TEST_SEED={SEED}"
    assert found(archived) == []

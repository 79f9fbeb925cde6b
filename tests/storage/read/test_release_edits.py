"""A release tells what was seen to change in its months, also from texts that an earlier one holds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import warraq
from storage.errors import UsageError
from storage.model.records import Edition
from storage.objects.keys import release_prefix
from storage.objects.open import open_store
from storage.read.release.making import make_release
from storage.read.release.releases import Month, Release
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.on_disk import ON_DISK
from tests.fixtures.rows import edition, fetch, lost_fetch, run_id, run_row

NOW = datetime(2025, 2, 10, tzinfo=UTC)
MONTHS = ("2024-10", "2024-11", "2024-12")


def release(settings: Settings, month: str, *portals: str) -> Release:
    wanted, spill = Month.parse(month, now=NOW), settings.cache / "duckdb"
    return make_release(open_tables(settings), wanted, portals=portals, now=NOW, code_version="1", spill=spill)


def text(portal: str, number: int, *, month: int, day: int = 5, said: str = "") -> Edition:
    """One of the texts of an article, as a run of this day captured it."""
    run, first = run_id(portal, day, month=month), edition(run_id(portal, 5, month=10), number)
    return replace(edition(run, number, text=said), article_id=first.article_id, url=first.url)


def publish(
    settings: Settings, *editions: Edition, again: tuple[Edition, ...] = (), lost: tuple[str, ...] = ()
) -> None:
    """A run with texts that are new, texts that stood there again, and addresses where nothing is any more."""
    some = (*editions, *again)[0]
    run = run_id(some.portal, some.window_start.day, month=some.window_start.month)
    fetches = [fetch(one, outcome="edition") for one in editions] + [fetch(one, outcome="unchanged") for one in again]
    for number, url in enumerate(lost):
        gone = replace(lost_fetch(run, number), outcome="http_4xx")
        fetches.append(replace(gone, link=replace(gone.link, url=url, http_status=410)))
    open_tables(settings).replace_run(run, RecordRows(run, list(editions), fetches, run_row(run, fetches)))


def edits(settings: Settings, month: str | None = None, *, name: str | None = None) -> list[dict[str, object]]:
    where = ""
    if month:
        start = Month.parse(month, now=NOW)
        where = f"WHERE seen_at >= '{start.start}' AND seen_at < '{start.end}'"
    with warraq.open_archive(settings.archive, release=name) as archive:
        rows: list[dict[str, object]] = archive.sql(f"SELECT * FROM edits {where} ORDER BY ALL").to_pylist()
        return rows


@pytest.fixture
def archived(settings: Settings) -> Settings:
    for portal in ("almasaa", "raya"):
        first = [text(portal, number, month=10) for number in range(4)]
        publish(settings, *first)
        publish(settings, text(portal, 0, month=11, said="b"), lost=(first[3].url,))
        publish(settings, text(portal, 0, month=12, said="c"), text(portal, 1, month=12, said="b"))
        # The first text of article 0 stands there again.
        back = run_id(portal, 20)
        seen = replace(first[0], captured_at=back.window.start + timedelta(hours=1), run_id=str(back))
        publish(settings, again=(replace(seen, window_start=back.window.start, window_end=back.window.end),))
    return settings


def test_edits_of_each_month_are_those_of_the_archive_also_from_texts_of_earlier_months(archived: Settings) -> None:
    live, told = {month: edits(archived, month) for month in MONTHS}, {}
    for month in MONTHS:
        told[month] = edits(archived, name=release(archived, month).name)
    assert told == live
    assert [bool(rows) for rows in told.values()] == [False, True, True]
    assert sum(map(len, told.values())) == len(edits(archived)), "none is lost between two months"
    assert "article removed" in {row["kind"] for row in told["2024-11"]}
    first = text("almasaa", 0, month=10).edition_id
    assert first in {row["edition_after"] for row in told["2024-12"]}, "it came back"
    with warraq.open_archive(archived.archive) as now, warraq.open_archive(archived.archive, release="2024-12") as then:
        asked = "SELECT column_name, column_type FROM (DESCRIBE edits)"
        described = [archive.sql(asked).to_pylist() for archive in (now, then)]
    assert described[0] == described[1]
    publish(archived, text("almasaa", 2, month=12, day=28, said="later"))
    assert edits(archived, name="2024-12") == live["2024-12"], "a release does not change"


@ON_DISK
def test_a_release_of_some_portals_tells_their_edits(archived: Settings) -> None:
    made = release(archived, "2024-12", "raya")
    told = edits(archived, name=made.name)
    assert told == [row for row in edits(archived, "2024-12") if row["portal"] == "raya"] != []
    (file,) = (file for file in made.files if file.table == "edits")
    assert file.rows == len(told)


@ON_DISK
def test_a_text_of_an_earlier_month_that_came_later_makes_another_release(archived: Settings) -> None:
    release(archived, "2024-12")
    publish(archived, text("almasaa", 2, month=11, day=20, said="b"), lost=(text("raya", 2, month=10).url,))
    with pytest.raises(UsageError, match="nothing of 2024-12 has changed"):
        release(archived, "2024-12")
    publish(archived, text("almasaa", 1, month=11, day=21, said="between"))
    made = release(archived, "2024-12")
    assert made.name == "2024-12-r2"
    assert edits(archived, name=made.name) == edits(archived, "2024-12")


@ON_DISK
def test_edits_over_a_release_of_an_earlier_version_are_refused_and_it_can_be_made_again(archived: Settings) -> None:
    made, store = release(archived, "2024-12"), open_store(archived)
    told = json.loads(store.get(made.key))
    told["files"] = [file for file in told["files"] if file["table"] != "edits"]
    store.put(made.key, json.dumps(told).encode())
    store.delete(release_prefix(made.name) + "edits.parquet")
    with warraq.open_archive(archived.archive, release=made.name) as frozen:
        for ask in (frozen.edits, lambda: frozen.sql("SELECT count(*) FROM edits")):
            with pytest.raises(UsageError, match="release 2024-12 holds no edits"):
                ask()
        assert frozen.gone().num_rows == 0
    assert release(archived, "2024-12").name == "2024-12-r2"
    assert edits(archived, name="2024-12-r2") == edits(archived, "2024-12")

"""Which releases a removal has to make again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from storage.model.window import RunId
from storage.objects.open import open_store
from storage.read.release.claiming import claim_release
from storage.read.release.making import make_release
from storage.read.release.releases import Month, Months, release_names
from storage.read.release.withdrawing import drop_begun
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.on_disk import ON_DISK
from tests.fixtures.rows import edition, fetch, lost_fetch, run_id, run_row
from warraq.reextract.removal_scope import RunScope, releases_in_reach

NOW = datetime(2025, 2, 10, tzinfo=UTC)
FIRST = run_id("almasaa", 5, month=11)


def publish(settings: Settings, run: RunId, *, number: int, lost: str | None = None) -> None:
    fetches = [fetch(edition(run, number))]
    if lost:
        gone = replace(lost_fetch(run, 0), outcome="http_4xx")
        fetches.append(replace(gone, link=replace(gone.link, url=lost, http_status=410)))
    open_tables(settings).replace_run(run, RecordRows(run, [edition(run, number)], fetches, run_row(run, fetches)))


@ON_DISK
def test_a_release_that_tells_how_a_removed_article_changed_is_in_reach(settings: Settings) -> None:
    doomed = edition(FIRST, 0)
    publish(settings, FIRST, number=0)
    publish(settings, run_id("almasaa", 5), number=1, lost=doomed.url)
    tables, spill = open_tables(settings), settings.cache / "duckdb"
    for month in ("2024-11", "2024-12"):
        make_release(tables, Month.parse(month, now=NOW), now=NOW, code_version="1", spill=spill)
    store = open_store(settings)
    by_article = RunScope(FIRST, articles={doomed.article_id})
    by_edition = RunScope(FIRST, editions={doomed.edition_id})
    for scope in (by_article, by_edition):
        assert releases_in_reach(release_names(store), [scope], store) == {"2024-11": 1, "2024-12": 1}
    other = RunScope(run_id("almasaa", 5), articles={edition(run_id("almasaa", 5), 1).article_id})
    assert releases_in_reach(release_names(store), [other], store) == {"2024-12": 1}


@ON_DISK
def test_a_later_release_that_is_begun_is_dropped_and_an_earlier_one_is_not(settings: Settings) -> None:
    publish(settings, FIRST, number=0)
    publish(settings, run_id("almasaa", 5), number=1)
    tables, spill = open_tables(settings), settings.cache / "duckdb"
    for month in ("2024-11", "2024-12"):
        claim_release(tables, Month.parse(month, now=NOW), portals=(), now=NOW, spill=spill)
    assert drop_begun(tables, [run_id("raya", 5, month=11)]) == []
    assert drop_begun(tables, [run_id("almasaa", 5)]) == ["2024-12"]
    claim_release(tables, Month.parse("2024-12", now=NOW), portals=(), now=NOW, spill=spill)
    assert drop_begun(tables, [FIRST]) == ["2024-11", "2024-12"]
    claim_release(tables, Months.parse("2024-11..2024-12", now=NOW), portals=(), now=NOW, spill=spill)
    assert drop_begun(tables, [run_id("almasaa", 5)]) == ["2024-11-to-2024-12"]

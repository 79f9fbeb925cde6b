"""Re-extraction a month at a time, where a run of another month has the same article."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.branches import promote
from storage.tables.staging import StagedRun
from tests.fixtures.demo_runs import archive, pages
from tests.fixtures.raw_runs import write_round
from warraq.pipeline.extract import extract_run
from warraq.reextract.branch_run import find_scope, reextract
from warraq.reextract.review import Review, review

# Days of Cairo: the first of December begins in November.
NOVEMBER, DECEMBER = (
    Window(datetime(2024, month, 1, tzinfo=UTC), datetime(2024 + month // 12, month % 12 + 1, 1, tzinfo=UTC))
    for month in (11, 12)
)
EARLY = RunId.parse("demo/2024-11-30T22Z--2024-12-01T22Z")
LATE = RunId.parse("demo/2024-12-01T22Z--2024-12-02T22Z")


def reextracted(tables: ArchiveTables, settings: Settings, window: Window, *, promoted: bool = False) -> Review:
    scope = find_scope(tables, "demo", window)
    reextract(scope, tables, settings, workers=1)
    found = review(tables.load(), scope.branch, scope.runs)
    if promoted:
        promote(tables, scope.branch, scope.runs, spill=settings.cache / "spill", check=lambda: None)
    return found


def rows(tables: ArchiveTables) -> list[tuple[str, str]]:
    return sorted((row["run_id"], row["edition_id"]) for row in tables.scan("articles").to_pylist())


def news(tables: ArchiveTables) -> dict[str, tuple[int, int]]:
    return {row["run_id"]: (row["articles_new"], row["editions"]) for row in tables.scan("runs").to_pylist()}


def test_a_text_that_two_months_have_stays_with_the_earlier_and_is_not_lost(
    local_settings: Settings, tmp_path: Path
) -> None:
    """As an older version left it where the second run was extracted before the first was published."""
    store, tables = open_store(local_settings), open_tables(local_settings)
    write_round(store, pages(*range(8)), spool=local_settings.cache, run=EARLY)
    write_round(store, pages(*range(7, 15), minute=1440), spool=local_settings.cache, run=LATE)
    for run in (EARLY, LATE):
        extract_run(run, local_settings)
    for run in (EARLY, LATE):
        folder = tmp_path / f"{run.window.start:%d}"
        folder.mkdir()
        tables.replace_run(run, StagedRun(store, run).fetch(folder))
    assert len(rows(tables)) == 16

    reviews = [reextracted(tables, local_settings, window) for window in (NOVEMBER, DECEMBER)]
    assert [found.counts["articles_lost"] for found in reviews] == [0, 0]
    assert [found.shut_gates for found in reviews] == [(), ()]
    for window in (NOVEMBER, DECEMBER):
        reextracted(tables, local_settings, window, promoted=True)
    texts = [edition for _, edition in rows(tables)]
    assert len(texts) == len(set(texts)) == 15
    assert [run for run, _ in rows(tables)].count(str(EARLY)) == 8


def test_an_article_that_was_edited_a_month_later_is_still_new_where_it_was_found(local_settings: Settings) -> None:
    tables = open_tables(local_settings)
    store = open_store(local_settings)
    write_round(store, pages(*range(4)), spool=local_settings.cache, run=EARLY)
    write_round(store, pages(3, edition=1, minute=1440), spool=local_settings.cache, run=LATE)
    archive(local_settings, EARLY)
    archive(local_settings, LATE)
    before = rows(tables), news(tables)
    assert before[1] == {str(EARLY): (4, 0), str(LATE): (0, 1)}
    for window in (NOVEMBER, DECEMBER):
        assert reextracted(tables, local_settings, window, promoted=True).shut_gates == ()
    assert (rows(tables), news(tables)) == before

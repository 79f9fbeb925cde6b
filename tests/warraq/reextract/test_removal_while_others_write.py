"""A removal that passes while somebody has read rows and not committed them yet: they do not come back."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import pytest

from storage.errors import ExitCode, RetryLater
from storage.model.window import Window
from storage.objects.keys import release_prefix
from storage.objects.open import open_store
from storage.read.release.claiming import claim_release, tag_claimed
from storage.read.release.making import make_release
from storage.read.release.releases import Month, release_names
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.removed_rows import Doomed, remove_rows
from storage.tables.run_replacement import RemovalBegun
from storage.tables.staging import StagedRun
from tests.fixtures.demo_runs import NEXT_DAY, SITE, archive, pages, rows_of
from tests.fixtures.on_disk import ON_DISK
from tests.fixtures.paths import ROOT
from tests.fixtures.raw_runs import RUN, write_round
from tests.warraq.reextract.test_removal import URL, WHY, everything, problems, remove
from warraq.cli.main import main
from warraq.pipeline.extract import ExtractProgress, extract_run
from warraq.pipeline.publish import MAX_TRIES, publish_run
from warraq.reextract.branch_run import Progress, find_scope, reextract

DAYS = Window.typed("2024-12-25", "2024-12-27")
SPAN = ("--portal", "demo", "--from", "2024-12-25", "--to", "2024-12-27")
# Reads its rows, says so, and goes on when it is told to.
PUBLISH = """
import sys
from storage.settings import read_settings
from storage.model.window import RunId
from warraq.pipeline.publish import publish_run
def wait(step):
    if step == "commit":
        print("ready", flush=True)
        sys.stdin.readline()
publish_run(RunId.parse(sys.argv[1]), read_settings(), progress=wait)
"""


@dataclass(frozen=True)
class Begun:
    """An archive with one day, and another that is crawled; page 2, which will go, is in both."""

    settings: Settings
    said: tuple[str, ...]  # of page 2

    def is_without_it(self) -> None:
        """Nothing names or says what went, and all else is there."""
        urls = sorted(str(row["url"]) for row in rows_of(self.settings)["articles"])
        assert urls == sorted(SITE.base_url + SITE.path(SITE.card(number)) for number in (0, 3))
        assert problems(self.settings) == []
        left = [key for key, content in everything(self.settings).items() if any(one in content for one in self.said)]
        assert left == []


@pytest.fixture
def begun(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Begun:
    for name in ("archive", "cache", "catalog"):
        if getattr(settings, name):
            monkeypatch.setenv(f"WARRAQ_{name.upper()}", str(getattr(settings, name)))
    store = open_store(settings)
    write_round(store, pages(0, 2), spool=settings.cache)
    archive(settings)
    write_round(store, pages(2, 3, edition=1, minute=1440), spool=settings.cache, run=NEXT_DAY)
    row = next(row for row in rows_of(settings)["articles"] if row["url"] == URL)
    return Begun(settings, (URL, str(row["title"]), str(row["body"])[:60]))


@pytest.mark.parametrize("step", ["audit", "commit"])
def test_what_is_removed_between_reading_and_committing_is_not_committed(begun: Begun, step: str) -> None:
    extract_run(NEXT_DAY, begun.settings)
    told: list[str] = []

    def remove_now(what: str) -> None:
        told.append(what)
        if what == step and told.count(step) == 1:
            assert remove(URL, *WHY) == 0

    publish_run(NEXT_DAY, begun.settings, progress=remove_now)
    assert "extracting again" in told
    begun.is_without_it()


@ON_DISK
def test_a_run_whose_staged_rows_a_removal_discarded_is_published_by_the_same_call(begun: Begun) -> None:
    """As where it passes between two tasks of a DAG run."""
    extract_run(NEXT_DAY, begun.settings)
    assert remove(URL, *WHY) == 0
    assert not StagedRun(open_store(begun.settings), NEXT_DAY).exists()
    publish_run(NEXT_DAY, begun.settings)
    begun.is_without_it()


@ON_DISK
def test_a_run_is_published_between_many_removals_that_do_not_concern_it(begun: Begun) -> None:
    extract_run(NEXT_DAY, begun.settings)
    told: list[str] = []

    def remove_now(what: str) -> None:
        told.append(what)
        if what == "commit" and told.count(what) <= MAX_TRIES + 1:
            open_tables(begun.settings).count_removal(f"{len(told):016x}")

    assert publish_run(NEXT_DAY, begun.settings, progress=remove_now).articles_new == 1
    assert told.count("commit") == MAX_TRIES + 2
    assert "extracting again" not in told


@ON_DISK
def test_what_is_removed_while_it_is_extracted_is_not_staged(begun: Begun) -> None:
    def remove_now(now: ExtractProgress) -> None:
        if now.done == 1 and len(rows_of(begun.settings)["articles"]) == 2:
            assert remove(URL, *WHY) == 0

    extract_run(NEXT_DAY, begun.settings, workers=1, progress=remove_now)
    publish_run(NEXT_DAY, begun.settings)
    begun.is_without_it()


@pytest.mark.kills
def test_a_removal_that_is_killed_before_it_has_looked_lets_nobody_commit_what_it_denies(begun: Begun) -> None:
    extract_run(NEXT_DAY, begun.settings)
    writer = [sys.executable, "-c", PUBLISH, str(NEXT_DAY)]
    remover = [sys.executable, "-m", "warraq", "remove", URL, *WHY]
    with (
        subprocess.Popen(
            writer, cwd=ROOT, env=os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as publishing,
        subprocess.Popen(remover, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE, text=True) as removing,
    ):
        assert publishing.stdout
        assert removing.stderr
        assert publishing.stdout.readline() == "ready\n"
        assert "found in" in removing.stderr.readline()
        removing.kill()
        publishing.communicate("go\ngo\n")
        assert publishing.returncode == 0
    found = [(row["run_id"], row["url"]) for row in rows_of(begun.settings)["articles"]]
    assert (str(NEXT_DAY), URL) not in found
    assert remove(URL, *WHY) == 0
    begun.is_without_it()


@pytest.mark.slow
@ON_DISK
def test_a_re_extraction_that_a_removal_passes_begins_again_and_nothing_of_it_is_promoted(begun: Begun) -> None:
    archive(begun.settings, NEXT_DAY)
    tables = open_tables(begun.settings)
    scope = find_scope(tables, "demo", DAYS)

    def remove_now(now: Progress) -> None:
        if now.runs_done == 1 and now.pages == 2:
            assert remove(URL, *WHY) == 0

    with pytest.raises(RemovalBegun):
        reextract(scope, tables, begun.settings, workers=1, progress=remove_now)
    assert ended("reextract", *SPAN, "--promote") == ExitCode.USAGE  # there is none any more
    assert ended("reextract", *SPAN) in (ExitCode.DONE, ExitCode.DEGRADED)
    assert ended("reextract", *SPAN, "--promote", "--accept") == ExitCode.DONE
    begun.is_without_it()
    # What waits for its promotion, and is of a portal that the next removal finds nothing in.
    assert ended("reextract", *SPAN) in (ExitCode.DONE, ExitCode.DEGRADED)
    assert remove("--text", "كلمة لا يقولها أحد", *WHY) == 0
    assert ended("reextract", *SPAN, "--promote", "--accept") == ExitCode.FAILED
    assert ended("reextract", *SPAN) in (ExitCode.DONE, ExitCode.DEGRADED)
    assert ended("reextract", *SPAN, "--promote", "--accept") == ExitCode.DONE
    begun.is_without_it()


def test_two_removals_from_one_run_at_one_moment_both_hold(begun: Begun, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = open_tables(begun.settings)
    first, second = (str(row["article_id"]) for row in rows_of(begun.settings)["articles"])
    whole = ArchiveTables.replace_run

    def overtaken(self: ArchiveTables, *args: object, **named: object) -> bool:
        """Between reading the rows and committing them, another removes a row."""
        monkeypatch.setattr(ArchiveTables, "replace_run", whole)
        assert remove_rows(tables, RUN, Doomed([second], []), why="second") == 2
        return whole(self, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(ArchiveTables, "replace_run", overtaken)
    assert remove_rows(tables, RUN, Doomed([first], []), why="first") == 2
    assert rows_of(begun.settings)["articles"] == []
    (row,) = rows_of(begun.settings)["runs"]
    assert row["findings"] == ["second", "first"]


@ON_DISK
def test_a_release_that_was_begun_before_a_removal_is_made_without_what_went(begun: Begun) -> None:
    tables, now = open_tables(begun.settings), datetime(2025, 2, 1, tzinfo=UTC)
    month, spill = Month.parse("2024-12", now=now), begun.settings.cache / "spill"
    archive(begun.settings, NEXT_DAY)
    freeze = partial(make_release, tables, month, now=now, code_version="1", spill=spill)

    def remove_now(_portal: str) -> None:
        assert remove(URL, *WHY) == 0

    # Between the two, as a release that was killed.
    tag_claimed(tables, claim_release(tables, month, portals=(), now=now, spill=spill))  # type: ignore[arg-type]
    with pytest.raises(RetryLater, match="took back"):
        freeze(progress=remove_now)
    assert release_names(tables.store) == []
    begun.is_without_it()
    assert freeze().rows == 2
    begun.is_without_it()


def test_what_a_killed_maker_left_of_a_dropped_release_goes_with_the_next_removal(begun: Begun) -> None:
    tables = open_tables(begun.settings)
    left = release_prefix("2024-12") + "articles/demo.parquet"
    tables.store.put(left, begun.said[1].encode())
    archive(begun.settings, NEXT_DAY)
    assert remove(URL, *WHY) == 0
    assert not tables.store.exists(left)
    begun.is_without_it()


def ended(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert isinstance(end.value.code, int)
    return end.value.code

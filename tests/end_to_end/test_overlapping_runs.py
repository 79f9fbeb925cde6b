"""Two runs that list the same articles, one crawled and extracted before the other is published, as under Airflow."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.settings import Settings, read_settings
from tests.fixtures.demo_runs import NEXT_DAY, archive, pages, rows_of
from tests.fixtures.raw_runs import RUN, write_round
from warraq.pipeline.extract import extract_run
from warraq.pipeline.publish import publish_run

DAY = timedelta(days=1)
WRITERS = 4
# What a row of `news.articles` says, and which run it is of.
Said = list[tuple[object, ...]]


def crawl(settings: Settings) -> None:
    """Both days list pages 4 to 7, and the second saw another edition of page 3."""
    store = open_store(settings)
    write_round(store, pages(*range(8)), spool=settings.cache)
    second = [*pages(3, edition=1, minute=1440), *pages(*range(4, 12), minute=1440)]
    write_round(store, second, spool=settings.cache, run=NEXT_DAY)


def said(settings: Settings) -> tuple[Said, Said, Said]:
    rows = rows_of(settings)
    return (
        sorted((row["run_id"], row["edition_id"], row["title"], row["body"]) for row in rows["articles"]),
        sorted((row["run_id"], row["url"], row["outcome"]) for row in rows["fetches"]),
        sorted((row["run_id"], row["articles_new"], row["editions"]) for row in rows["runs"]),
    )


def test_the_archive_is_the_same_whether_a_run_is_extracted_before_or_after_the_other_is_published(
    local_settings: Settings, tmp_path: Path
) -> None:
    one_by_one = local_settings
    overlapping = read_settings({"WARRAQ_ARCHIVE": str(tmp_path / "other"), "WARRAQ_CACHE": str(tmp_path / "cache")})
    crawl(one_by_one)
    archive(one_by_one)
    archive(one_by_one, NEXT_DAY)

    crawl(overlapping)
    extract_run(RUN, overlapping)
    extract_run(NEXT_DAY, overlapping)
    publish_run(RUN, overlapping)
    told: list[str] = []
    publish_run(NEXT_DAY, overlapping, progress=told.append)
    assert any("extracting again" in line for line in told)

    assert said(overlapping) == said(one_by_one)
    editions = [row["edition_id"] for row in rows_of(overlapping)["articles"]]
    assert len(editions) == len(set(editions)) == 13, "12 articles, one of them in two editions"


def test_runs_without_a_common_article_are_not_extracted_twice(local_settings: Settings) -> None:
    store = open_store(local_settings)
    write_round(store, pages(*range(4)), spool=local_settings.cache)
    write_round(store, pages(*range(4, 8), minute=1440), spool=local_settings.cache, run=NEXT_DAY)
    extract_run(RUN, local_settings)
    extract_run(NEXT_DAY, local_settings)
    publish_run(RUN, local_settings)
    told: list[str] = []
    publish_run(NEXT_DAY, local_settings, progress=told.append)
    assert told == ["audit", "commit"]


def test_a_run_that_is_overtaken_between_its_audit_and_its_commit_stores_no_article_twice(
    local_settings: Settings, tmp_path: Path
) -> None:
    one_by_one = read_settings({"WARRAQ_ARCHIVE": str(tmp_path / "other"), "WARRAQ_CACHE": str(tmp_path / "cache")})
    crawl(one_by_one)
    archive(one_by_one)
    archive(one_by_one, NEXT_DAY)

    crawl(local_settings)
    extract_run(RUN, local_settings)
    extract_run(NEXT_DAY, local_settings)
    told: list[str] = []

    def overtake(step: str) -> None:
        """The other run is published at the very moment this one begins to commit."""
        told.append(step)
        if step == "commit" and told.count("commit") == 1:
            publish_run(RUN, local_settings)

    publish_run(NEXT_DAY, local_settings, progress=overtake)
    assert told.count("commit") == 2
    assert any("extracting again" in line for line in told)
    assert said(local_settings) == said(one_by_one)


PUBLISH = """
import sys
from storage.settings import read_settings
from storage.model.window import RunId
from warraq.pipeline.publish import publish_run
print("ready", flush=True)
sys.stdin.readline()
publish_run(RunId.parse(sys.argv[1]), read_settings())
"""


@pytest.mark.slow
def test_processes_that_publish_at_one_moment_store_no_article_twice(
    local_settings: Settings, local_environ: dict[str, str]
) -> None:
    days = [RunId("demo", Window(RUN.window.start + n * DAY, RUN.window.end + n * DAY)) for n in range(WRITERS)]
    for number, run in enumerate(days):
        shared, own = pages(*range(4), minute=1440 * number), pages(10 + number, minute=1440 * number)
        write_round(open_store(local_settings), [*shared, *own], spool=local_settings.cache, run=run)
        extract_run(run, local_settings)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", PUBLISH, str(run)],
            env={**os.environ, **local_environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for run in days
    ]
    for writer in writers:
        assert writer.stdout and writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        with writer:
            writer.communicate()
        assert writer.returncode == 0
    rows = rows_of(local_settings)
    editions = [row["edition_id"] for row in rows["articles"]]
    assert len(editions) == len(set(editions)) == 4 + WRITERS
    assert len(rows["runs"]) == WRITERS

"""Commands that are killed, writers that publish at one moment, clocks that jump."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from bench.attack.places import in_directory, places
from bench.attack.processes import Words, Zygote, run_apart
from bench.attack.score import WELL, Score, timed
from bench.attack.story import commands, day, environ_of, files, rows
from storage.fixity.log import read_log
from storage.iceberg.commit_log import entries, log_head
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import StagedRun
from tests.clocks import faketime
from tests.fixtures.demo_runs import pages
from tests.fixtures.raw_runs import RUN, write_round
from tests.fixtures.rows import records
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve
from warraq.pipeline.extract import extract_run
from warraq.pipeline.publish import publish_run

CRAWLED = DemoSite(articles=12, first_day=date(2024, 12, 24), days=2)
CRAWL: Words = ("archive", "demo", "--from", "2024-12-24", "--to", "2024-12-25")
LATEST_KILL = 0.8  # of the time that a command took: a quieter machine is quicker
SHARED = 4  # articles that all writers list
JUMP_SECONDS = 400 * 86_400
# A window that has not passed is refused, so no clock goes back before the story's.
FIRST_CLOCK = 1_740_000_000  # 2025-02-19


def undisturbed(
    settings: Settings, story: Sequence[Words], forks: Zygote, score: Score
) -> tuple[dict[str, list[str]], dict[Words, float]]:
    """The rows of an archive that nobody disturbs, and how long each command takes."""
    ended = [score.finish(lambda words=words: forks.run(words, environ_of(settings))) for words in story]  # type: ignore[misc]
    return rows(settings), timed(ended)


def kills(folder: Path, chooser: random.Random, score: Score, forks: Zygote, *, times: int, wanted: list[str]) -> None:
    """Each command killed at random moments, then run to its end; in each place."""
    warcs = files(folder)
    story = commands(warcs)
    expected, usual = undisturbed(in_directory(folder, "undisturbed"), story, forks, score)
    with places(folder, wanted) as opened:
        for name, settings in opened:
            for words in story:
                _killed(words, settings, chooser, score, forks, times=times, usual=usual[words], place=name)
            score.compare(f"after kills on {name}", settings, expected)


def _killed(
    words: Words,
    settings: Settings,
    chooser: random.Random,
    score: Score,
    forks: Zygote,
    *,
    times: int,
    usual: float,
    place: str,
) -> None:
    for _ in range(times):
        started = forks.start(words, environ_of(settings))
        time.sleep(chooser.uniform(0.02, LATEST_KILL) * usual)
        if not started.kill():
            return  # it was quicker, and has ended
        score.counts[f"kills, {place}"] += 1
        score.counts[f"kills of {words[0]}"] += 1
    score.finish(lambda: forks.run(words, environ_of(settings)))


def crawls(folder: Path, chooser: random.Random, score: Score, forks: Zygote, *, times: int, wanted: list[str]) -> None:
    """`warraq archive` of a site, killed while it crawls, extracts and publishes."""
    import os

    with serve(CRAWLED) as served:
        os.environ["WARRAQ_DEMO_URL"] = served.base_url
        alone = in_directory(folder, "undisturbed")
        _, usual = undisturbed(alone, [CRAWL], forks, score)
        expected = rows(alone, of_crawls=True)
        with places(folder, wanted) as opened:
            for name, settings in opened:
                _killed(CRAWL, settings, chooser, score, forks, times=times, usual=usual[CRAWL], place=name)
                score.compare(f"after kills of a crawl on {name}", settings, expected, of_crawls=True)
        del os.environ["WARRAQ_DEMO_URL"]


def writers(folder: Path, score: Score, forks: Zygote, *, count: int, wanted: list[str]) -> None:
    """Runs that list the same articles, published at one moment."""
    with places(folder, wanted) as opened:
        for name, settings in opened:
            for number in range(count):
                found = [*pages(*range(SHARED), minute=1440 * number), *pages(10 + number, minute=1440 * number)]
                write_round(open_store(settings), found, spool=settings.cache, run=day(number))
                extract_run(day(number), settings, workers=1)
            started = [forks.start(("publish", str(day(number))), environ_of(settings)) for number in range(count)]
            for one in started:
                ended = one.wait()
                while ended.code == 4:
                    score.counts["writers that came back"] += 1
                    ended = forks.run(ended.words, environ_of(settings))
                score.expect(f"a writer ended with {ended.code}: {ended.said[-300:]}", ended.code in (0, 3))
                score.counts[f"writers at one moment, {name}"] += 1
            articles = rows(settings)["articles"]
            score.expect(f"{len(articles)} articles instead of {SHARED + count}", len(articles) == SHARED + count)
            score.sound(f"after writers on {name}", settings)


def together(
    folder: Path, chooser: random.Random, score: Score, forks: Zygote, *, count: int, wanted: list[str]
) -> None:
    """Runs of as many portals, published at one moment; one in three is killed, and published again."""
    runs = [RunId(f"portal{number}", RUN.window) for number in range(count)]

    def staged(settings: Settings) -> Settings:
        for run in runs:
            write_round(open_store(settings), [], spool=settings.cache, run=run)
            StagedRun(open_store(settings), run).write(*records(run, 2))
        return settings

    alone = staged(in_directory(folder, "undisturbed"))
    for run in runs:
        publish_run(run, alone)
    expected = rows(alone)
    with places(folder, wanted) as opened:
        for name, settings in opened:
            environ = environ_of(staged(settings))
            open_tables(settings)
            started = {run: forks.start(("publish", str(run)), environ) for run in runs}
            for run in chooser.sample(runs, count // 3):
                time.sleep(chooser.uniform(0, 0.3))
                score.counts["writers that were killed"] += started.pop(run).kill()
            for run in runs:
                if run not in started or started[run].wait().code not in WELL:
                    score.finish(lambda run=run, environ=environ: forks.run(("publish", str(run)), environ), tries=9)  # type: ignore[misc]
            score.counts[f"writers of as many portals at one moment, {name}"] += count
            tables = open_tables(settings)
            told = [entry for entry in entries(tables.store, log_head(tables.load())) if entry.what == "publish"]
            score.counts["commits of them"] += len(told)
            score.counts["of these, with several runs"] += sum("run" not in entry.facts for entry in told)
            found = rows(settings)
            for table, wanted_rows in expected.items():
                score.expect(f"{name}: news.{table} differs", found[table] == wanted_rows)
                score.counts["rows compared"] += len(wanted_rows)
            score.expect(f"{name}: the log", not read_log(tables.store, tables.load()).fixity.problems)


def clocks(folder: Path, chooser: random.Random, score: Score, forks: Zygote) -> None:
    """Each command begins at another time, and the clock jumps to and fro while it works."""
    library = faketime()
    if library is None:
        score.failures.append("clocks: Debian's package faketime is not installed")
        return
    warcs = files(folder)
    story = commands(warcs)
    expected, _ = undisturbed(in_directory(folder, "undisturbed"), story, forks, score)
    settings, moved = in_directory(folder, "clocks"), folder / "offset"
    earliest = FIRST_CLOCK - int(time.time())

    def jump() -> None:
        moved.with_suffix(".new").write_text(f"{chooser.randrange(earliest, JUMP_SECONDS):+d}\n")
        moved.with_suffix(".new").replace(moved)
        score.counts["jumps of the clock"] += 1

    environ = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(moved), "FAKETIME_NO_CACHE": "1"}
    environ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
    for words in story:
        done = threading.Event()

        def keep_jumping(done: threading.Event = done) -> None:
            while not done.wait(chooser.uniform(0.1, 0.6)):
                jump()

        jump()
        jumper = threading.Thread(target=keep_jumping)
        jumper.start()
        try:
            score.finish(lambda words=words: run_apart(words, environ_of(settings) | environ))  # type: ignore[misc]
        finally:
            done.set()
            jumper.join()
    score.compare("after jumps of the clock", settings, expected)
    with suppress(FileNotFoundError):
        moved.unlink()

"""Windows published one after the other without maintenance: what each costs, and that all of them are there."""

from __future__ import annotations

import resource
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

from bench.attack.places import in_directory
from bench.attack.score import Score
from spiders.registry import find_portal
from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.tables.archive_tables import open_tables
from storage.tables.known_articles import pages_beside
from storage.tables.staging import StagedRun
from tests.fixtures.demo_runs import pages
from tests.fixtures.raw_runs import RUN, write_round
from warraq.pipeline.extract import RunExtraction, denied_to
from warraq.pipeline.publish import publish_run
from warraq.pipeline.workers.page_job import PRELOAD, Rules, failed_page
from warraq.pipeline.workers.worker_pool import Workers

TOLD_EVERY = 100
ARTICLES = 390  # of the site; then they come again, unchanged


def hour(number: int) -> RunId:
    """An hourly window."""
    start = RUN.window.start + timedelta(hours=number)
    return RunId("demo", Window(start, start + timedelta(hours=1)))


def soak(folder: Path, score: Score, *, windows: int) -> None:
    """Each window lists an article of its own and one of the window before."""
    settings = in_directory(folder, "soak")
    store, tables = open_store(settings), open_tables(settings)
    rules = Rules(find_portal("demo", settings), None, denied_to(hour(0), settings, store))
    sys.stdout.write("| windows | CPU s a window | memory, MB |\n| ---: | ---: | ---: |\n")
    # A worker of its own for each window costs the same each time, and more than the window.
    with Workers(rules.work, count=1, preload=PRELOAD) as pool:
        spent = _cpu_seconds()
        for number in range(windows):
            found = pages(number % ARTICLES, (number - 1) % ARTICLES, minute=60 * number)
            write_round(store, found[: 1 + (number > 0)], spool=settings.cache, run=hour(number))
            extraction = RunExtraction(RawRun(store, hour(number)), rules)
            for job, result in pool.map(extraction.pages, failed=failed_page):
                extraction.add(job, result)
            known = tables.known_articles("demo", without=hour(number))
            rows = extraction.settle(known, partial(pages_beside, tables.batches, hour(number)))
            StagedRun(store, hour(number)).write(rows.editions, rows.fetches, rows.run)
            publish_run(hour(number), settings)
            score.counts["windows of a soak"] += 1
            if (number + 1) % TOLD_EVERY == 0 or number + 1 == windows:
                now = _cpu_seconds()
                each = (now - spent) / ((number % TOLD_EVERY) + 1)
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                sys.stdout.write(f"| {number + 1} | {each:.2f} | {memory} |\n")
                sys.stdout.flush()
                spent = now
    counts = tables.scan("runs").num_rows, tables.scan("articles").num_rows
    wanted = windows, min(windows, ARTICLES)
    score.expect(f"runs and articles are {counts} instead of {wanted}", counts == wanted)
    score.sound("after a soak", settings)


def _cpu_seconds() -> float:
    """Of this process and its ended children."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime

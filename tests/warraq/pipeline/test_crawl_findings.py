"""What a crawl found amiss, beyond its numbers, stays with the run until it is published."""

from __future__ import annotations

from dataclasses import replace

from storage.model.records import Verdict
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.settings import Settings
from tests.fixtures.demo_runs import pages
from tests.fixtures.raw_runs import RUN, write_round
from warraq.pipeline.extract import extract_run
from warraq.pipeline.publish import publish_run

FINDING = "crawl: no declared source of demo listed a link; the links are from discovery, see its problems"


def test_a_finding_of_the_crawl_degrades_the_published_run(local_settings: Settings) -> None:
    store = open_store(local_settings)
    report = write_round(store, pages(0, 1), spool=local_settings.cache)
    raw = RawRun(store, RUN)
    raw.finish(replace(report, findings=(FINDING,)), raw.links())
    extract_run(RUN, local_settings, workers=1)
    row = publish_run(RUN, local_settings)
    assert (row.verdict, row.findings, row.articles_new) == (Verdict.DEGRADED, (FINDING,), 2)

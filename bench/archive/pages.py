"""A raw archive of the demo portal's pages, made without a network; and how fast it is extracted again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from bench.archive.findings import YEAR, Finding, milliseconds, settings_in
from extract.extractor import extract_article
from spiders.registry import find_portal
from storage.model.records import Exchange
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from tests.fixtures.raw_runs import NOON, exchange, write_round
from warraq.demo.portal import DemoSite
from warraq.pipeline.extract import extract_run
from warraq.pipeline.publish import publish_run
from warraq.pipeline.workers.page_job import page_job
from warraq.pipeline.workers.worker_pool import usable_cores
from warraq.reextract.branch_run import find_scope, reextract

RUN = RunId.parse(f"demo/{YEAR}-12-25T00Z--{YEAR}-12-26T00Z")


def captured_pages(pages: int) -> Iterator[Exchange]:
    """So many pages of the demo portal, as a crawl would have received them."""
    site = DemoSite(articles=pages, first_day=date(YEAR, 12, 25), days=1)
    for number in range(pages):
        yield exchange(site.base_url + site.path(site.card(number)), site.page(number).body, at=NOON)


def crawled(folder: Path, *, pages: int) -> Settings:
    """An archive with one finished crawl."""
    settings = settings_in(folder)
    settings.cache.mkdir(parents=True, exist_ok=True)
    write_round(open_store(settings), list(captured_pages(pages)), spool=settings.cache, run=RUN)
    return settings


def reextraction(folder: Path, *, pages: int) -> list[Finding]:
    """Pages a second of `warraq reextract`, beside the extractor in one process."""
    settings = crawled(folder, pages=pages)
    extract_run(RUN, settings)
    publish_run(RUN, settings)
    profile = find_portal("demo", settings).profile
    raw = RawRun(open_store(settings), RUN)
    links = {link.url: link for link in raw.links()}

    def alone() -> None:
        for capture in islice(raw.captures(), pages // 2):
            extract_article(page_job(capture, links[capture.url]).page, profile)

    tables = open_tables(settings)
    scope = find_scope(tables, "demo", RUN.window)
    before = milliseconds(alone)
    ours = 1000 * pages / milliseconds(lambda: reextract(scope, tables, settings))
    single = 1000 * (pages // 2 * 2) / (before + milliseconds(alone))  # around it: the machine has slow minutes
    what = f"re-extraction on {usable_cores()} cores, pages/s, beside one process"
    return [Finding(what, ours, single, limit=1.7, is_at_least=True)]

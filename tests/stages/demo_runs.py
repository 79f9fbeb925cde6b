"""Raw runs of pages of the demo portal, and the rows they become."""

from __future__ import annotations

from datetime import date, timedelta

from storage.model.records import Exchange
from storage.model.window import RunId
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from tests.raw_runs import NOON, RUN, exchange
from warraq.demo.site.site import DemoSite
from warraq.pipeline.extract import extract_run
from warraq.pipeline.publish import publish_run

SITE = DemoSite(articles=400, first_day=date(2024, 12, 25), days=1)
NEXT_DAY = RunId.parse("demo/2024-12-26T00Z--2024-12-27T00Z")


def pages(*numbers: int, edition: int = 0, minute: int = 0) -> list[Exchange]:
    """Captures of articles of the demo portal."""
    at = NOON + timedelta(minutes=minute)
    return [
        exchange(SITE.base_url + SITE.path(SITE.card(number)), SITE.page(number, edition=edition).body, at=at)
        for number in numbers
    ]


def rows_of(settings: Settings) -> dict[str, list[dict[str, object]]]:
    tables = open_tables(settings)
    return {name: tables.scan(name).to_pylist() for name in ("articles", "fetches", "runs")}


def archive(settings: Settings, run: RunId = RUN) -> None:
    extract_run(run, settings)
    publish_run(run, settings)

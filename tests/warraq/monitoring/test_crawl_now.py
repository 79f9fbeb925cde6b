"""Where a crawl under way stands: told while it runs, gone when it has ended, doubted when it was killed."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from spiders.links.options import CrawlProgress, Phase
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.settings import Settings
from tests.fixtures.raw_runs import RUN
from warraq.findings.crawl_now import QUIET, crawl_told, crawls_now

PROGRESS = CrawlProgress(
    Phase.PAGES,
    links=50,
    ended=30,
    outcomes={"captured": 25, "timeout": 3, "skipped_seen": 2},
    requests=40,
    bytes_received=1_000,
    seconds=12.0,
    waiting_seconds=90.0,
)


def test_a_crawl_tells_where_it_stands_and_nothing_stays_of_it(local_settings: Settings) -> None:
    store = open_store(local_settings)
    with crawl_told(local_settings, RUN, every_seconds=0.02) as tell:
        tell(PROGRESS)
        now = datetime.now(UTC)
        while not (found := crawls_now(store, now=now)):
            time.sleep(0.01)
        (one,) = found
        assert RunId.parse(one["run_id"]) == RUN
        assert (one["queue"], one["waiting_seconds"], one["errors"]) == (20, 90.0, {"timeout": 3})
        assert not one["is_quiet"]
        assert crawls_now(store, now=now + 2 * QUIET)[0]["is_quiet"], "it was killed"
    assert crawls_now(store, now=now + timedelta(days=1)) == []


def test_a_crawl_that_is_over_at_once_writes_nothing(local_settings: Settings) -> None:
    with crawl_told(local_settings, RUN) as tell:
        tell(PROGRESS)
    assert crawls_now(open_store(local_settings), now=datetime.now(UTC)) == []

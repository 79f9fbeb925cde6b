"""The crawl benchmark compares like with like: each kind fetches every page. No figure is judged here."""

from __future__ import annotations

import pytest

from bench.crawl.run import COMPARED, crawl_once, demo_portal, summarise
from bench.crawl.worker import Measured


def test_every_kind_of_crawl_fetches_all_pages_and_keeps_what_it_should() -> None:
    with demo_portal(20) as url:
        for kind in COMPARED:
            measured = crawl_once(kind, url)
            assert measured.pages == 20
            assert measured.cpu_seconds > 0
            assert (measured.warc_megabytes > 0) == (kind != "scrapy")


def test_ratios_are_taken_within_a_round() -> None:
    def run(cpu_seconds: float) -> Measured:
        return Measured(100, cpu_seconds, 10.0, 90.0, 0.01, 1.0)

    rounds = [{"warraq": run(1.1), "scrapy": run(1.0)}, {"warraq": run(4.8), "scrapy": run(4.0)}]
    alone = Measured(10, 1.0, 5.0, 200.0, None, 0.0)
    (_, ours), (_, bare), (_, other) = summarise(rounds, alone)
    assert ours["ratio"] == pytest.approx(1.15)
    assert bare["ratio"] == 1.0
    assert other["ratio"] == pytest.approx(0.1 / 0.025)
    assert other["lag_milliseconds"] is None

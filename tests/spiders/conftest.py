"""A demo portal on loopback, of a past month, for crawls in child processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from warraq.demo.portal import DemoSite
from warraq.demo.server.server import ServedSite, serve


@pytest.fixture
def served() -> Iterator[ServedSite]:
    """Sixty articles of the first three days of December 2024."""
    with serve(DemoSite(seed=7, articles=60, first_day=date(2024, 12, 1), days=3)) as site:
        yield site


@pytest.fixture
def crawl_environ(served: ServedSite, local_environ: dict[str, str]) -> dict[str, str]:
    """Variables under which `demo` is the served site and the archive is a fresh directory."""
    return {**local_environ, "WARRAQ_DEMO_URL": served.base_url}

"""A demo portal that is served for a whole module; its tests leave no fault behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from warraq.demo.portal import DemoSite
from warraq.demo.server.server import ServedSite, serve


@pytest.fixture(scope="session")
def served_once() -> Iterator[ServedSite]:
    with serve(DemoSite(articles=200, days=4, list_stubs=True)) as served:
        yield served


@pytest.fixture
def served(served_once: ServedSite) -> Iterator[ServedSite]:
    served_once.faults.clear()
    served_once.hits.clear()
    yield served_once
    served_once.faults.clear()

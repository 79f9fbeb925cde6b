"""Scores that may not fall: on the demo portal's pages in every clone, on public sets where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.extract.cases import Case, demo_cases, outside_cases
from bench.extract.extractors import ours
from bench.extract.measures import Figures, judge, means

OUTSIDE = Path(os.environ.get("WARRAQ_OUTSIDE", Path(__file__).parents[2].parent / "shared" / "outside"))
# Least and most; a little below what was measured when the floor was set.
FLOORS: dict[str, dict[str, float]] = {
    "fundus": {"f1": 0.965, "title": 0.82, "date": 0.97, "author": 0.85},
    "wcxb": {"f1": 0.94, "required": 0.94, "kept_out": 0.75, "title": 0.865, "date": 0.77, "author": 0.66},
}
CEILINGS: dict[str, dict[str, float]] = {
    "fundus": {"rejected": 0.005, "wrong": 0.005, "author_false": 0.2},
    "wcxb": {"rejected": 0.008, "wrong": 0.045, "leak": 0.045},
}


def scores(cases: list[Case]) -> Figures:
    extract = ours()
    return means([judge(case.gold, extract(case)) for case in cases])


@pytest.mark.parametrize("hashed_css", [False, True], ids=["class names", "class names hashed"])
def test_the_scores_on_the_demo_portals_pages_hold(*, hashed_css: bool) -> None:
    found = scores(demo_cases(articles=60, seed=11, hashed_css=hashed_css))
    assert found.f1 is not None
    assert found.f1 >= 0.99, found
    assert found.leak is not None
    assert found.leak <= 0.01, found
    assert (found.title, found.date, found.wrong, found.author_false, found.rejected) == (1, 1, 0, 0, 0), found


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.timeout(1800)  # 621 pages, and machines are busy
@pytest.mark.skipif(not (OUTSIDE / "gold.jsonl").exists(), reason=f"no {OUTSIDE}; WARRAQ_OUTSIDE names one")
def test_the_scores_on_pages_of_publishers_that_nobody_chose_hold() -> None:
    for source, cases in outside_cases(OUTSIDE).items():
        found = scores(cases)
        for name, least in FLOORS[source].items():
            assert getattr(found, name) >= least, (source, name, found)
        for name, most in CEILINGS[source].items():
            assert getattr(found, name) <= most, (source, name, found)

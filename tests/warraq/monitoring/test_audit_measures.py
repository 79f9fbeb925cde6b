"""The figures that are told are those that the audit judges by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.warraq.pipeline.test_audit import GOOD, days_before, run_of
from warraq.monitoring.audit_measures import audit_measures
from warraq.pipeline.audit import audit_run

USUAL = {"new": 40, "http_4xx": 2}


@pytest.mark.parametrize(
    ("outcomes", "texts", "name", "word"),
    [
        ({"new": 40, "timeout": 20}, GOOD, "links that failed", "links failed"),
        ({"new": 20, "rejected:block_page": 20}, GOOD, "walls instead of articles", "are walls"),
        ({"new": 40, "budget": 3}, GOOD, "links not reached", "were not reached"),
        ({"new": 5, "rejected:no_text": 40}, GOOD, "pages that are no articles", "are no articles"),
        ({"new": 3}, GOOD, "articles", "are usual"),
        (USUAL, replace(GOOD, undated=30), "articles without a date", "have no date"),
        (USUAL, replace(GOOD, mean_quality=0.2), "mean quality", "quality is"),
        (USUAL, replace(GOOD, median_words=50), "median words", "words where"),
    ],
)
def test_a_figure_beyond_its_limit_is_one_that_the_audit_marks(outcomes, texts, name, word) -> None:  # type: ignore[no-untyped-def]
    run, history = run_of(outcomes), days_before(8, USUAL)
    measures = {measure.name: measure for measure in audit_measures(run, texts, history, GOOD)}
    assert measures[name].is_bad, measures[name]
    assert any(word in finding for finding in audit_run(run, texts, history, GOOD).findings)


def test_no_figure_of_a_usual_run_is_beyond_its_limit() -> None:
    measures = list(audit_measures(run_of(USUAL), GOOD, days_before(8, USUAL), GOOD))
    assert not [measure for measure in measures if measure.is_bad]
    assert audit_run(run_of(USUAL), GOOD, days_before(8, USUAL), GOOD).findings == ()
    assert measures[0].basis == "40 are usual in 8 windows like it"

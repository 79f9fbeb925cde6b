"""A decision is the sum of its evidence."""

from __future__ import annotations

import pytest

from extract.decide.decision import Decision, Evidence
from extract.decide.scorecard import Scorecard

CARD = Scorecard("article", bias=-1.0, weights={"states_article": 2.0, "is_list": -3.0, "words": 0.5})


def test_a_decision_names_each_feature_that_was_seen_and_nothing_else() -> None:
    decision = CARD.decide({"states_article": 1.0, "words": 2.0, "unknown": 9.0}, where={"words": "div.text"})
    assert decision.value is True
    assert decision.evidence == (
        Evidence("bias", -1.0),
        Evidence("states_article", 2.0),
        Evidence("words", 1.0, "div.text"),
    )


def test_the_score_is_the_sum_of_the_evidence() -> None:
    decision = CARD.decide({"states_article": 1.0, "is_list": 1.0, "words": 1.0})
    assert decision.score == pytest.approx(sum(piece.weight for piece in decision.evidence))
    assert decision.value is False


def test_the_strongest_evidence_comes_first_whichever_way_it_speaks() -> None:
    decision = Decision("a", 1.0, (Evidence("small", 0.5), Evidence("against", -3.0), Evidence("for", 2.0)))
    assert [piece.name for piece in decision.strongest(2)] == ["against", "for"]

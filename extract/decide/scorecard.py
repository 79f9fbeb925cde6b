"""Scorecards: weights of features as data, applied to what was seen on a page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from extract.decide.decision import Decision, Evidence


@dataclass(frozen=True)
class Scorecard:
    """A sum of weighted features against zero: above it the answer is yes.

    `weights` are in log-odds a unit of the feature. What a page does not show counts as 0 and need not be given.
    """

    name: str
    bias: float
    weights: Mapping[str, float]

    def score(self, features: Mapping[str, float]) -> float:
        """Log-odds of yes."""
        weights = self.weights
        return self.bias + sum(weights[name] * value for name, value in features.items() if name in weights)

    def decide(self, features: Mapping[str, float], *, where: Mapping[str, str] | None = None) -> Decision[bool]:
        """Yes or no with the evidence; `where` names places of features on the page."""
        places = where or {}
        evidence = [Evidence("bias", self.bias)]
        for name, weight in self.weights.items():
            value = features.get(name, 0.0)
            if value and weight:
                evidence.append(Evidence(name, round(weight * value, 3), places.get(name)))
        score = self.score(features)
        return Decision(score > 0, round(score, 3), tuple(evidence))


def probability(score: float) -> float:
    """Log-odds to a probability, 0 to 1."""
    if score < -700:  # exp would overflow
        return 0.0
    return 1 / (1 + math.exp(-score))

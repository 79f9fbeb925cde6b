"""Scorecards: weights of features as data, applied to what was seen on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul

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


@dataclass(frozen=True)
class Weight:
    """A fitted weight of one feature, an its support.

    `weight` is in log-odds a unit of the feature; `pages` counts the pages that show the feature; `worth` is the
    log-likelihood a block that is lost, on publishers left out of the fitting, where the feature is unknown.
    """

    name: str
    weight: float
    pages: int
    worth: float


@dataclass(frozen=True)
class VectorScorecard:
    """A scorecard over vectors of features, all in the order of `weights`."""

    name: str
    bias: float
    weights: tuple[Weight, ...]

    def scores(self, vectors: Sequence[Sequence[float]]) -> list[float]:
        """Log-odds of yes for each vector."""
        weights = [weight.weight for weight in self.weights]
        return [self.bias + sum(map(mul, weights, vector)) for vector in vectors]

    def decide(self, vector: Sequence[float], *, where: str | None = None) -> Decision[bool]:
        """Yes or no for one vector, with the evidence."""
        evidence = [Evidence("bias", self.bias, where)]
        for weight, value in zip(self.weights, vector, strict=True):
            if value and weight.weight:
                evidence.append(Evidence(weight.name, round(weight.weight * value, 3), where))
        score = self.scores([vector])[0]
        return Decision(score > 0, round(score, 3), tuple(evidence))

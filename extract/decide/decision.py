"""A decision and the evidence that it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen. `weight` is what it adds to the score: positive speaks for, negative against."""

    name: str  # a feature of a scorecard, a witness, or the id of a rule
    weight: float
    where: str | None = None  # on the page: a tag's path, the words of a line, a field of the metadata


@dataclass(frozen=True, slots=True)
class Decision(Generic[Value]):
    """One answer, the sum that it was chosen by, and the evidence of that sum in the order of the scorecard.

    A veto decides whatever the sum: it stands alone in `evidence`, with an infinite weight.
    """

    value: Value
    score: float
    evidence: tuple[Evidence, ...] = ()

    def strongest(self, count: int) -> tuple[Evidence, ...]:
        """The `count` heaviest pieces of evidence, the heaviest first; equal ones in their order."""
        return tuple(sorted(self.evidence, key=lambda piece: -abs(piece.weight))[:count])

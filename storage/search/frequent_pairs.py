"""Pairs of neighbours among the words that most texts have: the index keeps each pair as a word of its own.

A phrase of such words stands in few texts, but each word in many, and looking for it in all of these takes seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import chain, pairwise

# A phrase of words in fewer texts than this share is found quickly by where its words stand: 1.2 µs a text with both.
# Headlines are looked at for each phrase too, have few words, and take 1.1 pairs each with a tenth of the share.
LEAST_SHARE = {"title": 0.005, "body": 0.05}
# Their pairs take 100 bytes a text of 225 words; a language has some thousand words of that share.
MOST_WORDS = 1_000
LEAST_TEXTS = 5  # that have it, so that few texts do not make each of their words frequent
_BETWEEN = "_"  # punctuation, which folded words are without


def frequent_words(texts: Collection[str], name: str) -> list[str]:
    """The words that stand in a large share of these folded headlines or bodies."""
    least = max(LEAST_TEXTS, LEAST_SHARE[name] * len(texts))
    counted = Counter(chain.from_iterable(set(text.split()) for text in texts))
    return [word for word, count in counted.most_common(MOST_WORDS) if count >= least]


def frequent_pairs(text: str, frequent: Collection[str]) -> str:
    """The pairs of a folded text, a blank between them."""
    # Once a word of the archive: nothing is called for it.
    return " ".join([f"{a}{_BETWEEN}{b}" for a, b in pairwise(text.split()) if a in frequent and b in frequent])


def pairs_of(firsts: Collection[str], seconds: Collection[str]) -> list[str]:
    """Each with each."""
    return [f"{first}{_BETWEEN}{second}" for first in firsts for second in seconds]

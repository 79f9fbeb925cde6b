"""Pairs of neighbours among the words that most texts have: the index keeps each pair as a word of its own.

A phrase of such words stands in few texts, but each word in many, and looking for it in all of these takes seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import accumulate, chain

import pyarrow as pa
import pyarrow.compute as pc

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


def frequent_pairs(texts: Sequence[str], frequent: Collection[str]) -> list[str]:
    """The pairs of each folded text, a blank between them."""
    # By Arrow, of many texts at once: once a word of the archive, it takes two thirds of Python's time.
    split = pc.split_pattern(pa.array(texts, pa.string()), " ")
    words, text_of = split.flatten(), pc.list_parent_indices(split)
    is_frequent = pc.is_in(words, value_set=pa.array(list(frequent), pa.string()))
    is_one_text = pc.equal(text_of[:-1], text_of[1:])
    places = pc.indices_nonzero(pc.and_(is_one_text, pc.and_(is_frequent[:-1], is_frequent[1:])))
    pairs = pc.binary_join_element_wise(words.take(places), words[1:].take(places), _BETWEEN)
    counted = Counter(text_of.take(places).to_pylist())
    starts = pa.array(accumulate((counted[number] for number in range(len(texts))), initial=0), pa.int32())
    joined: list[str] = pc.binary_join(pa.ListArray.from_arrays(starts, pairs), " ").to_pylist()
    return joined


def pairs_of(firsts: Collection[str], seconds: Collection[str]) -> list[str]:
    """Each with each."""
    return [f"{first}{_BETWEEN}{second}" for first in firsts for second in seconds]

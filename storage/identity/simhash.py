"""A signature of 64 bits: texts that share most of their wording differ in few bits, whatever their spelling.

SimHash (Charikar 2002) over shingles of folded words. Plain integers: the PyPI packages either need numpy or leave the
folding out, and counting in one big integer takes a third of a millisecond a page.
"""

from __future__ import annotations

from hashlib import blake2b
from itertools import pairwise

SIGNATURE_BITS = 64
# Bits that copies of one wire story may differ in; how it was chosen is in docs/explain/near_duplicates.md.
NEAR_DUPLICATE_BITS = 7


def text_simhash(folded: str) -> int | None:
    """The signature of a folded title and text as a signed 64-bit integer (a Parquet int64); None without words."""
    words = folded.encode("utf-8", "surrogatepass").split()
    if not words:
        return None
    # Pairs of words; a text of one word is its own shingle.
    shingles = [*map(b" ".join, pairwise(words))] or words
    bits = _majority([blake2b(shingle, digest_size=8).digest() for shingle in shingles])
    return bits - (1 << SIGNATURE_BITS) if bits >> (SIGNATURE_BITS - 1) else bits


def hamming_distance(one: int, other: int) -> int:
    """In how many of their 64 bits two signatures differ."""
    return ((one ^ other) & ((1 << SIGNATURE_BITS) - 1)).bit_count()


def _majority(digests: list[bytes]) -> int:
    """The bits that more than half of the 64-bit digests have set.

    A byte of all digests stands in one integer, so that a bit of all of them is counted at once.
    """
    everything = b"".join(digests)
    every_first = int.from_bytes(b"\1" * len(digests))
    bits = 0
    for place in range(SIGNATURE_BITS // 8):
        column = int.from_bytes(everything[place :: SIGNATURE_BITS // 8])
        for position in range(8):
            count = (column >> 7 - position & every_first).bit_count()
            bits = bits << 1 | (2 * count > len(digests))
    return bits

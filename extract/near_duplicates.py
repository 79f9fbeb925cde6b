"""A signature of 64 bits: texts that share most of their wording differ in few bits, whatever their spelling.

SimHash (Charikar 2002) over shingles of folded words. Plain integers: the PyPI packages either need numpy or leave the
folding out, and counting all 64 bits at once in a few big integers takes a third of a millisecond a page.
"""

from __future__ import annotations

import hashlib

from extract.text_norm import text_norm

SIGNATURE_BITS = 64
SHINGLE_WORDS = 2
# Bits that copies of one wire story may differ in; how it was chosen is in docs/near_duplicates.md.
NEAR_DUPLICATE_BITS = 7


def text_simhash(title: str, body: str) -> int | None:
    """The signature of an article as a signed 64-bit integer (a Parquet int64); None for a text without words."""
    words = text_norm(f"{title}\n{body}").split()
    if not words:
        return None
    size = min(SHINGLE_WORDS, len(words))
    shingles = [" ".join(words[i : i + size]) for i in range(len(words) - size + 1)]
    bits = _majority([_hash(shingle) for shingle in shingles])
    return bits - (1 << SIGNATURE_BITS) if bits >> (SIGNATURE_BITS - 1) else bits


def hamming_distance(one: int, other: int) -> int:
    """In how many of their 64 bits two signatures differ."""
    return ((one ^ other) & ((1 << SIGNATURE_BITS) - 1)).bit_count()


def _hash(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _majority(hashes: list[int]) -> int:
    """The bits that more than half of the hashes have set.

    Binary counters side by side: plane i holds bit i of all 64 counts, so one hash is added with about two additions.
    """
    planes: list[int] = []
    for value in hashes:
        carry = value
        for i, plane in enumerate(planes):
            planes[i], carry = plane ^ carry, plane & carry
            if not carry:
                break
        if carry:
            planes.append(carry)
    bits = 0
    for position in range(SIGNATURE_BITS):
        count = sum((plane >> position & 1) << i for i, plane in enumerate(planes))
        bits |= (2 * count > len(hashes)) << position
    return bits

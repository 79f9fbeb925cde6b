"""One digest for a set of rows, whatever their order: a Merkle tree as in RFC 6962, so that one row can be proved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any


def row_text(row: Mapping[str, Any]) -> bytes:
    """A row as the bytes its digest is of: JSON with sorted names; nulls, which later columns add, are left out."""
    known = {name: value for name, value in row.items() if value is not None}
    return json.dumps(known, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_spelled).encode()


def row_digest(row: Mapping[str, Any]) -> bytes:
    """The leaf of a row."""
    return hashlib.sha256(b"\0" + row_text(row)).digest()


def root_of(leaves: Iterable[bytes]) -> str:
    """The root over leaves in the order of their digests, in hex; of no rows at all the digest of nothing."""
    level = sorted(leaves)
    if not level:
        return hashlib.sha256().hexdigest()
    return _root(level).hex()


def proof_of(leaves: Sequence[bytes], leaf: bytes) -> list[tuple[str, str]]:
    """The way from a leaf to the root: ("left" or "right", the neighbour's digest in hex), from below."""
    ordered = sorted(leaves)
    return _path(ordered, ordered.index(leaf))


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _split(count: int) -> int:
    """The largest power of two below a number."""
    return 1 << (count - 1).bit_length() - 1


def _root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    middle = _split(len(leaves))
    return _node(_root(leaves[:middle]), _root(leaves[middle:]))


def _path(leaves: Sequence[bytes], position: int) -> list[tuple[str, str]]:
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if position < middle:
        return [*_path(leaves[:middle], position), ("right", _root(leaves[middle:]).hex())]
    return [*_path(leaves[middle:], position - middle), ("left", _root(leaves[:middle]).hex())]


def _spelled(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no spelling")

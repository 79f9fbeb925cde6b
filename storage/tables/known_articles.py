"""What the archive knows of a portal, small enough for millions of articles: ids as sorted 64-bit numbers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

# Ids are hex digits of a SHA-256; the first 16 of them tell ten million apart with odds of one in a few hundred
# thousand that any two agree, for 8 bytes each instead of ~90 as a Python string.
ID_DIGITS = 16


class KnownArticles:
    """The articles and editions of a portal."""

    def __init__(self, batches: Iterable[pa.Table]) -> None:
        """`batches` have the columns article_id and edition_id."""
        self._articles, self._editions = _EMPTY, _EMPTY
        for batch in batches:
            self.add(batch)

    def add(self, batch: pa.Table) -> None:
        """From now on these are known as well."""
        self._articles = np.union1d(self._articles, numbers_of(batch["article_id"]))
        self._editions = np.union1d(self._editions, numbers_of(batch["edition_id"]))

    def has_article(self, article_id: str) -> bool:
        """Whether any edition of the article is archived."""
        return _position(self._articles, article_id) is not None

    def has_edition(self, edition_id: str) -> bool:
        """Whether this very text of its article is archived."""
        return _position(self._editions, edition_id) is not None


_EMPTY: npt.NDArray[np.uint64] = np.array([], np.uint64)


def _number(hex_id: str) -> int:
    return int(hex_id[:ID_DIGITS], 16)


def numbers_of(ids: pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    """Ids as 64-bit numbers."""
    return np.fromiter((_number(value) for value in ids.to_pylist()), np.uint64, len(ids))


def _position(ids: npt.NDArray[np.uint64], hex_id: str) -> int | None:
    number = np.uint64(_number(hex_id))
    position = int(np.searchsorted(ids, number))
    return position if position < len(ids) and ids[position] == number else None

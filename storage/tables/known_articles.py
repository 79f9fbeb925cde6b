"""What the archive knows of a portal, small enough for millions of links: ids as sorted 64-bit numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

# Ids are hex digits of a SHA-256; the first 16 of them tell ten million apart with odds of one in a few hundred
# thousand that any two agree, for 8 bytes each instead of ~90 as a Python string.
ID_DIGITS = 16
LINK_COLUMNS = ("link_id", "outcome", "captured_at", "etag", "last_modified")


@dataclass(frozen=True)
class KnownLink:
    """How a link ended when it was captured last."""

    outcome: str
    captured_at: datetime
    etag: str | None
    last_modified: str | None


class KnownLinks:
    """The links of a portal that led to a captured page, each with its newest capture."""

    def __init__(self, batches: Iterable[pa.Table]) -> None:
        """`batches` have LINK_COLUMNS, in any order of rows; rows without a capture are passed over."""
        kept = pa.table({name: pa.array([], kind) for name, kind in _LINK_TYPES.items()})
        for batch in batches:
            kept = _newest(pa.concat_tables([kept, _narrow(batch)]))
        self._ids, self._facts = kept["id"].to_numpy(), kept

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, link_id: object) -> bool:
        return isinstance(link_id, str) and _position(self._ids, link_id) is not None

    def get(self, link_id: str) -> KnownLink | None:
        """The link's newest capture, or None for a link never captured."""
        position = _position(self._ids, link_id)
        if position is None:
            return None
        row = self._facts.slice(position, 1).to_pylist()[0]
        return KnownLink(row["outcome"], row["captured_at"], row["etag"], row["last_modified"])


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
_LINK_TYPES = {
    "id": pa.uint64(),
    "outcome": pa.dictionary(pa.int8(), pa.string()),
    "captured_at": pa.timestamp("us", tz="UTC"),
    "etag": pa.string(),
    "last_modified": pa.string(),
}


def _number(hex_id: str) -> int:
    return int(hex_id[:ID_DIGITS], 16)


def numbers_of(ids: pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    """Ids as 64-bit numbers."""
    return np.fromiter((_number(value) for value in ids.to_pylist()), np.uint64, len(ids))


def _position(ids: npt.NDArray[np.uint64], hex_id: str) -> int | None:
    number = np.uint64(_number(hex_id))
    position = int(np.searchsorted(ids, number))
    return position if position < len(ids) and ids[position] == number else None


def _narrow(batch: pa.Table) -> pa.Table:
    captured = batch.filter(pc.is_valid(batch["captured_at"]))
    columns = [pa.array(numbers_of(captured["link_id"]))]
    columns += [captured[name].cast(kind) for name, kind in _LINK_TYPES.items() if name != "id"]
    return pa.table(columns, schema=pa.schema(_LINK_TYPES.items()))


def _newest(rows: pa.Table) -> pa.Table:
    """One row an id, the newest, sorted by id."""
    rows = rows.unify_dictionaries().sort_by([("id", "ascending"), ("captured_at", "descending")])
    ids = rows["id"].to_numpy()
    is_first = np.ones(len(ids), bool)
    is_first[1:] = ids[1:] != ids[:-1]
    return rows.filter(pa.array(is_first)).combine_chunks()

"""What the archive knows of a portal, small enough for millions of articles: ids as sorted 64-bit numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storage.identity.ids import article_id
from storage.model.window import RunId
from storage.tables.row_filters import select

# Ids are hex digits of a SHA-256; the first 16 of them tell ten million apart with odds of one in a few hundred
# thousand that any two agree, for 8 bytes each instead of ~90 as a Python string.
ID_DIGITS = 16
# A template that writes one address on all stories shows it within days.
BESIDE = timedelta(days=31)


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


def pages_beside(
    batches: Callable[..., Iterable[pa.Table]],
    run: RunId,
    articles: Collection[str],
    *,
    pending: Collection[RunId] = (),
) -> Iterator[tuple[str, str, str, str]]:
    """Article, address, headline and text of the pages of these articles that other runs of the weeks around published.

    `batches` reads rows (ArchiveTables.batches); those of `pending` runs are passed over.
    """
    start = run.window.start
    beside = select(portal=run.portal, since=start - BESIDE, before=start + BESIDE, without=run)
    wanted, passed = pa.array(sorted(articles), pa.string()), pa.array(sorted(map(str, pending)), pa.string())
    for batch in batches("articles", row_filter=beside, columns=("run_id", "article_id", "url", "title", "body")):
        found = batch.filter(pc.is_in(batch["article_id"].cast(pa.string()), wanted))
        found = found.filter(pc.invert(pc.is_in(found["run_id"].cast(pa.string()), passed)))
        for row in found.to_pylist():
            yield row["article_id"], row["url"], row["title"], row["body"]


def addresses_of(batches: Callable[..., Iterable[pa.Table]], portal: str, links: Mapping[str, str]) -> dict[str, str]:
    """The addresses under which some links gave articles, by link id; the last fetch that did counts.

    `links` are canonical addresses by link id; `batches` reads rows (ArchiveTables.batches).
    """
    link_of = {article_id(portal, url): link for link, url in links.items()} | {link: link for link in links}
    wanted = pa.array(sorted(link_of), pa.string())
    columns = ("link_id", "article_id", "url", "final_url", "captured_at", "edition_id")
    found: list[tuple[datetime, str, str]] = []
    for batch in batches("fetches", row_filter=select(portal=portal), columns=columns):
        known = [pc.is_in(batch[name].cast(pa.string()), wanted) for name in ("link_id", "article_id")]
        rows = batch.filter(pc.and_(pc.or_(*known), batch["edition_id"].is_valid()))
        for row in rows.to_pylist():
            link = link_of.get(row["link_id"]) or link_of[row["article_id"]]
            found.append((row["captured_at"], link, row["final_url"] or row["url"]))
    return {link: address for _, link, address in sorted(found)}


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

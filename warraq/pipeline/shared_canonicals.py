"""Canonical addresses that stories share: a template writes one on many, so it is the identity of none of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

from storage.identity.arabic_folding import text_norm
from storage.identity.ids import article_id, edition_id
from storage.model.records import Edition

FLAG = "canonical_shared"
MAX_REMEMBERED_CHARACTERS = 200  # of a headline: enough to tell two apart


class SharedCanonicals:
    """Notes who states which address, and tells the addresses that pages of different headlines state."""

    def __init__(self) -> None:
        # article as stated: the address each of its pages was fetched from, with the page's headline
        self._headlines: dict[str, dict[str, str]] = defaultdict(dict)
        self._stated: dict[str, str] = {}

    def add(self, edition: Edition, *, own: str) -> None:
        """Note one page. `own` is the canonical form of the address that it was fetched from."""
        self._headlines[edition.article_id][own] = text_norm(edition.text.title)[:MAX_REMEMBERED_CHARACTERS]
        if edition.text.canonical_url and edition.text.canonical_url != own:
            self._stated[edition.article_id] = edition.text.canonical_url

    def is_shared(self, article: str) -> bool:
        """Whether pages of different addresses and different headlines state it. One headline that has the other in it
        is the same, with a word more.
        """
        headlines = sorted(set(self._headlines.get(article, {}).values()), key=len)
        return any(one not in other for one, other in pairwise(headlines))

    @staticmethod
    def parted(edition: Edition, *, own: str) -> Edition:
        """The edition as one of the story at its own address."""
        article = article_id(edition.portal, own)
        return replace(
            edition,
            article_id=article,
            edition_id=edition_id(article, edition.text.title, edition.text.body),
            text=replace(edition.text, canonical_url=own, flags=tuple(sorted({*edition.text.flags, FLAG}))),
        )

    def findings(self) -> tuple[str, ...]:
        """One line for all shared addresses, with an example."""
        shared = [article for article in self._headlines if self.is_shared(article)]
        if not shared:
            return ()
        pages = sum(len(self._headlines[article]) for article in shared)
        example = next((self._stated[article] for article in shared if article in self._stated), "")
        return (
            f"extraction: {pages} stories of different headlines share {len(shared)} stated canonical addresses, for "
            f"example {example}; they are known by the addresses they were fetched from",
        )

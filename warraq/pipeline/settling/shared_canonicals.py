"""Stated canonical addresses that pages of different stories share: a slip of a template, and no identity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from itertools import pairwise

from extract.html.own_story import own_story
from storage.identity.arabic_folding import text_norm
from storage.identity.ids import article_id, edition_id
from storage.model.records import Edition

SHARED_FLAG = "canonical_shared"
MAX_REMEMBERED_CHARACTERS = 200  # of a headline: enough to tell two apart


class SharedCanonicals:
    """Notes who states which address, and tells those that pages of different headlines state.

    A template writes one canonical address on many stories: then it is the identity of none of them.
    """

    def __init__(self) -> None:
        # article as stated: the address each of its pages was fetched from, with the page's headline
        self._headlines: dict[str, dict[str, str]] = defaultdict(dict)
        self._stated: dict[str, str] = {}
        self._archived: set[tuple[str, str]] = set()  # article as stated, and where the archive has it from

    @property
    def stated(self) -> Collection[str]:
        """The articles that a page of another address states."""
        return self._stated.keys()

    def add_archived(self, article: str, *, own: str, title: str) -> None:
        """Note one page that the archive has. A headline is rewritten from day to day: a similar one is the same."""
        self._archived.add((article, own))
        headlines = self._headlines[article]
        if all(own_story([title], ()).points(headlines=[other], addresses=()) <= 0 for other in headlines.values()):
            headlines.setdefault(own, text_norm(title)[:MAX_REMEMBERED_CHARACTERS])

    def keeps(self, article: str, *, own: str) -> bool:
        """Whether the archive has this page as one of the article: it stays what it was."""
        return (article, own) in self._archived

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
            text=replace(edition.text, canonical_url=own, flags=tuple(sorted({*edition.text.flags, SHARED_FLAG}))),
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

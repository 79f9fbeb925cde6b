"""Stated canonical addresses that pages of different stories share: a slip of a template, and no identity."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import pairwise

from extract.html.own_story import SIMILAR_HEADLINE, own_story
from storage.identity.arabic_folding import text_norm
from storage.identity.ids import article_id, edition_id
from storage.model.records import ArticleText, Edition

SHARED_FLAG = "canonical_shared"
_SENTENCE_END = re.compile(r"[.!؟?…\n]")
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

    def add_archived(self, article: str, *, own: str, title: str, body: str, claims: Iterable[ArticleText]) -> None:
        """Note one page that the archive has of the article that this run's `claims` say they are."""
        self._archived.add((article, own))
        if all(_is_another_story(title, body, claim) for claim in claims):
            self._headlines[article].setdefault(own, text_norm(title)[:MAX_REMEMBERED_CHARACTERS])

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


def _is_another_story(title: str, body: str, claim: ArticleText) -> bool:
    """Whether an archived page tells another story than one that states its address.

    A headline is rewritten from day to day, and then most of the text stays. What is of one pattern («افتتاح مشروع …»)
    and has a text of its own is another story.
    """
    likeness = own_story([title], ()).points(headlines=[claim.title], addresses=())
    if likeness != SIMILAR_HEADLINE:
        return likeness < SIMILAR_HEADLINE
    one, other = _sentences(body), _sentences(claim.body)
    shared = sum(map(len, one & other))
    return 2 * shared < min(sum(map(len, one)), sum(map(len, other)))


def _sentences(text: str) -> set[str]:
    return {sentence for part in _SENTENCE_END.split(text) if (sentence := text_norm(part))}

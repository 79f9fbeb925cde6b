"""One short text under many addresses is the site's own answer for what it does not have, and no story of theirs."""

from __future__ import annotations

from collections import defaultdict

from storage.identity.ids import edition_id
from storage.model.outcomes import Rejection
from storage.model.records import Edition, Rejected

# A story is carried under two or three addresses by sections; five that say the same in few words are a template.
MIN_ADDRESSES = 5
MAX_WORDS = 150


class TemplateTexts:
    """The texts of a run and the articles that have each, by headline and body without regard to marks."""

    def __init__(self) -> None:
        self._editions: defaultdict[str, dict[str, str]] = defaultdict(dict)  # text: article: edition

    def add(self, edition: Edition) -> None:
        """Take one capture's edition."""
        if edition.text.word_count <= MAX_WORDS:
            text = edition_id("", edition.text.title, edition.text.body)
            self._editions[text][edition.article_id] = edition.edition_id

    def rejections(self) -> dict[str, Rejected]:
        """The editions that are no articles, and why."""
        return {
            edition: Rejected(Rejection.SOFT_404, f"the same text stands under {len(articles)} addresses")
            for articles in self._editions.values()
            if len(articles) >= MIN_ADDRESSES
            for edition in articles.values()
        }

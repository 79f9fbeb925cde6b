"""The three identities of the archive: of a link, of an article, of one of its texts."""

from __future__ import annotations

import hashlib

from storage.identity.arabic_folding import text_norm


def link_id(canonical: str) -> str:
    """Identity of a link: 32 hex characters of the sha256 of its canonical URL."""
    return _digest(canonical)


def article_id(portal: str, canonical: str) -> str:
    """Identity of an article: its portal's name and its canonical URL."""
    return _digest(f"{portal}\n{canonical}")


def edition_id(article_id: str, title: str, body: str) -> str:
    """Identity of one text of an article: its article, and its folded title and body.

    Vowel marks, punctuation and spacing do not make a new edition; a changed word or number does.
    """
    return _digest(f"{article_id}\n{text_norm(title)}\n{text_norm(body)}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

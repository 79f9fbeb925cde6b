"""Which links lead to articles: by the definition's patterns, else by what article URLs of news sites look like."""

from __future__ import annotations

import functools
import re

from spiders.definition import Portal


def is_wanted(url: str, portal: Portal) -> bool:
    """Whether the definition's patterns let the URL pass; without patterns every web address does."""
    if not url.startswith(("http://", "https://")):
        return False
    if portal.not_article_url and _pattern(portal.not_article_url).search(url):
        return False
    return portal.article_url is None or bool(_pattern(portal.article_url).search(url))


@functools.cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)

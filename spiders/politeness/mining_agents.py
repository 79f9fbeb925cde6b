"""Robots groups by which portals opt out of text and data mining, and of being archived for it."""

from __future__ import annotations

from collections.abc import Iterable

# Crawlers that gather texts to train models, to sell them as data or to answer from them. Those that fetch one page
# because a person asked for it (ChatGPT-User and its like) mine nothing; those of search engines are none of them.
MINING_AGENTS = (
    "CCBot",
    "GPTBot",
    "Google-Extended",
    "anthropic-ai",
    "ClaudeBot",
    "Claude-Web",
    "Claude-SearchBot",
    "Applebot-Extended",
    "cohere-ai",
    "cohere-training-data-crawler",
    "OAI-SearchBot",
    "PerplexityBot",
    "Bytespider",
    "TikTokSpider",
    "meta-externalagent",
    "FacebookBot",
    "Amazonbot",
    "Google-CloudVertexBot",
    "Diffbot",
    "omgili",
    "omgilibot",
    "webzio-extended",
    "AI2Bot",
    "AI2Bot-Dolma",
    "img2dataset",
    "ImagesiftBot",
    "YouBot",
    "Timpibot",
    "DeepSeekBot",
    "PanguBot",
    "DuckAssistBot",
    "ICC-Crawler",
    "FriendlyCrawler",
    "VelenPublicWebCrawler",
    "iaskspider",
    "Cotoyogi",
    "SBIntuitionsBot",
)
EVERYBODY = "*"
_SPELLINGS = {name.lower(): name for name in (*MINING_AGENTS, EVERYBODY)}


def miners_among(names: Iterable[str]) -> tuple[str, ...]:
    """The known miners that are named, and `*`; in any case of letters."""
    return tuple(_SPELLINGS[name.lower()] for name in names if name.lower() in _SPELLINGS)

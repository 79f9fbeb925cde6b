"""Euronews in Arabic, Lyon."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="euronews",
    title_ar="يورونيوز",
    title_en="Euronews Arabic",
    country="XX",
    timezone="Europe/Paris",
    start_url="https://arabic.euronews.com/",
    sources=(Feed("/rss"), Feed("/rss?level=theme&name=news"), Section("/"), Auto()),
    article_url=r"/(?:[a-z-]+/)?\d{4}/\d{2}/\d{2}/[^/?#]+/?$",
    schedule="37 * * * *",
    site_names=("Euronews",),
    facts_as_of="2026-11",
)

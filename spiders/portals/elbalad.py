"""Sada El-Balad, Cairo."""

from spiders.portal.definition import Auto, Feed, NumericIds, Portal, Section

PORTAL = Portal(
    name="elbalad",
    title_ar="صدى البلد",
    title_en="Sada El-Balad",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://www.elbalad.news/",
    sources=(Feed("/rss.aspx"), Section("/"), Auto(), NumericIds("/{id}")),
    article_url=r"^https?://[^/]+/\d{6,}/?$",
    schedule="6 * * * *",
    site_names=("موقع صدى البلد",),
    facts_as_of="2026-11",
    notes=(
        "Headlines of related stories stand before the first paragraph, without a heading of their own.",
        "elbaladtv.net is the television channel's own site.",
    ),
)

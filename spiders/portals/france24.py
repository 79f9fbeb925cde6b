"""France 24 in Arabic, Paris."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="france24",
    title_ar="فرانس 24",
    title_en="France 24 Arabic",
    country="XX",
    timezone="Europe/Paris",
    start_url="https://www.france24.com/ar/",
    sources=(Feed("/ar/rss"), Section("/ar/"), Auto()),
    article_url=r"/ar/(?:[^/?#]+/){1,2}\d{8}-[^/?#]+/?$",
    schedule="23 * * * *",
    site_names=("فرانس 24 / France 24",),
    facts_as_of="2026-11",
    notes=(
        "The feed answered 200 to one address and 403 to another.",
        "The article pattern is inferred from truncated samples.",
    ),
)

"""Anadolu Agency in Arabic, Ankara."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="aa",
    title_ar="وكالة الأناضول",
    title_en="Anadolu Agency Arabic",
    country="XX",
    timezone="Europe/Istanbul",
    start_url="https://www.aa.com.tr/ar/",
    sources=(Feed("/ar/rss/default?cat=guncel"), Section("/ar/"), Auto()),
    article_url=r"/ar/[^/?#]+/[^/?#]+/\d+/?$",
    schedule="42 * * * *",
    site_names=("الأناضول",),
    facts_as_of="2026-11",
    notes=("The article pattern is inferred from truncated samples.",),
)

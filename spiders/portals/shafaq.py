"""Shafaq News, Baghdad."""

from spiders.portal.definition import Auto, Portal, Section

PORTAL = Portal(
    name="shafaq",
    title_ar="شفق نيوز",
    title_en="Shafaq News",
    country="IQ",
    timezone="Asia/Baghdad",
    start_url="https://shafaq.com/ar/",
    sources=(Section("/ar/%D9%83%D9%84-%D8%A7%D9%84%D8%A7%D8%AE%D8%A8%D8%A7%D8%B1"), Auto()),
    article_url=r"/ar/[^/?#]+/[^/?#]+/?$",
    schedule="25 * * * *",
    facts_as_of="2026-11",
    notes=("Section names in addresses carry a tatweel.",),
)

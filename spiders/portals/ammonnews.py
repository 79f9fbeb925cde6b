"""Ammon News, Amman."""

from spiders.portal.definition import Auto, Feed, NumericIds, Politeness, Portal, Section

PORTAL = Portal(
    name="ammonnews",
    title_ar="عمون",
    title_en="Ammon News",
    country="JO",
    timezone="Asia/Amman",
    start_url="https://www.ammonnews.net/",
    sources=(Feed("/rss"), Section("/"), Auto(), NumericIds("/article/{id}")),
    article_url=r"/article/\d+/?$",
    schedule="57 * * * *",
    politeness=Politeness(delay_seconds=3.0),
    site_names=("وكالة عمون الاخبارية",),
    facts_as_of="2026-11",
    notes=("Answers 403 to datacentre addresses.", "Dates are DD-MM-YYYY with AM and PM."),
)

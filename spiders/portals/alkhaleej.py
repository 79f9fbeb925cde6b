"""Al Khaleej, Sharjah."""

from spiders.portal.definition import Auto, Feed, Portal, Section, Sitemap

PORTAL = Portal(
    name="alkhaleej",
    title_ar="الخليج",
    title_en="Al Khaleej",
    country="AE",
    timezone="Asia/Dubai",
    start_url="https://www.alkhaleej.ae/",
    sources=(Feed("/rssFeed/157"), Feed("/section/1110/rss.xml"), Section("/"), Sitemap("/sitemap.xml?page=1"), Auto()),
    schedule="50 * * * *",
    site_names=("صحيفة الخليج",),
    facts_as_of="2026-11",
    notes=("The form of today's article addresses is not known.", "A Kuwaiti site has a similar name."),
)

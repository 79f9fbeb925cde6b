"""LBCI, Beirut."""

from spiders.portal.definition import Auto, Feed, NewsSitemap, Portal

PORTAL = Portal(
    name="lbci",
    title_ar="إل بي سي آي",
    title_en="LBCI",
    country="LB",
    timezone="Asia/Beirut",
    start_url="https://www.lbcgroup.tv/",
    sources=(Feed("/Rss/latest-news/ar"), Feed("/Rss/NewsHighlights/ar"), NewsSitemap("/newssitemap.xml"), Auto()),
    schedule="19 * * * *",
    site_names=("LBCI Lebanon", "Lebanon News", "LBCI"),
    body_css=("div.LongDesc > div",),
    facts_as_of="2026-11",
    notes=("Paragraphs are parted by br, in one div.", "JSON-LD datePublished is the date to trust."),
)

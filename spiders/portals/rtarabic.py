"""RT Arabic (Russia Today), Moscow."""

from spiders.portal.definition import Feed, Portal, Sitemap

PORTAL = Portal(
    name="rtarabic",
    title_ar="RT Arabic",
    title_en="RT Arabic",
    country="XX",
    timezone="Europe/Moscow",
    start_url="https://arabic.rt.com/",
    sources=(Feed("/rss/"), Feed("/rss/business/"), Feed("/rss/sport/"), Sitemap("/sitemap.xml")),
    article_url=r"/[a-z_]+/\d+-[^/?#]*/?$",
    schedule="16 * * * *",
    site_names=("روسيا اليوم", "آر تي عربي"),
    facts_as_of="2026-11",
)

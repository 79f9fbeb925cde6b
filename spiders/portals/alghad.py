"""Al-Ghad, Amman."""

from spiders.portal.definition import Auto, Feed, Politeness, Portal, Section

PORTAL = Portal(
    name="alghad",
    title_ar="الغد",
    title_en="Al-Ghad",
    country="JO",
    timezone="Asia/Amman",
    start_url="https://alghad.com/",
    sources=(Feed("/rss"), Section("/"), Auto()),
    article_url=r"/Section-\d+/[^/?#]+/[^?#]+$",
    schedule="4 * * * *",
    politeness=Politeness(delay_seconds=3.0),
    site_names=("جريدة الغد",),
    facts_as_of="2026-11",
    notes=("The feed answered 403 in 2026.",),
)

"""SANA, the Syrian Arab News Agency."""

from spiders.portal.definition import Auto, Feed, Portal

PORTAL = Portal(
    name="sana",
    title_ar="سانا",
    title_en="SANA",
    country="SY",
    timezone="Asia/Damascus",
    start_url="https://sana.sy/",
    sources=(Feed("/feed/"), Feed("/?feed=rss2"), Auto()),
    keep_query=("p",),
    schedule="32 * * * *",
    site_names=("الوكالة العربية السورية للأنباء",),
    facts_as_of="2026-11",
    notes=("WordPress: short links name an article by ?p=, and the long form is not known.",),
)

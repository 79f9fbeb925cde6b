"""An-Nahar, Beirut."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="annahar",
    title_ar="النهار",
    title_en="An-Nahar",
    country="LB",
    timezone="Asia/Beirut",
    start_url="https://www.annahar.com/arabic/",
    sources=(Feed("/arabic/rss-feed"), Section("/arabic/"), Auto()),
    article_url=r"/arabic/(?:section/\d+-[^/]+/\d{5,}(?:/[^?#]*)?|article/\d+)/?$",
    schedule="5 * * * *",
    site_names=("جريدة النهار",),
    facts_as_of="2026-11",
    notes=("Numbers of 2022 begin with the day and time.", "Neither Annahar of Kuwait nor Ennahar of Algeria."),
)

"""El Watan News, Cairo."""

from spiders.portal.definition import Auto, Feed, NumericIds, Portal, Section

PORTAL = Portal(
    name="elwatan",
    title_ar="الوطن",
    title_en="El Watan News",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://www.elwatannews.com/",
    sources=(Feed("/home/rssfeeds"), Section("/"), Auto(), NumericIds("/news/details/{id}")),
    article_url=r"/news/details/\d+",
    schedule="52 * * * *",
    site_names=("الوطن", "جريدة الوطن"),
    facts_as_of="2026-11",
    notes=("Not Al-Watan of Qatar, nor Al-Watan of Saudi Arabia.",),
)

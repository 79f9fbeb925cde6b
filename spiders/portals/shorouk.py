"""Shorouk News, Cairo."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="shorouk",
    title_ar="بوابة الشروق",
    title_en="Shorouk News",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://www.shorouknews.com/",
    sources=(Feed("/rss/main"), Section("/egypt"), Section("/sports"), Section("/"), Auto()),
    folded_hosts=("www3.shorouknews.com",),
    article_url=r"(?i)/news/view\.aspx\?cdate=\d{8}&(?:amp;)?id=[0-9a-f-]{36}",
    keep_query=("cdate", "id"),
    schedule="45 * * * *",
    site_names=("الشروق", "جريدة الشروق"),
    facts_as_of="2026-11",
    notes=(
        "The article is named by the query: cdate is DDMMYYYY, id a GUID.",
        "Lists contradict each other on whether the feed works.",
    ),
)

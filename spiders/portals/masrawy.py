"""Masrawy, Cairo."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="masrawy",
    title_ar="مصراوي",
    title_en="Masrawy",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://www.masrawy.com/",
    sources=(
        Feed("/rss/feed/25/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1"),
        Feed("/rss/feed/206/%D8%A7%D9%82%D8%AA%D8%B5%D8%A7%D8%AF"),
        Section("/"),
        Auto(),
    ),
    article_url=r"(?i)/details/\d{4}/\d{1,2}/\d{1,2}/\d+(?:/|$)",
    schedule="31 * * * *",
    body_css=("div.ArticleDetails.details",),
    facts_as_of="2026-11",
    notes=("Feeds were empty for datacentre addresses.", "The case of letters in a path varies."),
)

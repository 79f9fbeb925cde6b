"""CNN Arabic, Dubai."""

from spiders.portal.definition import Auto, Feed, Portal

PORTAL = Portal(
    name="cnnarabic",
    title_ar="CNN بالعربية",
    title_en="CNN Arabic",
    country="XX",
    timezone="Asia/Dubai",
    start_url="https://arabic.cnn.com/",
    sources=(
        Feed("/api/v1/rss/rss.xml"),
        Feed("/api/v1/rss/middle_east/rss.xml"),
        Feed("/api/v1/rss/world/rss.xml"),
        Feed("/api/v1/rss/business/rss.xml"),
        Auto(),
    ),
    article_url=r"/article/\d{4}/\d{2}/\d{2}/[^/?#]+/?$|/\d{4}/\w+/\d{1,2}/\d{1,2}/[^/]+/index\.html$",
    schedule="9 * * * *",
    title_css=("div.cnn_storyarea > h1",),
    body_css=("div.cnn_strycntntrgt",),
    facts_as_of="2026-11",
    notes=("The selectors are of the layout of 2013.", "Slugs are English."),
)

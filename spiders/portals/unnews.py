"""UN News in Arabic, New York."""

from spiders.portal.definition import Auto, Feed, Portal

PORTAL = Portal(
    name="unnews",
    title_ar="أخبار الأمم المتحدة",
    title_en="UN News Arabic",
    country="XX",
    timezone="America/New_York",
    start_url="https://news.un.org/ar/",
    sources=(
        Feed("/feed/subscribe/ar/news/all/rss.xml"),
        Feed("/feed/subscribe/ar/news/topic/health/feed/rss.xml"),
        Auto(),
    ),
    article_url=r"/ar/story/\d{4}/\d{2}/\d+/?$",
    schedule="49 */3 * * *",
    facts_as_of="2026-11",
)

"""Okaz, Jeddah; okaznews.net only looks like it."""

from spiders.portal.definition import Auto, Feed, NewsSitemap, Portal, Section

PORTAL = Portal(
    name="okaz",
    title_ar="عكاظ",
    title_en="Okaz",
    country="SA",
    timezone="Asia/Riyadh",
    start_url="https://www.okaz.com.sa/",
    sources=(
        Feed("/rssFeed/0"),
        Feed("/rssFeed/1"),
        Feed("/rssFeed/4"),
        NewsSitemap("/sitemaps/news_sitemap.xml"),
        Section("/morearticles/news/local"),
        Section("/morearticles/news/politics"),
        Auto(),
    ),
    article_url=r"/[\w-]+/[\w-]+/\d{5,}/?$",
    schedule="47 * * * *",
    site_names=("صحيفة عكاظ", "عكاظ"),
    title_css=("h1.autoHeight",),
    body_css=("div.bodyText",),
    date_css=("li.media_article_publish_time p",),
    facts_as_of="2026-11",
    notes=("The body is bare text parted by br; the byline, with city and handle, is glued to it.",),
)

"""Alsumaria, Baghdad."""

from spiders.portal.definition import Feed, Portal, Section, Sitemap

PORTAL = Portal(
    name="alsumaria",
    title_ar="السومرية نيوز",
    title_en="Alsumaria",
    country="IQ",
    timezone="Asia/Baghdad",
    start_url="https://www.alsumaria.tv/",
    sources=(
        Feed("/Rss/iraq-latest-news/ar"),
        Section("/news/localnews"),
        Section("/news/politics"),
        Section("/news/economy"),
        Sitemap("/sitemap.xml"),
    ),
    article_url=r"/news/[\w-]+/\d+(?:/|$)",
    schedule="18 * * * *",
    site_names=("السومرية",),
    facts_as_of="2026-11",
)

"""Maan News Agency, Bethlehem."""

from spiders.portal.definition import Auto, NumericIds, Portal, Section

PORTAL = Portal(
    name="maan",
    title_ar="وكالة معا الإخبارية",
    title_en="Maan News",
    country="PS",
    timezone="Asia/Hebron",
    start_url="https://www.maannews.net/",
    sources=(Section("/"), Auto(), NumericIds("/news/{id}.html")),
    article_url=r"/news/\d+\.html$",
    schedule="46 * * * *",
    site_names=("وكالة معا", "معا"),
    facts_as_of="2026-11",
)

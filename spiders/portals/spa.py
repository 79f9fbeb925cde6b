"""Saudi Press Agency (SPA)."""

from spiders.portal.definition import Auto, Portal, Section

PORTAL = Portal(
    name="spa",
    title_ar="وكالة الأنباء السعودية",
    title_en="Saudi Press Agency",
    country="SA",
    timezone="Asia/Riyadh",
    start_url="https://www.spa.gov.sa/",
    sources=(Section("/news/latest-news?page=1", page_url="/news/latest-news?page={page}", max_pages=5), Auto()),
    article_url=r"^https?://[^/]+/(?:[A-Za-z]?\d{6,}|[0-9a-f]{8}-[0-9a-f-]{20,})/?(?:\?|$)",
    not_article_url=r"/(?:en|fr|fa|ru|zh|ur)/",
    schedule="22 */3 * * *",
    site_names=("واس",),
    javascript=True,
    facts_as_of="2026-11",
    notes=("Pages are built in the browser: needs the javascript extra.", "The agency says that it has no feed."),
)

"""Emirates News Agency (WAM)."""

from spiders.portal.definition import Auto, Portal, Section

PORTAL = Portal(
    name="wam",
    title_ar="وكالة أنباء الإمارات",
    title_en="WAM",
    country="AE",
    timezone="Asia/Dubai",
    start_url="https://www.wam.ae/",
    sources=(Section("/ar/list/latest-news"), Auto()),
    article_url=r"/ar/article/[a-z0-9]{6,8}-",
    schedule="29 */3 * * *",
    site_names=("وام",),
    javascript=True,
    facts_as_of="2026-11",
    notes=("Pages are built in the browser: needs the javascript extra.", "Other languages have paths of their own."),
)

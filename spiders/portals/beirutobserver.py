"""Beirut Observer."""

from spiders.portal.definition import Auto, Feed, Portal

PORTAL = Portal(
    name="beirutobserver",
    title_ar="بيروت أوبزرفر",
    title_en="Beirut Observer",
    country="LB",
    timezone="Asia/Beirut",
    start_url="https://www.beirutobserver.com/",
    sources=(Feed("/feed/"), Auto()),
    article_url=r"/\d{4}/\d{2}/\d+/?$",
    schedule="33 */3 * * *",
    title_css=("h1.entry-title",),
    body_css=("article#the-post div.entry",),
    date_css=("span.tie-date",),
    facts_as_of="2026-11",
)

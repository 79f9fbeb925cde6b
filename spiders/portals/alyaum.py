"""Al-Yaum, Dammam."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="alyaum",
    title_ar="صحيفة اليوم",
    title_en="Al-Yaum",
    country="SA",
    timezone="Asia/Riyadh",
    start_url="https://www.alyaum.com/",
    sources=(Feed("/rssFeed/1005"), Feed("/rssFeed/1"), Section("/"), Auto()),
    article_url=r"/articles/\d+(?:/|$)",
    schedule="1 * * * *",
    site_names=("اليوم",),
    title_css=("div.aksa-to1-main h1",),
    body_css=("div.aksa-articleBody",),
    date_css=("div.aksa-date",),
    facts_as_of="2026-11",
    notes=(
        "article:published_time has no zone and is the clock of Riyadh.",
        "An address without a slug answers with a script that moves on: take the long form.",
        "Visible dates are in Eastern digits, time first.",
    ),
)

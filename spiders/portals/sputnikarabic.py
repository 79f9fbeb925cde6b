"""Sputnik Arabic, Moscow."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="sputnikarabic",
    title_ar="سبوتنيك عربي",
    title_en="Sputnik Arabic",
    country="XX",
    timezone="UTC",  # of the times on its pages; the newsroom is in Moscow
    start_url="https://sputnikarabic.ae/",
    sources=(Feed("/export/rss2/archive/index.xml"), Section("/"), Auto()),
    domains=("arabic.sputniknews.com",),
    schedule="3 * * * *",
    title_css=("div.b-article__header-title h1",),
    body_css=("div.b-article__text",),
    date_css=("time.b-article__refs-date",),
    facts_as_of="2026-11",
    notes=(
        "The selectors are of 2020, when the site was arabic.sputniknews.com; times were GMT.",
        "Today's addresses and layout are not known.",
    ),
)

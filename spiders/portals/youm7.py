"""Youm7 (Al-Youm al-Sabea), Cairo."""

from extract.profile import DateQuirk
from spiders.portal.definition import DatedArchive, Feed, Politeness, Portal, Section

PORTAL = Portal(
    name="youm7",
    title_ar="اليوم السابع",
    title_en="Youm7",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://www.youm7.com/",
    sources=(
        Feed("/rss/SectionRss?SectionID=65"),
        Feed("/rss/SectionRss?SectionID=203"),
        Section(
            "/Section/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1-%D8%B9%D8%A7%D8%AC%D9%84%D8%A9/65/1",
            page_url="/Section/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1-%D8%B9%D8%A7%D8%AC%D9%84%D8%A9/65/{page}",
            max_pages=3,
        ),
        DatedArchive("/Sitemap/{yyyy}/{m}/{d}"),
    ),
    folded_hosts=("m.youm7.com",),
    article_url=r"/story/\d{4}/\d{1,2}/\d{1,2}/(?:[^/?#]*/)?\d+/?$",
    schedule="24 * * * *",
    politeness=Politeness(delay_seconds=2.0),
    title_css=("div.articleHeader h1",),
    body_css=("#articleBody",),
    author_css=("div.articleCont span.writeBy",),
    date_css=("span.newsStoryDate",),
    date_quirks=(
        DateQuirk("meta:article:published_time", "local", "ends in Z but is the clock of Cairo (seen 2020)"),
        DateQuirk("meta:article:modified_time", "local", "as published_time"),
        DateQuirk("meta:og:updated_time", "local", "as published_time"),
    ),
    facts_as_of="2026-11",
    notes=(
        "The footer holds a second h1 with the site's name.",
        "Feeds were empty for datacentre addresses, and 503 comes and goes: the sitemap of the day is the best source.",
    ),
)

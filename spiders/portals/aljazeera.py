"""Al Jazeera Net, the Arabic site; aljazeera.com is another, English one."""

from spiders.portal.definition import DatedArchive, Feed, Portal, Section

PORTAL = Portal(
    name="aljazeera",
    title_ar="الجزيرة نت",
    title_en="Al Jazeera Arabic",
    country="QA",
    timezone="Asia/Qatar",
    start_url="https://www.aljazeera.net/",
    sources=(
        Feed("/aljazeerarss/a7c186be-1baa-4bd4-9d80-a84db769f779/73d0e1b4-532f-45ef-b135-bfdff8b8cab9"),
        Section("/"),
        DatedArchive("/sitemap.xml?yyyy={yyyy}&mm={mm}&dd={dd}"),
    ),
    article_url=r"/[a-z-]+/\d{4}/\d{1,2}/\d{1,2}/[^/?#]+/?$",
    not_article_url=r"(?i)\.(?:jpe?g|png|webp)$",
    schedule="34 * * * *",
    site_names=("الجزيرة نت", "الجزيرة"),
    title_css=("h1",),
    body_css=("div.wysiwyg.wysiwyg--all-content",),
    facts_as_of="2026-11",
    notes=(
        "The feed is an editors' choice, hours behind: the sitemap of the day is complete, with pictures mixed in.",
        "Old print pages give Hijri and Gregorian dates with Mecca and Greenwich times.",
    ),
)

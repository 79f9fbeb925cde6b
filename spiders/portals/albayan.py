"""Al-Bayan, Dubai."""

from extract.profile import DateQuirk
from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="albayan",
    title_ar="البيان",
    title_en="Al-Bayan",
    country="AE",
    timezone="Asia/Dubai",
    start_url="https://www.albayan.ae/",
    sources=(Feed("/cmlink/1.446"), Feed("/cmlink/1.447"), Feed("/cmlink/1.448"), Section("/"), Auto()),
    article_url=r"/\d{4}-\d{2}-\d{2}-1\.\d+/?$",
    schedule="36 * * * *",
    site_names=("صحيفة البيان",),
    title_css=("article h1.title",),
    body_css=("#articledetails.articlecontent",),
    author_css=("div.metadata div.source",),
    date_css=("time.date.published",),
    date_quirks=(DateQuirk("meta:article:modified_time", "ignore", "may lie before the publication"),),
    facts_as_of="2026-11",
    notes=(
        "The header shows the day of the visit in two calendars.",
        "Addresses are those of 2013 to 2022; the feeds may have died with a redesign.",
    ),
)

"""Akhbar El-Yom Gate, Cairo."""

from spiders.portal.definition import Auto, Feed, NumericIds, Portal, Section

PORTAL = Portal(
    name="akhbarelyom",
    title_ar="بوابة أخبار اليوم",
    title_en="Akhbar El-Yom Gate",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://akhbarelyom.com/",
    sources=(
        Feed("/RSS/GetSectionNewsRSS/1?SectionID=1"),
        Feed("/RSS/GetSectionNewsRSS/1?SectionID=35"),
        Section("/"),
        Auto(),
        NumericIds("/news/newdetails/{id}/1/"),
    ),
    folded_hosts=("m.akhbarelyom.com",),
    article_url=r"(?i)/news/newdetails/\d+/\d+(?:/|$)",
    schedule="13 * * * *",
    site_names=("أخبار اليوم",),
    title_css=("h1.entry-title",),
    body_css=("div.entry-content.HtmlDecode",),
    date_css=("div.post-meta-date",),
    facts_as_of="2026-11",
    notes=(
        "article:published_time is an Arabic sentence, in Cairo time.",
        "meta creation_date is the same constant on every page.",
        "A line with the city's name and the clock of the visit stands above the article.",
    ),
)

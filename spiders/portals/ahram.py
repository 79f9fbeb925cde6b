"""Al-Ahram Gate, the portal of Egypt's oldest daily."""

from spiders.portal.definition import Auto, NumericIds, Politeness, Portal, Section

PORTAL = Portal(
    name="ahram",
    title_ar="بوابة الأهرام",
    title_en="Al-Ahram Gate",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://gate.ahram.org.eg/",
    sources=(
        Section("/"),
        Section("/Portal/13/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1.aspx"),
        Auto(),
        NumericIds("/News/{id}.aspx"),
    ),
    article_url=r"/News/\d+\.aspx$",
    schedule="17 * * * *",
    politeness=Politeness(delay_seconds=2.0),
    site_names=("بوابة الأهرام", "الأهرام"),
    title_css=("h1#ContentPlaceHolder1_divTitle",),
    body_css=("#ContentPlaceHolder1_divContent",),
    date_css=("#ContentPlaceHolder1_divdate span",),
    remove_css=("span.colorcaption", "#imgSrc", "#ContentPlaceHolder1_divContent div.row"),
    facts_as_of="2026-11",
    notes=(
        "Dates are DD-MM-YYYY | HH:MM, Cairo time.",
        "No feed was ever shown to work.",
        "Scrapers met bot protection; a cookie banner's text can stand in the body.",
    ),
)

"""Almadenah News, Amman."""

from spiders.portal.definition import Auto, Portal

PORTAL = Portal(
    name="almadenahnews",
    title_ar="المدينة نيوز",
    title_en="Almadenah News",
    country="JO",
    timezone="Asia/Amman",
    start_url="https://www.almadenahnews.com/",
    sources=(Auto(),),
    article_url=r"/article/\d+-",
    schedule="11 * * * *",
    date_css=("div.article_created",),
    facts_as_of="2026-11",
    notes=("rel=canonical may point at a bare IP address.", "Dates carry a label and both month names."),
)

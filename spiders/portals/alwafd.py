"""Al-Wafd, the daily of the Wafd party, Cairo."""

from spiders.portal.definition import Auto, Feed, NumericIds, Portal, Section

PORTAL = Portal(
    name="alwafd",
    title_ar="بوابة الوفد",
    title_en="Al-Wafd",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://www.alwafd.news/",
    sources=(Feed("/feed/533"), Section("/"), Auto(), NumericIds("/{id}")),
    article_url=r"^https?://[^/]+/\d{6,}/?$",
    schedule="59 * * * *",
    site_names=("الوفد",),
    facts_as_of="2026-11",
    notes=("Feed 533 listed the latest of all sections in 2020.",),
)

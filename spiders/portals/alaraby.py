"""Al-Araby Al-Jadeed, London."""

from spiders.portal.definition import Auto, Portal

PORTAL = Portal(
    name="alaraby",
    title_ar="العربي الجديد",
    title_en="Al-Araby Al-Jadeed",
    country="XX",
    timezone="Europe/London",
    start_url="https://www.alaraby.co.uk/",
    sources=(Auto(),),
    schedule="58 * * * *",
    facts_as_of="2026-11",
    notes=("Lists disagree on whether a feed still works; the form of an article's address is not known.",),
)

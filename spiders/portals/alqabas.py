"""Al-Qabas, Kuwait."""

from spiders.portal.definition import Auto, Portal

PORTAL = Portal(
    name="alqabas",
    title_ar="القبس",
    title_en="Al-Qabas",
    country="KW",
    timezone="Asia/Kuwait",
    start_url="https://alqabas.com/",
    sources=(Auto(),),
    schedule="0 * * * *",
    facts_as_of="2026-11",
    notes=(
        "Listing pages are filled by an API.",
        "Part of the articles is for subscribers.",
        "The form of an article's address is not known.",
    ),
)

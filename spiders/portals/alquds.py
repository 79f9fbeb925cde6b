"""Al-Quds Al-Arabi, London."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="alquds",
    title_ar="القدس العربي",
    title_en="Al-Quds Al-Arabi",
    country="XX",
    timezone="Europe/London",
    start_url="https://www.alquds.co.uk/",
    sources=(Feed("/feed/"), Section("/"), Auto()),
    keep_query=("p",),
    schedule="51 * * * *",
    facts_as_of="2026-11",
    notes=(
        "WordPress: short links name an article by ?p=, and the long form is not known.",
        "pdf.alquds.co.uk keeps the printed issues.",
    ),
)

"""Independent Arabia, London and Riyadh."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="independentarabia",
    title_ar="اندبندنت عربية",
    title_en="Independent Arabia",
    country="XX",
    timezone="Asia/Riyadh",
    start_url="https://www.independentarabia.com/",
    sources=(Feed("/rss.xml"), Section("/"), Auto()),
    schedule="44 * * * *",
    facts_as_of="2026-11",
    notes=("The form of an article's address is not known.", "The feed works now and then."),
)

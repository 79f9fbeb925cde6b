"""Echorouk Online, Algiers."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="echorouk",
    title_ar="الشروق أونلاين",
    title_en="Echorouk Online",
    country="DZ",
    timezone="Africa/Algiers",
    start_url="https://www.echoroukonline.com/",
    sources=(Feed("/feed"), Section("/economy", page_url="/economy/page/{page}", max_pages=2), Section("/"), Auto()),
    schedule="21 * * * *",
    site_names=("الشروق",),
    facts_as_of="2026-11",
    notes=("WordPress; articles are slugs at the root.",),
)

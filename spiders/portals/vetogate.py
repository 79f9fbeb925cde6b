"""Veto Gate, Cairo."""

from spiders.portal.definition import Auto, Feed, NumericIds, Portal, Section

PORTAL = Portal(
    name="vetogate",
    title_ar="فيتو",
    title_en="Veto Gate",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://www.vetogate.com/",
    sources=(Feed("/RSS/39"), Feed("/RSS/35"), Section("/"), Auto(), NumericIds("/{id}")),
    article_url=r"^https?://[^/]+/\d{6,}/?$",
    schedule="27 * * * *",
    site_names=("بوابة فيتو",),
    facts_as_of="2026-11",
    notes=("Beside the date stands the label of the font size, glued to the hour.",),
)

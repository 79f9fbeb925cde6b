"""Cairo 24."""

from spiders.portal.definition import Auto, NumericIds, Portal, Section

PORTAL = Portal(
    name="cairo24",
    title_ar="القاهرة 24",
    title_en="Cairo 24",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://www.cairo24.com/",
    sources=(Section("/"), Section("/section/167/Economy"), Auto(), NumericIds("/{id}")),
    article_url=r"^https?://[^/]+/\d{6,}/?$",
    schedule="20 * * * *",
    facts_as_of="2026-11",
)

"""Assabah, Tunis."""

from spiders.portal.definition import Auto, Portal

PORTAL = Portal(
    name="assabah",
    title_ar="الصباح نيوز",
    title_en="Assabah News",
    country="TN",
    timezone="Africa/Tunis",
    start_url="http://www.assabah.com.tn/",
    sources=(Auto(),),
    article_url=r"/article/\d+(?:/|$)",
    schedule="35 */3 * * *",
    site_names=("الصباح",),
    title_css=("h1#page-title",),
    body_css=("div.field-name-body div.field-item",),
    date_css=("span.date-display-single",),
    facts_as_of="2026-11",
    notes=("Dates use Tunisian month names.", "A sidebar lists printed issues with their dates."),
)

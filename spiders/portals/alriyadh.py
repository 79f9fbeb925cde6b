"""Al-Riyadh."""

from spiders.portal.definition import Auto, NumericIds, Portal, Section

PORTAL = Portal(
    name="alriyadh",
    title_ar="الرياض",
    title_en="Al-Riyadh",
    country="SA",
    timezone="Asia/Riyadh",
    start_url="https://www.alriyadh.com/",
    sources=(Section("/"), Auto(), NumericIds("/{id}")),
    article_url=r"^https?://[^/]+/\d{6,}/?$|/\d{4}/\d{2}/\d{2}/article\d+\.html$|/net/article/\d+$",
    schedule="54 * * * *",
    site_names=("جريدة الرياض", "صحيفة الرياض"),
    title_css=(".article-title h2",),
    body_css=(".col-md-12.article-text",),
    date_css=(".article-time time",),
    facts_as_of="2026-11",
    notes=("Numbers are dense.",),
)

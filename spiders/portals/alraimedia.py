"""Al-Rai, Kuwait; alrai.com is the Jordanian paper of that name."""

from spiders.portal.definition import Auto, NumericIds, Portal, Section

PORTAL = Portal(
    name="alraimedia",
    title_ar="الراي",
    title_en="Al-Rai",
    country="KW",
    timezone="Asia/Kuwait",
    start_url="https://www.alraimedia.com/",
    sources=(Section("/"), Auto(), NumericIds("/article/{id}/")),
    article_url=r"/article/\d+(?:/|$)",
    schedule="7 * * * *",
    site_names=("جريدة الراي",),
    title_css=(".article-title",),
    body_css=(".article-desc",),
    date_css=(".article-date",),
    facts_as_of="2026-11",
    notes=("The time of day stands apart from the date, in .article-time.",),
)

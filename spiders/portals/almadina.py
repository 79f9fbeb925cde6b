"""Al-Madina, Jeddah."""

from spiders.portal.definition import Auto, Feed, NumericIds, Politeness, Portal, Section

PORTAL = Portal(
    name="almadina",
    title_ar="صحيفة المدينة",
    title_en="Al-Madina",
    country="SA",
    timezone="Asia/Riyadh",
    start_url="https://www.al-madina.com/",
    sources=(Feed("/rssFeed/193"), Section("/"), Auto(), NumericIds("/article/{id}")),
    article_url=r"/article/\d+",
    schedule="8 * * * *",
    politeness=Politeness(delay_seconds=5.0),
    site_names=("المدينة", "جريدة المدينة"),
    title_css=("h1.article-title",),
    body_css=(".article-body",),
    date_css=(".article-date",),
    facts_as_of="2026-11",
    notes=("Answers 503 to hurried visitors: one page in five seconds.",),
)

"""The demo portal that Warraq serves itself; its address comes from WARRAQ_DEMO_URL."""

from spiders.portal.definition import Auto, Politeness, Portal

PORTAL = Portal(
    name="demo",
    title_ar="بوابة الميزان الإخبارية",
    title_en="Al-Mizan (demo portal)",
    country="EG",
    timezone="Africa/Cairo",
    start_url="http://127.0.0.1:18800/",
    sources=(Auto(),),
    article_url=r"^https?://[^/]+/(?:\d{6,9}/?(?:[?#]|$)|\d{4}/\d\d/\d\d/|News/NewsDetails\.aspx\?|(?:news|story|article)/)",
    keep_query=("id",),
    schedule="0 0 * * *",  # a window a day of Cairo: a month's backfill is 30 runs
    politeness=Politeness(delay_seconds=0.0, concurrency=8),
    is_local=True,
)

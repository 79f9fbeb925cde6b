"""Al-Akhbar, Beirut."""

from spiders.portal.definition import Auto, Portal

PORTAL = Portal(
    name="alakhbar",
    title_ar="الأخبار",
    title_en="Al-Akhbar",
    country="LB",
    timezone="Asia/Beirut",
    start_url="https://al-akhbar.com/",
    sources=(Auto(),),
    schedule="12 * * * *",
    facts_as_of="2026-11",
    notes=("Neither a feed nor the form of an article's address is proven.",),
)

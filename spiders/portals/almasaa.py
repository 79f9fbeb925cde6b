"""Al-Masaa, the evening paper of Dar al-Tahrir, Cairo."""

from spiders.portal.definition import Auto, NumericIds, Portal

PORTAL = Portal(
    name="almasaa",
    title_ar="بوابة المساء الاخباري",
    title_en="Al-Masaa",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://almessa.gomhuriaonline.com/",
    sources=(Auto(), NumericIds("/{id}/")),
    article_url=r"^https?://[^/]+/\d{5,}/?$",
    schedule="3 * * * *",
    site_names=("موقع بوابة المساء الاخباري", "المساء الاخباري", "بوابة المساء", "المساء"),
    facts_as_of="2026-11",
    notes=(
        "Feed, sitemap and robots.txt are not known: discovery tries the usual addresses.",
        "A past window without a sitemap is found by the articles' numbers.",
    ),
)

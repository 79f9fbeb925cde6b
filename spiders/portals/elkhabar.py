"""El Khabar, Algiers."""

from spiders.portal.definition import Auto, Portal, Section

PORTAL = Portal(
    name="elkhabar",
    title_ar="الخبر",
    title_en="El Khabar",
    country="DZ",
    timezone="Africa/Algiers",
    start_url="https://www.elkhabar.com/",
    sources=(Section("/economie?page=1", page_url="/economie?page={page}", max_pages=2), Section("/"), Auto()),
    schedule="14 * * * *",
    site_names=("جريدة الخبر",),
    title_css=("h1",),
    body_css=("article",),
    author_css=('a[href*="/profile/"]',),
    remove_css=("article .share", "article .social", "article .tags", "article .ads", "article aside"),
    facts_as_of="2026-11",
    notes=(
        "Dates stand near the top of the article as DD/MM/YYYY - HH:MM.",
        "Addresses changed: /press/article/… before, /category/slug now.",
    ),
)

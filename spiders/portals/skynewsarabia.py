"""Sky News Arabia, Abu Dhabi."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="skynewsarabia",
    title_ar="سكاي نيوز عربية",
    title_en="Sky News Arabia",
    country="AE",
    timezone="Asia/Dubai",
    start_url="https://www.skynewsarabia.com/",
    sources=(
        Feed("/rss.xml"),
        Feed("/rss/middle-east.xml"),
        Feed("/rss/world.xml"),
        Section("/middle-east"),
        Section("/world"),
        Auto(),
    ),
    article_url=r"/[a-z-]+/\d{5,}(?:-[^/?#]*)?/?$",
    schedule="55 * * * *",
    title_css=("h1.sna_content_heading",),
    body_css=("div.article-body",),
    author_css=("div.article-sub-heading",),
    facts_as_of="2026-11",
    notes=(
        "JSON-LD dates are ISO in Eastern digits.",
        "The byline is a desk and a place.",
        "rss.xml was declared in the head but answered 404 in 2026.",
    ),
)

"""BBC News Arabic."""

from spiders.portal.definition import Feed, Portal, Section, WebArchive

PORTAL = Portal(
    name="bbcarabic",
    title_ar="بي بي سي عربي",
    title_en="BBC News Arabic",
    country="XX",
    timezone="Europe/London",
    start_url="https://www.bbc.com/arabic",
    sources=(
        Feed("https://feeds.bbci.co.uk/arabic/rss.xml"),
        Feed("https://feeds.bbci.co.uk/arabic/middleeast/rss.xml"),
        Feed("https://feeds.bbci.co.uk/arabic/worldnews/rss.xml"),
        Feed("https://feeds.bbci.co.uk/arabic/business/rss.xml"),
        Section("/arabic"),
        WebArchive("www.bbc.com/arabic/articles/"),
    ),
    domains=("feeds.bbci.co.uk",),
    article_url=r"/arabic/articles/[a-z0-9]{11,14}/?$",
    schedule="2 * * * *",
    site_names=("BBC News عربي",),
    body_css=("main",),
    facts_as_of="2026-11",
    notes=(
        "Class names are hashed and change: none is used.",
        "The host carries other languages too: only /arabic/ counts.",
        "Feed terms allow personal use.",
    ),
)

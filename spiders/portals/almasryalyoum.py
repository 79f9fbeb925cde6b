"""Al-Masry Al-Youm, Cairo."""

from spiders.portal.definition import Auto, Feed, NumericIds, Politeness, Portal, Section

PORTAL = Portal(
    name="almasryalyoum",
    title_ar="المصري اليوم",
    title_en="Al-Masry Al-Youm",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://www.almasryalyoum.com/",
    sources=(
        Feed("/rss/rssfeed"),
        Feed("/rss/rssfeeds"),
        Section("/section/index/3"),
        Section("/"),
        Auto(),
        NumericIds("/news/details/{id}"),
    ),
    article_url=r"/news/details/\d+",
    schedule="38 * * * *",
    politeness=Politeness(delay_seconds=3.0),
    title_css=("h1.article-title", "div.article h1"),
    body_css=("div.masry-article-details > div.article-details", "div.article"),
    facts_as_of="2026-11",
    notes=(
        "The feed can be half a day old: section pages are fresher.",
        "Numbers jump between 3.5 and 4.2 million.",
        "Behind Cloudflare.",
        "Round-ups hold paragraphs that are only a link to another article: those are text.",
    ),
)

"""Al Jadeed, Beirut."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="aljadeed",
    title_ar="الجديد",
    title_en="Al Jadeed",
    country="LB",
    timezone="Asia/Beirut",
    start_url="https://www.aljadeed.tv/",
    sources=(Feed("/Rss/NewsHighlights/ar"), Section("/"), Auto()),
    article_url=r"/news/[^/?#]+/\d+/[^/?#]+/?$",
    schedule="26 * * * *",
    site_names=("قناة الجديد", "Al Jadeed"),
    body_css=("[itemprop=articleBody]",),
    facts_as_of="2026-11",
    notes=(
        "The body is a lead (ShortDesc) and a text (LongDesc).",
        "The headline stands before and after the date line.",
    ),
)

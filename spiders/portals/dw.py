"""Deutsche Welle in Arabic, Berlin."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="dw",
    title_ar="دويتشه فيله",
    title_en="DW Arabic",
    country="XX",
    timezone="Europe/Berlin",
    start_url="https://www.dw.com/ar/",
    sources=(Feed("https://rss.dw.com/rdf/rss-ar-all"), Section("/ar/"), Auto()),
    domains=("rss.dw.com",),
    article_url=r"/ar/[^/?#]+/a-\d+/?$",
    schedule="30 * * * *",
    site_names=("DW", "DW عربية"),
    title_css=("h1",),
    body_css=("div.content-area",),
    facts_as_of="2026-11",
    notes=("The feed is RSS 1.0 (RDF).", "Addresses with av- are videos."),
)

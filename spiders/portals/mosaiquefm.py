"""Mosaique FM, Tunis."""

from spiders.portal.definition import Auto, Feed, Portal

PORTAL = Portal(
    name="mosaiquefm",
    title_ar="موزاييك أف.أم",
    title_en="Mosaique FM",
    country="TN",
    timezone="Africa/Tunis",
    start_url="https://www.mosaiquefm.net/ar/",
    sources=(Feed("/ar/rss"), Auto()),
    not_article_url=r"^https?://[^/]+/(?!ar/|amp/ar/)",
    schedule="28 * * * *",
    site_names=("Mosaique FM", "موزاييك إف إم"),
    javascript=True,
    facts_as_of="2026-11",
    notes=(
        "Bodies are filled by a script: needs the javascript extra.",
        "The same path under /amp/ is complete without a script.",
    ),
)

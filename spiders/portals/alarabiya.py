"""Al Arabiya, Dubai and Riyadh."""

from spiders.portal.definition import Feed, Politeness, Portal, Section, Sitemap

PORTAL = Portal(
    name="alarabiya",
    title_ar="العربية",
    title_en="Al Arabiya",
    country="XX",
    timezone="Asia/Dubai",
    start_url="https://www.alarabiya.net/",
    sources=(Feed("/.mrss/ar.xml"), Sitemap("/sitemap.xml"), Section("/")),
    article_url=r"/\d{4}/\d{2}/\d{2}/[^/?#]+/?$",
    not_article_url=r"/amp/",
    schedule="41 * * * *",
    politeness=Politeness(delay_seconds=3.0),
    site_names=("العربية نت", "العربية.نت"),
    body_css=("#body-text",),
    remove_css=("#body-text .advertisement-wrapper", ".feed-card.ar"),
    facts_as_of="2026-11",
    notes=(
        "Behind Cloudflare: feed, front page and sitemap answered 403 to datacentre addresses.",
        "article:published_time carries the offset of Dubai and is right.",
    ),
)

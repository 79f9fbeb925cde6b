"""Hespress, Rabat."""

from spiders.portal.definition import Feed, NewsSitemap, Portal, Section, Sitemap

PORTAL = Portal(
    name="hespress",
    title_ar="هسبريس",
    title_en="Hespress",
    country="MA",
    timezone="Africa/Casablanca",
    start_url="https://www.hespress.com/",
    sources=(
        NewsSitemap("/sitemap-news.xml"),
        Feed("/feed"),
        Section(
            "/?action=ajax_listing&paged=1&all_listing=1",
            page_url="/?action=ajax_listing&paged={page}&all_listing=1",
            max_pages=3,
        ),
        Sitemap("/sitemap.xml"),
    ),
    article_url=r"/(?:[^/?#]+/)?(?:[^/?#]*-)?\d{4,}\.html",
    schedule="40 * * * *",
    site_names=("Hespress", "جريدة هسبريس الإلكترونية"),
    body_css=("div.article-content",),
    facts_as_of="2026-11",
    notes=("Visible dates use Moroccan month names.", "The French and English editions have hosts of their own."),
)

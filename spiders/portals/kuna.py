"""KUNA, the Kuwait News Agency."""

from spiders.portal.definition import Auto, NumericIds, Portal, Section

PORTAL = Portal(
    name="kuna",
    title_ar="كونا",
    title_en="KUNA",
    country="KW",
    timezone="Asia/Kuwait",
    start_url="https://www.kuna.net.kw/",
    sources=(Section("/NewsCastPage.aspx?language=ar"), Auto(), NumericIds("/ArticleDetails.aspx?id={id}&language=ar")),
    article_url=r"(?i)/ArticleDetails\.aspx\?(?:[^#]*&)?id=\d+",
    not_article_url=r"(?i)[?&]language=en",
    keep_query=("id",),
    schedule="53 * * * *",
    site_names=("وكالة الأنباء الكويتية",),
    title_css=("h1.post-title a",),
    body_css=("div.post-content",),
    date_css=("div.article-info-bar time",),
    facts_as_of="2026-11",
    notes=("The article is named by the query.",),
)

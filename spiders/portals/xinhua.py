"""Xinhua in Arabic, Beijing."""

from spiders.portal.definition import Auto, Portal, Section

PORTAL = Portal(
    name="xinhua",
    title_ar="شينخوا",
    title_en="Xinhua Arabic",
    country="XX",
    timezone="Asia/Shanghai",
    start_url="https://arabic.news.cn/",
    sources=(Section("/world/index.htm"), Section("/"), Auto()),
    article_url=r"/\d{8}/[0-9a-f]{32}/c\.html$|/\d{4}-\d{2}/\d{2}/c_\d+\.htm$",
    schedule="56 */3 * * *",
    facts_as_of="2026-11",
    notes=("Until 2022 an article's further pages ended in _2.htm.",),
)

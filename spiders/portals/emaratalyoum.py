"""Emarat Al Youm, Dubai."""

from spiders.portal.definition import Auto, Feed, Portal, Section

PORTAL = Portal(
    name="emaratalyoum",
    title_ar="الإمارات اليوم",
    title_en="Emarat Al Youm",
    country="AE",
    timezone="Asia/Dubai",
    start_url="https://www.emaratalyoum.com/",
    sources=(Feed("/1.533091?ot=ot.AjaxPageLayout"), Section("/"), Auto()),
    article_url=r"/\d{4}-\d{2}-\d{2}-1\.\d+/?$",
    schedule="43 * * * *",
    body_css=("div#article-body",),
    facts_as_of="2026-11",
)

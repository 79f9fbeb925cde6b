"""WAFA, the Palestinian news agency."""

from spiders.portal.definition import Auto, NumericIds, Portal, Section

PORTAL = Portal(
    name="wafa",
    title_ar="وفا",
    title_en="WAFA",
    country="PS",
    timezone="Asia/Hebron",
    start_url="https://wafa.ps/",
    sources=(Section("/"), Auto(), NumericIds("/Pages/Details/{id}")),
    article_url=r"(?i)/Pages/Details/\d+/?$",
    schedule="39 * * * *",
    site_names=("وكالة الأنباء والمعلومات الفلسطينية",),
    facts_as_of="2026-11",
    notes=("english.wafa.ps is the English edition, info.wafa.ps holds documents.",),
)

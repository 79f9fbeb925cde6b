"""Sabq, Riyadh."""

from spiders.portal.definition import Auto, Portal, Section, Sitemap

PORTAL = Portal(
    name="sabq",
    title_ar="سبق",
    title_en="Sabq",
    country="SA",
    timezone="Asia/Riyadh",
    start_url="https://sabq.org/",
    sources=(Sitemap("/sitemap.xml"), Section("/"), Auto()),
    article_url=r"/[a-z-]+/(?=[a-z0-9]*\d|[a-z]{10}$|[a-z]{6}$)[a-z0-9]{6,10}/?$",
    schedule="15 * * * *",
    site_names=("صحيفة سبق الإلكترونية", "صحيفة سبق"),
    facts_as_of="2026-11",
    notes=("Articles are named by a code; a section of six or ten letters looks the same.",),
)

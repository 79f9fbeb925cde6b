"""Asharq Al-Awsat, London and Riyadh."""

from spiders.portal.definition import Auto, Feed, Portal

PORTAL = Portal(
    name="aawsat",
    title_ar="الشرق الأوسط",
    title_en="Asharq Al-Awsat",
    country="XX",
    timezone="Asia/Riyadh",
    start_url="https://aawsat.com/",
    sources=(Feed("/feed"), Auto()),
    article_url=r"/(?:node/\d+|(?:[^/]+/){1,3}\d{6,}-[^/?#]+)/?$",
    schedule="48 * * * *",
    site_names=("صحيفة الشرق الأوسط",),
    facts_as_of="2026-11",
    notes=(
        "The feed lists about 300 items, minutes old.",
        "The headline is repeated before the body, with TT between.",
    ),
)

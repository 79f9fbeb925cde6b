"""Al-Gomhuria, the daily of Dar al-Tahrir, Cairo."""

from spiders.portal.definition import Auto, NumericIds, Portal, Section

PORTAL = Portal(
    name="algomhuria",
    title_ar="الجمهورية أون لاين",
    title_en="Al-Gomhuria",
    country="EG",
    timezone="Africa/Cairo",
    start_url="https://www.gomhuriaonline.com/",
    sources=(Section("/"), Auto(), NumericIds("/Gomhuria/{id}.html")),
    folded_hosts=("m.gomhuriaonline.com",),
    article_url=r"/Gomhuria/\d+\.html$",
    schedule="10 * * * *",
    site_names=("بوابة الجمهورية أون لاين", "الجمهورية"),
    title_css=("h1",),
    body_css=("div.DetialsNews",),
    facts_as_of="2026-11",
    notes=(
        "The body's class is misspelled on the site itself and occurs several times.",
        "natega.gomhuriaonline.com holds exam results, no news.",
    ),
)

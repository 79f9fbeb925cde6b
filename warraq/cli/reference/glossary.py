"""The page of words: each has one meaning, in code, commands, columns and documents."""

from __future__ import annotations

from storage.model.meanings import Meaning

WORDS: dict[str, Meaning] = {
    "archive": Meaning("everything that is kept: raw pages and tables, in a directory or an S3 bucket", "الأرشيف"),
    "article": Meaning("a story, known by its canonical URL; keeps its `article_id` when its text changes", "مقال"),
    "attempt": Meaning("one try at a round; a later one goes on where it stopped", "محاولة"),
    "audit": Meaning("what is checked of a run before anybody sees it", "تدقيق"),
    "backfill": Meaning("archiving the past, window by window", "استدراك الماضي"),
    "boilerplate": Meaning("what stands in and around an article without being part of it", "ما ليس من المقال"),
    "budget": Meaning("how often a portal may be asked, shared by all processes and runs", "حصة الطلبات"),
    "capture": Meaning("bytes of an answer as received, with the request and the time", "التقاط"),
    "check": Meaning("a live look at one portal's site", "فحص موقع حي"),
    "chunk": Meaning("a WARC file of a run, beside it an index; both carry digests", "قطعة من ملفات WARC"),
    "definition": Meaning("what a portal is, as data: one file in `spiders/portals/`", "تعريف بوابة"),
    "degraded": Meaning("published, with findings that a person should read", "متدهور"),
    "discovery": Meaning("looking for sources where the declared ones list nothing", "اكتشاف المصادر"),
    "doctor": Meaning("a look at this installation: store, catalog, machine, settings", "فحص التثبيت"),
    "edition": Meaning("one distinct text of an article", "طبعة: نص بعينه لمقال"),
    "finding": Meaning("one thing that the audit noticed", "ملاحظة"),
    "flag": Meaning("a word for what is unusual about a text", "علم"),
    "health": Meaning("how portals are, judged by their latest runs", "حال البوابات"),
    "learnt lines": Meaning("lines that repeat over a portal's articles and are stripped", "أسطر متكررة متعلَّمة"),
    "link": Meaning("a URL that a source listed", "رابط"),
    "outcome": Meaning("how a link of a run ended: one of a closed list", "نهاية رابط"),
    "page": Meaning("a captured answer that may hold an article", "صفحة"),
    "portal": Meaning("a news site", "بوابة إخبارية"),
    "publish": Meaning("make a run's rows visible, in one commit over three tables", "نشر"),
    "re-extraction": Meaning("today's rules over pages that were captured before", "إعادة الاستخلاص"),
    "rejection": Meaning("why a page is no article", "سبب الرفض"),
    "release": Meaning("a month, or some in a row, as plain Parquet, frozen and citable", "إصدار"),
    "round": Meaning("a finished crawl of a run; crawling it again opens the next", "جولة"),
    "run": Meaning("one portal and one window", "تشغيل"),
    "silence": Meaning("a span in which no alerts are sent about a portal", "إسكات التنبيهات"),
    "source": Meaning("where a portal's links are listed: sitemap, feed, section, WordPress, numbers…", "مصدر روابط"),
    "stage": Meaning("crawl, extract or publish: each can be run alone and repeated", "مرحلة"),
    "verify": Meaning("prove that stored bytes and rows are what was written", "إثبات سلامة الأرشيف"),
    "window": Meaning("[start, end) in UTC: the slice of time a run is responsible for", "نافذة زمنية"),
    "witness": Meaning("a place that says a date, a title or a name", "شاهد"),
}
_HEAD = """# Glossary · المصطلحات

<!-- Generated: `make docs`. -->

Each word has one meaning, in code, commands, columns and documents.

| word | meaning | بالعربية |
| --- | --- | --- |
"""


def render() -> str:
    """One row a word, in the order of the alphabet."""
    return _HEAD + "".join(f"| *{word}* | {said.en} | {said.ar} |\n" for word, said in sorted(WORDS.items()))

"""Every column of the tables, described once: feeds Arrow, Parquet, Iceberg, the data dictionary and the checks.

A column is never renamed, retyped or removed. A new one is appended to its table with the next free id, is nullable,
and raises SCHEMA_VERSION: files written before it read as null there.
"""

from __future__ import annotations

from dataclasses import dataclass

# 1: the first layout. 2: runs.articles_known. 3: articles.opt_out. 4: articles.licence.
FIRST_SCHEMA = 1
SCHEMA_VERSION = 4

TEXT, INT, LONG, DOUBLE, TIME, BOOL = "string", "int", "long", "double", "timestamptz", "boolean"
TEXTS, COUNTS, BLOCKS = "list<string>", "map<string,long>", "list<struct<rule:string,text:string>>"


@dataclass(frozen=True)
class Column:
    """One column. `path` is the field of the record it comes from, `ids` the Iceberg field id, then nested ids."""

    name: str
    ids: tuple[int, ...]
    type: str
    nullable: bool
    path: str
    source: str
    en: str
    ar: str
    unit: str = ""
    since: int = FIRST_SCHEMA  # the SCHEMA_VERSION that brought it

    @property
    def meaning(self) -> tuple[str, str]:
        """What stands as its comment in SQL, in English and Arabic: a view's column cannot be NOT NULL otherwise."""
        return (self.en, self.ar) if self.nullable else (f"{self.en}; never null", f"{self.ar}؛ ليس فارغًا أبدًا")


@dataclass(frozen=True)
class TableSpec:
    """A table: its columns in order, the columns it is sorted by, and what a row is."""

    name: str
    columns: tuple[Column, ...]
    sort: tuple[str, ...]
    en: str
    ar: str

    @property
    def identifier(self) -> str:
        return f"news.{self.name}"

    def column(self, name: str) -> Column:
        """The column of this name; KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


# What a column's value was taken from.
PORTAL, PAGE, RULES, HTTP, WARC, RUN, AUDIT, LISTING = (
    "portal definition",
    "the page",
    "derived by the extractor",
    "HTTP exchange",
    "raw archive",
    "the run",
    "the audit",
    "the source's listing",
)

_URL_EN = "Address that was fetched, in one normal spelling: punycode, percent-encoding in capitals, no default port"
_URL_AR = "العنوان الذي جُلب، بصيغة موحّدة: اسم النطاق بصيغة punycode والحروف مرمّزة بعلامة النسبة، بلا منفذ افتراضي"
_RUN_EN = "Run that wrote the row: portal/window_start--window_end"
_RUN_AR = "التشغيلة التي كتبت الصف: البوابة/بداية النافذة--نهايتها"
_START_EN, _START_AR = "Start of the run's window, inclusive", "بداية نافذة التشغيلة، داخلة فيها"
_END_EN, _END_AR = "End of the run's window, exclusive", "نهاية نافذة التشغيلة، خارجة عنها"
_PORTAL_EN, _PORTAL_AR = "Name of the portal", "اسم البوابة"
_KEY_EN, _KEY_AR = "Key of the WARC object that holds the response", "مفتاح ملف WARC الذي يحوي الرد"
_OFFSET_EN, _OFFSET_AR = "Offset of the record's gzip member in the WARC object", "موضع سجلّ الرد داخل ملف WARC"
_LENGTH_EN, _LENGTH_AR = "Length of the record's gzip member", "طول سجلّ الرد داخل ملف WARC"
_SHA_EN = "SHA-256 of the payload as received, in hex"
_SHA_AR = "بصمة SHA-256 لمحتوى الرد كما ورد، بالست عشري"
_TOOL_EN, _TOOL_AR = "Version of the extraction rules", "إصدار قواعد الاستخلاص"

# One column in two or three lines keeps the list readable.
# fmt: off
ARTICLES = TableSpec(
    "articles",
    (
        Column("article_id", (1,), TEXT, False, "article_id", RULES,
               "Identity of the story: hash of portal and canonical URL", "هوية الخبر: بصمة البوابة والعنوان المعتمد"),
        Column("edition_id", (2,), TEXT, False, "edition_id", RULES,
               "Identity of this text of the story: hash of the normalised title and body",
               "هوية هذه الصيغة من الخبر: بصمة العنوان والمتن بعد التطبيع"),
        Column("url", (3,), TEXT, False, "url", PORTAL, _URL_EN, _URL_AR),
        Column("canonical_url", (4,), TEXT, True, "text.canonical_url", PAGE,
               "Address the article is known by, in every row: the one the page states if that is on the portal and "
               "not its front page, else the one that was fetched",
               "العنوان الذي يُعرف به الخبر، وهو موجود في كل صف: ما تعلنه الصفحة إن كان على البوابة وليس صفحتها الأولى، "
               "وإلا فالعنوان الذي جُلب"),
        Column("portal", (5,), TEXT, False, "portal", PORTAL, _PORTAL_EN, _PORTAL_AR),
        Column("country", (6,), TEXT, True, "country", PORTAL,
               "Country of the portal; XX for pan-Arab and foreign broadcasters",
               "بلد البوابة؛ XX للقنوات العربية العامة والأجنبية", unit="ISO 3166-1 alpha-2"),
        Column("title", (7,), TEXT, False, "text.title", PAGE, "Headline, without the site's name or slogan",
               "العنوان، دون اسم الموقع أو شعاره"),
        Column("body", (8,), TEXT, False, "text.body", PAGE,
               "Text of the article; paragraphs are separated by one newline",
               "متن الخبر؛ بين كل فقرتين سطر جديد واحد"),
        Column("description", (9,), TEXT, True, "text.description", PAGE, "Summary the portal gave",
               "الملخص الذي قدّمته البوابة"),
        Column("section", (10,), TEXT, True, "text.section", PAGE, "Section of the portal", "القسم في البوابة"),
        Column("tags", (11, 36), TEXTS, False, "text.tags", PAGE, "Keywords the portal gave",
               "الكلمات المفتاحية كما وردت"),
        Column("authors", (12, 37), TEXTS, False, "text.authors", PAGE,
               "Names in the byline; empty where none is certain", "أسماء الكتّاب؛ فارغة إن لم يكن اسم مؤكدًا"),
        Column("agency", (13,), TEXT, True, "text.agency", PAGE, "News agency named as the origin",
               "وكالة الأنباء المذكورة مصدرًا"),
        Column("language", (14,), TEXT, True, "text.language", RULES, "Language of the text", "لغة النص",
               unit="BCP 47"),
        Column("lead_image_url", (15,), TEXT, True, "text.lead_image_url", PAGE, "Address of the main picture",
               "عنوان الصورة الرئيسة"),
        Column("word_count", (16,), INT, False, "text.word_count", RULES, "Words in the body", "عدد كلمات المتن",
               unit="words"),
        Column("published_at", (17,), TIME, True, "text.published_at", PAGE,
               "When the article was published; null where no witness is credible",
               "وقت النشر؛ يُترك فارغًا إن لم يوجد شاهد موثوق", unit="UTC"),
        Column("published_precision", (18,), TEXT, True, "text.published_precision", RULES,
               "How exact published_at is: second, minute or day", "دقة وقت النشر: ثانية أو دقيقة أو يوم"),
        Column("published_source", (19,), TEXT, True, "text.published_source", RULES,
               "Which witness the date comes from: json_ld, meta, time_element, visible_text, url, listing",
               "الشاهد الذي أُخذ منه التاريخ: json_ld أو meta أو time_element أو visible_text أو url أو listing"),
        Column("published_confidence", (20,), DOUBLE, True, "text.published_confidence", RULES, "How sure the date is",
               "مدى الثقة في التاريخ", unit="0 to 1"),
        Column("published_raw", (21,), TEXT, True, "text.published_raw", PAGE, "The date as it was written",
               "التاريخ كما كُتب"),
        Column("modified_at", (22,), TIME, True, "text.modified_at", PAGE,
               "When the portal says the article was changed", "وقت التعديل كما تذكره البوابة", unit="UTC"),
        Column("captured_at", (23,), TIME, False, "captured_at", HTTP, "When this text was first captured",
               "أول مرة التُقط فيها هذا النص", unit="UTC"),
        Column("removed_blocks", (24, 38, 39, 40), BLOCKS, False, "text.removed_blocks", RULES,
               "What was stripped from the page, each with the rule that did it",
               "ما حُذف من الصفحة، ومع كل قطعة القاعدة التي حذفتها"),
        Column("quality", (25,), DOUBLE, False, "text.quality", RULES, "How trustworthy the extraction is",
               "مدى الثقة في الاستخلاص", unit="0 to 1"),
        Column("flags", (26, 41), TEXTS, False, "text.flags", RULES, "What is unusual about the text, sorted",
               "ما هو غير مألوف في النص، مرتبًا"),
        Column("text_simhash", (27,), LONG, True, "text.text_simhash", RULES,
               "SimHash of the folded text, for near duplicates", "بصمة SimHash للنص المطبّع، لكشف النصوص المتشابهة",
               unit="64 bits, signed"),
        Column("run_id", (28,), TEXT, False, "run_id", RUN, _RUN_EN, _RUN_AR),
        Column("window_start", (29,), TIME, False, "window_start", RUN, _START_EN, _START_AR, unit="UTC"),
        Column("window_end", (30,), TIME, False, "window_end", RUN, _END_EN, _END_AR, unit="UTC"),
        Column("warc_key", (31,), TEXT, False, "place.key", WARC, _KEY_EN, _KEY_AR),
        Column("warc_offset", (32,), LONG, False, "place.offset", WARC, _OFFSET_EN, _OFFSET_AR, unit="bytes"),
        Column("warc_length", (33,), LONG, False, "place.length", WARC, _LENGTH_EN, _LENGTH_AR, unit="bytes"),
        Column("payload_sha256", (34,), TEXT, False, "place.payload_sha256", WARC, _SHA_EN, _SHA_AR),
        Column("extractor_version", (35,), TEXT, False, "extractor_version", RULES, _TOOL_EN, _TOOL_AR),
        Column("opt_out", (42,), TEXT, True, "opt_out", HTTP,
               "How the page or its site reserved text and data mining when it was captured; null: it did not, or "
               "the row is older than the column",
               "كيف تحفظت الصفحة أو موقعها على التنقيب في النصوص والبيانات حين التُقطت؛ وفراغه: لم يتحفظا، "
               "أو الصف أقدم من العمود", since=3),
        Column("licence", (43,), TEXT, True, "text.licence", PAGE,
               "Licence that the page states for its own article in rel=license, HTTP's Link, JSON-LD or Dublin Core: "
               "an address, else its words; null: it states none, or the row is older than the column",
               "الرخصة التي تعلنها الصفحة لخبرها في rel=license أو ترويسة Link أو JSON-LD أو Dublin Core: عنوانها، "
               "وإلا فنصّها؛ وفراغه: لا تعلن رخصة، أو الصف أقدم من العمود", since=4),
    ),
    sort=("published_at", "captured_at", "edition_id"),
    en="One row an edition: one distinct text of an article.",
    ar="صف لكل صيغة: نص واحد متميّز من خبر.",
)

FETCHES = TableSpec(
    "fetches",
    (
        Column("url", (1,), TEXT, False, "link.url", LISTING, _URL_EN, _URL_AR),
        Column("link_id", (2,), TEXT, False, "link.link_id", RULES, "Identity of the URL", "هوية العنوان"),
        Column("portal", (3,), TEXT, False, "portal", PORTAL, _PORTAL_EN, _PORTAL_AR),
        Column("source", (4,), TEXT, False, "link.source", LISTING, "Kind of source that listed the link first",
               "نوع المصدر الذي ذكر الرابط أولًا"),
        Column("source_url", (5,), TEXT, True, "link.source_url", LISTING,
               "Address of that source, spelled like `url`; of an import the file",
               "عنوان ذلك المصدر بصيغة العمود url، وللمستورد اسم الملف"),
        Column("listed_at", (6,), TIME, True, "link.listed_at", LISTING, "Date the source gave for the link",
               "التاريخ الذي ذكره المصدر للرابط", unit="UTC"),
        Column("outcome", (7,), TEXT, False, "outcome", RUN, "How the URL ended, one of a closed list",
               "ما آل إليه العنوان، من قائمة مغلقة"),
        Column("detail", (8,), TEXT, True, "link.detail", RUN, "Cause, in one line", "السبب في سطر واحد"),
        Column("http_status", (9,), INT, True, "link.http_status", HTTP, "HTTP status", "رمز حالة HTTP"),
        Column("final_url", (10,), TEXT, True, "link.final_url", HTTP,
               "Address after redirects, spelled like `url`: the `url` of the article",
               "العنوان بعد التحويلات بصيغة العمود url، وهو عنوان المقال في جدوله"),
        Column("content_type", (11,), TEXT, True, "link.content_type", HTTP, "Content-Type header",
               "ترويسة Content-Type"),
        Column("bytes_received", (12,), LONG, False, "link.bytes_received", HTTP, "Body bytes as received",
               "حجم المحتوى كما ورد", unit="bytes"),
        Column("fetch_seconds", (13,), DOUBLE, True, "link.fetch_seconds", HTTP, "From request to last byte",
               "من الطلب إلى آخر بايت", unit="seconds"),
        Column("captured_at", (14,), TIME, True, "link.captured_at", HTTP, "When the response arrived", "وقت وصول الرد",
               unit="UTC"),
        Column("etag", (15,), TEXT, True, "link.etag", HTTP, "ETag header", "ترويسة ETag"),
        Column("last_modified", (16,), TEXT, True, "link.last_modified", HTTP, "Last-Modified header",
               "ترويسة Last-Modified"),
        Column("warc_key", (17,), TEXT, True, "link.place.key", WARC, _KEY_EN, _KEY_AR),
        Column("warc_offset", (18,), LONG, True, "link.place.offset", WARC, _OFFSET_EN, _OFFSET_AR, unit="bytes"),
        Column("warc_length", (19,), LONG, True, "link.place.length", WARC, _LENGTH_EN, _LENGTH_AR, unit="bytes"),
        Column("payload_sha256", (20,), TEXT, True, "link.place.payload_sha256", WARC, _SHA_EN, _SHA_AR),
        Column("article_id", (21,), TEXT, True, "article_id", RULES, "Article the page is, if it is one",
               "الخبر الذي تمثّله الصفحة إن كانت خبرًا"),
        Column("edition_id", (22,), TEXT, True, "edition_id", RULES, "Edition the page showed",
               "الصيغة التي عرضتها الصفحة"),
        Column("run_id", (23,), TEXT, False, "run_id", RUN, _RUN_EN, _RUN_AR),
        Column("window_start", (24,), TIME, False, "window_start", RUN, _START_EN, _START_AR, unit="UTC"),
        Column("window_end", (25,), TIME, False, "window_end", RUN, _END_EN, _END_AR, unit="UTC"),
    ),
    sort=("captured_at", "link_id"),
    en="One row a URL a run considered, with its one outcome.",
    ar="صف لكل عنوان نظرت فيه تشغيلة، مع مآله الوحيد.",
)

RUNS = TableSpec(
    "runs",
    (
        Column("run_id", (1,), TEXT, False, "run_id", RUN, _RUN_EN, _RUN_AR),
        Column("portal", (2,), TEXT, False, "portal", PORTAL, _PORTAL_EN, _PORTAL_AR),
        Column("window_start", (3,), TIME, False, "window_start", RUN, _START_EN, _START_AR, unit="UTC"),
        Column("window_end", (4,), TIME, False, "window_end", RUN, _END_EN, _END_AR, unit="UTC"),
        Column("verdict", (5,), TEXT, False, "verdict", AUDIT, "ok, degraded or failed", "ok أو degraded أو failed"),
        Column("findings", (6, 22), TEXTS, False, "findings", AUDIT, "What the audit noticed, one line each",
               "ما لاحظه التدقيق، سطر لكل ملاحظة"),
        Column("links", (7,), LONG, False, "links", RUN, "Links found; the outcomes add up to it",
               "الروابط التي عُثر عليها؛ مجموع المآلات يساويها", unit="links"),
        Column("outcomes", (8, 23, 24), COUNTS, False, "outcomes", RUN, "Links by outcome", "عدد الروابط لكل مآل",
               unit="links"),
        Column("articles_new", (9,), LONG, False, "articles_new", RUN, "Articles seen for the first time",
               "أخبار ظهرت أول مرة", unit="articles"),
        Column("editions", (10,), LONG, False, "editions", RUN, "New texts of known articles",
               "صيغ جديدة لأخبار معروفة", unit="editions"),
        Column("rejected", (11,), LONG, False, "rejected", RUN, "Captured pages that are not articles",
               "صفحات التُقطت وليست أخبارًا", unit="pages"),
        Column("baseline_articles", (12,), DOUBLE, True, "baseline_articles", AUDIT,
               "What this portal yields in such a window, from its own history",
               "ما تنشره البوابة عادة في نافذة كهذه، من تاريخها هي", unit="articles"),
        Column("rounds", (13,), INT, False, "rounds", RUN, "Finished crawls of the window",
               "عدد مرات الزحف المكتملة للنافذة", unit="crawls"),
        Column("attempts", (14,), INT, False, "attempts", RUN, "Tries within the last crawl", "المحاولات داخل آخر زحف",
               unit="tries"),
        Column("requests", (15,), LONG, False, "requests", HTTP, "Requests sent", "الطلبات المرسلة", unit="requests"),
        Column("bytes_received", (16,), LONG, False, "bytes_received", HTTP, "Body bytes as received",
               "حجم المحتوى كما ورد", unit="bytes"),
        Column("crawl_seconds", (17,), DOUBLE, False, "crawl_seconds", RUN, "Duration of the last crawl", "مدة آخر زحف",
               unit="seconds"),
        Column("started_at", (18,), TIME, False, "started_at", RUN, "Start of the crawl", "بداية الزحف", unit="UTC"),
        Column("finished_at", (19,), TIME, False, "finished_at", RUN, "End of the crawl", "نهاية الزحف", unit="UTC"),
        Column("extractor_version", (20,), TEXT, False, "extractor_version", RULES, _TOOL_EN, _TOOL_AR),
        Column("code_version", (21,), TEXT, False, "code_version", RUN, "Version of Warraq that published the run",
               "إصدار ورّاق الذي نشر التشغيلة"),
        Column("articles_known", (25,), LONG, True, "articles_known", RUN,
               "Articles of the window that runs of overlapping windows had archived before",
               "أخبار من النافذة أرشفتها من قبل تشغيلات نوافذ متداخلة معها", unit="articles", since=2),
    ),
    sort=("window_start",),
    en="One row a run: what it found, what the audit said, what it cost.",
    ar="صف لكل تشغيلة: ما وجدته، وما قاله التدقيق، وما كلّفته.",
)

# fmt: on

TABLES = (ARTICLES, FETCHES, RUNS)
TABLE_BY_NAME = {table.name: table for table in TABLES}

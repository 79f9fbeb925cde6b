"""What each word of a closed list means, in English and Arabic: the reference pages and the data dictionary show it.

A test compares the lists with the code that writes the words: none is missing, none is left over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from storage.model.outcomes import Outcome, Rejection, rejected
from storage.model.records import Precision, Verdict


class Meaning(NamedTuple):
    """The same in both languages."""

    en: str
    ar: str


def word_table(head: str, meanings: Mapping[str, Meaning]) -> list[str]:
    """The lines of a Markdown table, one a word."""
    rows = [f"| `{word}` | {meaning.en} | {meaning.ar} |" for word, meaning in meanings.items()]
    return [f"| {head} | meaning | المعنى |", "| --- | --- | --- |", *rows]


OUTCOMES: dict[str, Meaning] = {
    Outcome.CAPTURED: Meaning(
        "between crawl and extraction: the page is in the raw archive", "بين الزحف والاستخلاص: الصفحة في الأرشيف الخام"
    ),
    Outcome.NEW: Meaning("first text of an article", "أول نص لمقال"),
    Outcome.EDITION: Meaning("another text of an article the archive has", "نص آخر لمقال موجود في الأرشيف"),
    Outcome.UNCHANGED: Meaning("304, or the same text", "304 أو النص نفسه"),
    Outcome.REJECTED: Meaning(
        "captured, and no article: `rejected:<reason>`", "التُقطت وليست مقالًا: `rejected:<reason>`"
    ),
    Outcome.GONE: Meaning(
        "404 or 410 for a page the archive has; nothing is deleted", "404 أو 410 لصفحة موجودة في الأرشيف؛ لا يُحذف شيء"
    ),
    Outcome.ROBOTS: Meaning("robots.txt forbids it, or gave no clear answer", "يمنعها robots.txt أو لم يُجب بوضوح"),
    Outcome.OPT_OUT: Meaning(
        "the page or the portal reserves text and data mining, and that is obeyed",
        "تحفظت الصفحة أو البوابة على التنقيب في النصوص، ونلتزم بذلك",
    ),
    Outcome.HTTP_3XX: Meaning(
        "a redirect that says nowhere, or to another link of the run", "تحويل بلا وجهة أو إلى رابط آخر في التشغيل نفسه"
    ),
    Outcome.HTTP_4XX: Meaning("refused or missing", "مرفوضة أو مفقودة"),
    Outcome.HTTP_5XX: Meaning("the portal failed", "أخفقت البوابة"),
    Outcome.RATE_LIMITED: Meaning("429: too many requests", "429: طلبات كثيرة"),
    Outcome.TIMEOUT: Meaning("no whole answer in time", "لم يصل جواب كامل في الوقت"),
    Outcome.DNS: Meaning("the host's name has no address", "لا عنوان لاسم المضيف"),
    Outcome.TLS: Meaning("no trusted connection", "لا اتصال موثوقًا"),
    Outcome.CONNECTION: Meaning("refused, reset or lost", "رُفض الاتصال أو قُطع أو فُقد"),
    Outcome.TOO_LARGE: Meaning("more than a page may have, also unpacked", "أكبر مما يُسمح لصفحة، ولو بعد فك الضغط"),
    Outcome.BLOCKED: Meaning(
        "a bot protection, or a consent wall on another host, stood in between",
        "حالت دونها حماية من الروبوتات أو جدار موافقة على مضيف آخر",
    ),
    Outcome.LEGAL_BLOCK: Meaning("451: withheld for legal reasons", "451: محجوبة لأسباب قانونية"),
    Outcome.OFF_DOMAIN: Meaning("not the portal's, or redirected away from it", "ليست للبوابة أو حُوّلت إلى خارجها"),
    Outcome.PRIVATE_ADDRESS: Meaning("the host leads into a private network", "يقود المضيف إلى شبكة خاصة"),
    Outcome.REDIRECT_LIMIT: Meaning("too many redirects, or a circle", "تحويلات كثيرة أو دائرة"),
    Outcome.OUT_OF_WINDOW: Meaning("its source dates it outside the window", "يؤرخها مصدرها خارج النافذة"),
    Outcome.SKIPPED_SEEN: Meaning("the archive has it, and it is not due", "موجودة في الأرشيف ولم يحن موعدها"),
    Outcome.BUDGET: Meaning("the run's limits came first", "بلغ التشغيل حدوده قبلها"),
    Outcome.INTERRUPTED: Meaning("the crawl ended before the link did", "انتهى الزحف قبل الرابط"),
    Outcome.BAD_RESPONSE: Meaning("not HTTP as it should be, or cut off", "ليس HTTP كما ينبغي أو انقطع"),
}

REJECTIONS: dict[str, Meaning] = {
    Rejection.FRONT_PAGE: Meaning("the portal's front page", "الصفحة الأولى للبوابة"),
    Rejection.LISTING: Meaning("a section, a search, a list of headlines", "قسم أو بحث أو قائمة عناوين"),
    Rejection.GALLERY: Meaning("pictures with captions and no text", "صور بتعليقات بلا نص"),
    Rejection.VIDEO: Meaning("a player and no text", "مشغل فيديو بلا نص"),
    Rejection.PAYWALL: Meaning("the text is for subscribers", "النص للمشتركين"),
    Rejection.SOFT_404: Meaning("says «not found» with status 200", "تقول «غير موجودة» برمز 200"),
    Rejection.BLOCK_PAGE: Meaning("a bot protection or an error of the host", "حماية من الروبوتات أو خطأ من المضيف"),
    Rejection.COOKIE_WALL: Meaning(
        "asks for consent, or for cookies, and shows nothing else", "تطلب الموافقة ولا تعرض غيرها"
    ),
    Rejection.SCRIPT_BODY: Meaning("the text would come by a script", "يأتي النص عبر برنامج نصي"),
    Rejection.NOT_HTML: Meaning("a feed, a picture, a document", "خلاصة أو صورة أو مستند"),
    Rejection.EMPTY: Meaning("no bytes, or none that show", "بلا محتوى ظاهر"),
    Rejection.NO_TEXT: Meaning("a page without running text", "صفحة بلا نص متصل"),
    Rejection.DAMAGED: Meaning(
        "the stored bytes are not those that were captured, or cannot be decoded", "البايتات المحفوظة تالفة أو لا تُفك"
    ),
    Rejection.TOO_COMPLEX: Meaning(
        "more elements, time or memory than a page may take", "عناصر أو وقت أو ذاكرة فوق ما يُسمح لصفحة"
    ),
}

PRECISIONS: dict[str, Meaning] = {
    Precision.SECOND: Meaning("the instant, to the second", "اللحظة بالثانية"),
    Precision.MINUTE: Meaning("the instant, to the minute", "اللحظة بالدقيقة"),
    Precision.DAY: Meaning(
        "the day as written; 00:00 UTC stands for an unknown time", "اليوم كما كُتب؛ 00:00 تعني أن الساعة مجهولة"
    ),
}

VERDICTS: dict[str, Meaning] = {
    Verdict.OK: Meaning("nothing was noticed", "لم يُلاحظ شيء"),
    Verdict.DEGRADED: Meaning("published, and somebody should look at the findings", "نُشر، وينبغي النظر في الملاحظات"),
    Verdict.FAILED: Meaning("not published; in no table", "لم يُنشر؛ ليس في أي جدول"),
}

# Words of `articles.published_source`.
DATE_SOURCES: dict[str, Meaning] = {
    "json_ld": Meaning("JSON-LD of the article", "JSON-LD للمقال"),
    "meta": Meaning("a meta element", "عنصر meta"),
    "time_element": Meaning(
        "`<time>` or microdata beside headline or text", "عنصر `<time>` أو microdata قرب العنوان أو النص"
    ),
    "visible_text": Meaning("a line that readers see", "سطر يراه القارئ"),
    "url": Meaning("the page's address", "عنوان الصفحة"),
    "listing": Meaning(
        "the feed, sitemap or list that named the link", "الخلاصة أو خريطة الموقع أو القائمة التي ذكرت الرابط"
    ),
}

# Words of `articles.flags`.
FLAGS: dict[str, Meaning] = {
    "short_body": Meaning("fewer than 40 words", "أقل من 40 كلمة"),
    "many_links": Meaning("more than a quarter of the kept text is links", "أكثر من ربع النص روابط"),
    "leak_suspected": Meaning("a kept line speaks like boilerplate", "سطر باقٍ يشبه ما حول المقال"),
    "title_unconfirmed": Meaning("no second place agrees with the title", "لا موضع آخر يؤكد العنوان"),
    "title_not_visible": Meaning("the title does not stand on the page", "العنوان لا يظهر في الصفحة"),
    "cut_at_depth": Meaning(
        "elements stand more than 2,048 deep; what follows is left out, and the quality is halved",
        "عناصر أعمق من 2048؛ تُرك ما بعدها ونُصِّفت الجودة",
    ),
    "canonical_elsewhere": Meaning(
        "the page's canonical address is on another site", "العنوان المعياري للصفحة على موقع آخر"
    ),
    "canonical_of_section": Meaning(
        "the page's canonical address is that of a section or list", "العنوان المعياري للصفحة هو لقسم أو قائمة"
    ),
    "canonical_shared": Meaning(
        "pages of other headlines state the same canonical address; the one it was fetched from counts",
        "صفحات بعناوين أخرى تذكر العنوان المعياري نفسه؛ يُعتمد العنوان الذي جُلبت منه",
    ),
    "body_from_json_ld": Meaning("the text was read from JSON-LD", "قُرئ النص من JSON-LD"),
    "body_from_script": Meaning("the text was read from the state of a script", "قُرئ النص من بيانات سكربت"),
    "views_disagree": Meaning(
        "trafilatura, asked for the whole page, has another text; the quality is a tenth lower",
        "يرى trafilatura في الصفحة نصا آخر؛ تنقص الجودة عُشرا",
    ),
    "trafilatura_partial": Meaning(
        "trafilatura answers on less than 60 % of the text that it was given; the text is kept whole",
        "لم يقرأ trafilatura 60 % من النص؛ أُبقي النص كاملا",
    ),
    "trafilatura_silent": Meaning(
        "trafilatura does not answer on the text: it is beyond the bounds of what is asked, or has no answer; "
        "`warraq why --body` says which",
        "لم يقرأ trafilatura النص: تجاوز النص حدود ما يُسأل عنه أو لم يُجب؛ و`warraq why --body` يبيّن أيهما",
    ),
    "date_missing": Meaning("no date can be believed", "لا تاريخ يمكن تصديقه"),
    "date_in_future": Meaning(
        "a stated date lies a day or more after the capture", "تاريخ مذكور بعد الالتقاط بيوم أو أكثر"
    ),
    "date_too_early": Meaning("a stated date lies before 1990", "تاريخ مذكور قبل 1990"),
    "date_unreadable": Meaning("a stated date cannot be read", "تاريخ مذكور لا يُقرأ"),
    "date_doubtful": Meaning("too little speaks for the date that is stated", "شواهد التاريخ المذكور ضعيفة"),
    "dates_disagree": Meaning("witnesses lie more than a day apart", "شواهد تتباعد أكثر من يوم"),
    "date_from_update": Meaning("the date stands behind a label of an update", "التاريخ وراء وسم تحديث"),
    "day_month_swapped": Meaning("month before day, as the weekday or the capture says", "الشهر قبل اليوم"),
    "hijri_mismatch": Meaning(
        "Hijri and Gregorian day are more than two days apart", "اليوم الهجري والميلادي متباعدان أكثر من يومين"
    ),
    "hijri_only": Meaning("converted from a Hijri day alone", "حُوّل من تاريخ هجري وحده"),
    "weekday_mismatch": Meaning("the weekday contradicts the date", "اسم اليوم يناقض التاريخ"),
    "relative": Meaning("counted back from the capture, as in «منذ ساعة»", "محسوب من لحظة الالتقاط، مثل «منذ ساعة»"),
    "zone_assumed": Meaning("no zone is stated or known: UTC", "لا منطقة زمنية معروفة: UTC"),
    "zone_disputed": Meaning("a stated zone is not true", "المنطقة الزمنية المذكورة غير صحيحة"),
}


def outcome_meanings() -> dict[str, Meaning]:
    """Every word that may stand in `fetches.outcome`."""
    found: dict[str, Meaning] = {}
    for outcome, meaning in OUTCOMES.items():
        if outcome == Outcome.REJECTED:
            found |= {rejected(Rejection(reason)): said for reason, said in REJECTIONS.items()}
        elif outcome != Outcome.CAPTURED:
            found[str(outcome)] = meaning
    return found


# Columns whose words are of a closed list, by table.
CLOSED_LISTS: dict[str, dict[str, Mapping[str, Meaning]]] = {
    "articles": {"published_source": DATE_SOURCES, "published_precision": PRECISIONS, "flags": FLAGS},
    "fetches": {"outcome": outcome_meanings()},
    "runs": {"verdict": VERDICTS},
}

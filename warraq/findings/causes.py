"""Why a portal brings nothing, in the field's classes, each with the prescribed next step."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass


class Cause(enum.StrEnum):
    """The class of a trouble."""

    DNS = "dns"
    TLS = "tls"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    HTTP_4XX = "http_4xx"
    HTTP_5XX = "http_5xx"
    REDIRECT = "redirect_elsewhere"
    ROBOTS = "robots"
    WALL = "wall"
    LAYOUT = "layout_changed"
    SOURCES = "sources_list_nothing"
    FEWER = "fewer_articles"
    NOT_RUNNING = "not_running"
    DEFINITION = "definition"
    STORE = "store"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class NextStep:
    """What the cause means, what to do, and the command that begins it; {portal} stands for the name."""

    meaning: str
    meaning_ar: str
    advice: str
    advice_ar: str
    command: str


NEXT_STEPS: dict[Cause, NextStep] = {
    Cause.DNS: NextStep(
        "its name cannot be resolved",
        "تعذّر العثور على اسم الموقع",
        "see whether the site moved to another name; if so, change start_url, else retire the definition",
        "تحقق هل انتقل الموقع إلى اسم آخر: إن انتقل فغيّر start_url، وإلا فأحِل التعريف إلى التقاعد",
        "warraq check {portal}",
    ),
    Cause.TLS: NextStep(
        "its certificate is not accepted",
        "شهادة الموقع غير مقبولة",
        "open the site in a browser; an expired certificate is the portal's to renew, another name belongs in domains",
        "افتح الموقع في متصفح: الشهادة المنتهية تجددها البوابة، والاسم الآخر مكانه domains",
        "warraq check {portal}",
    ),
    Cause.REFUSED: NextStep(
        "its server refuses or drops connections",
        "الخادم يرفض الاتصال",
        "see from another network whether it answers; if only ours is refused, write to the portal",
        "تحقق من شبكة أخرى هل يجيب: إن كان الرفض لنا وحدنا فراسل البوابة",
        "warraq check {portal}",
    ),
    Cause.TIMEOUT: NextStep(
        "it answers too slowly or not at all",
        "الموقع لا يجيب في الوقت المحدد",
        "wait a day; if it stays, lower politeness.concurrency and raise delay_seconds",
        "انتظر يومًا: إن استمر الحال فاخفض politeness.concurrency وارفع delay_seconds",
        "warraq check {portal}",
    ),
    Cause.RATE_LIMITED: NextStep(
        "it asks us to slow down (429)",
        "الموقع يطلب التمهّل (429)",
        "raise politeness.delay_seconds or make the windows longer (schedule)",
        "ارفع politeness.delay_seconds أو أطِل النوافذ (schedule)",
        "warraq portals {portal}",
    ),
    Cause.HTTP_4XX: NextStep(
        "its addresses answer 4xx",
        "عناوين الموقع تجيب بالخطأ 4xx",
        "addresses moved or we are forbidden: see which, then correct the sources or write to the portal",
        "انتقلت العناوين أو مُنعنا: انظر أيها، ثم صحّح المصادر أو راسل البوابة",
        "warraq check {portal}",
    ),
    Cause.HTTP_5XX: NextStep(
        "its server fails (5xx)",
        "خادم الموقع معطّل (5xx)",
        "wait; the runs are tried again, and the gap is filled by a backfill",
        "انتظر: تُعاد المحاولات، ويملأ الملء الفجوة",
        "warraq check {portal}",
    ),
    Cause.REDIRECT: NextStep(
        "it leads to another host",
        "الموقع يحيل إلى مضيف آخر",
        "if that host is the portal's own, change start_url or add it to domains",
        "إن كان ذلك المضيف للبوابة نفسها فغيّر start_url أو أضفه إلى domains",
        "warraq check {portal}",
    ),
    Cause.ROBOTS: NextStep(
        "robots.txt forbids it or cannot be read",
        "ملف robots.txt يمنع الزحف أو تتعذر قراءته",
        "read robots.txt; where it forbids us, retire the definition",
        "اقرأ robots.txt: إن منعنا فأحِل التعريف إلى التقاعد",
        "warraq check {portal}",
    ),
    Cause.WALL: NextStep(
        "it sends walls instead of articles",
        "الموقع يرسل صفحات حجب بدل الأخبار",
        "slow down, say who we are (WARRAQ_CONTACT), and write to the portal",
        "تمهّل، وعرّف بنا (WARRAQ_CONTACT)، وراسل البوابة",
        "warraq check {portal}",
    ),
    Cause.LAYOUT: NextStep(
        "its pages are no longer recognised as articles",
        "لم تعد صفحاته تُعرف أخبارًا",
        "its layout changed: save pages, correct the definition, then extract the archived pages again",
        "تغيّر شكل الصفحات: احفظ صفحات، وصحّح التعريف، ثم أعد استخلاص الصفحات المؤرشفة",
        "warraq check {portal} --save {portal}-pages",
    ),
    Cause.SOURCES: NextStep(
        "its sources list nothing new",
        "مصادر الروابط لا تسرد شيئًا",
        "feeds or sitemaps moved: find the new ones and correct the sources",
        "انتقلت الخلاصات أو خرائط الموقع: ابحث عن الجديدة وصحّح المصادر",
        "warraq check {portal}",
    ),
    Cause.FEWER: NextStep(
        "it brings fewer articles than usual",
        "أخبارها أقل من المعتاد",
        "see which of its sources lists less than before, and whether the portal itself publishes less",
        "انظر أي المصادر يسرد أقل من ذي قبل، وهل تنشر البوابة نفسها أقل",
        "warraq check {portal}",
    ),
    Cause.NOT_RUNNING: NextStep(
        "no run was begun",
        "لم تبدأ أي تشغيلة",
        "its DAG is paused, or the scheduler is down: switch archive_{portal} on, or say `retired` in the definition",
        "التدفق موقوف أو المجدول متوقف: شغّل archive_{portal}، أو اكتب `retired` في التعريف",
        "warraq airflow dags unpause archive_{portal}",
    ),
    Cause.DEFINITION: NextStep(
        "its definition cannot be used",
        "تعريف البوابة غير صالح",
        "correct the file that is named",
        "صحّح الملف المذكور",
        "warraq portals",
    ),
    Cause.STORE: NextStep(
        "the archive cannot be written",
        "تتعذر الكتابة في الأرشيف",
        "see the store, its credentials and the disk",
        "افحص المخزن وصلاحياته والقرص",
        "warraq doctor",
    ),
    Cause.UNKNOWN: NextStep(
        "the cause is not known",
        "السبب غير معروف",
        "see the end of the log of its last run in Airflow",
        "انظر آخر سجل التشغيلة الأخيرة في Airflow",
        "warraq check {portal}",
    ),
}

# In this order: what is inside (a dead name) says more than what it led to (robots.txt that cannot be read).
_MARKS: tuple[tuple[Cause, str], ...] = (
    (Cause.DNS, r"\bdns(?:\b|lookup)"),
    (Cause.TLS, r"\btls\b|certificate"),
    (Cause.REFUSED, r"\bconnection(?:\b|refused|lost|done|reset)"),
    (Cause.TIMEOUT, r"\b(?:tcp)?time(?:d ?)?-?out(?:\b|error)"),
    (Cause.RATE_LIMITED, r"\brate_limited\b|\b429\b"),
    (Cause.HTTP_5XX, r"\bhttp_5xx\b|\banswered 5\d\d\b|\bstatus 5\d\d\b"),
    (Cause.WALL, r"block_page|cookie_wall|script_body|\bblocked\b|sent no articles"),
    (Cause.REDIRECT, r"not the portal's"),
    (Cause.ROBOTS, r"\brobots\b(?!\.txt answered 4)|forbidden by robots|opt_out"),
    (Cause.HTTP_4XX, r"\bhttp_4xx\b|\bgone\b|\b(?:answered|status) 4\d\d\b"),
    (Cause.REDIRECT, r"\bhttp_3xx\b|redirect_limit|off_domain"),
    (Cause.SOURCES, r"no source .*listed|listed nothing"),
    (Cause.LAYOUT, r"no captured page is an article|rejected:|are no articles"),
    (Cause.STORE, r"\bstore\b|\bdisk\b|catalog"),
)
_COMPILED = [(cause, re.compile(pattern, re.IGNORECASE)) for cause, pattern in _MARKS]
_COUNTED = re.compile(r"\b([a-z][a-z0-9_]*(?::[a-z0-9_]+)?) (\d+)\b")


def cause_of(text: str) -> Cause:
    """The class of an error or finding; where it counts outcomes (`http_4xx 90, dns 3`), the most frequent decides."""
    counted = [
        (int(number), found)
        for name, number in _COUNTED.findall(text)
        if name not in ("skipped_seen", "out_of_window", "unchanged") and (found := _first(name)) is not None
    ]
    if counted:
        return max(counted, key=lambda each: each[0])[1]
    return _first(text) or Cause.UNKNOWN


def cause_of_all(texts: Iterable[str]) -> Cause:
    """The first class that some lines say."""
    return next((found for text in texts if (found := cause_of(text)) is not Cause.UNKNOWN), Cause.UNKNOWN)


def _first(text: str) -> Cause | None:
    return next((cause for cause, pattern in _COMPILED if pattern.search(text)), None)

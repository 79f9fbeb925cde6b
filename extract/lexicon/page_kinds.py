"""How pages that are not articles speak, in folded spelling. Each rule needs a page with little other text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.model.outcomes import Rejection


@dataclass(frozen=True)
class PageKindRule:
    """A page says `pattern` in its title or visible text and has at most `max_words` words outside of links."""

    reason: Rejection
    pattern: re.Pattern[str]
    max_words: int
    in_title_only: bool
    example: str


def _rule(
    reason: Rejection, pattern: str, *, example: str, max_words: int = 200, in_title_only: bool = False
) -> PageKindRule:
    return PageKindRule(reason, re.compile(pattern), max_words, in_title_only, example)


PAGE_KIND_RULES: tuple[PageKindRule, ...] = (
    _rule(
        Rejection.BLOCK_PAGE,
        r"just a moment|attention required|checking (?:your browser|if the site connection)"
        r"|verify(?:ing)? (?:that )?you are"
        r" (?:a )?human|are you (?:a )?(?:robot|human)|you have been blocked"
        r"|enable javascript and cookies to continue"
        r"|request unsuccessful|the requested url was rejected|pardon our interruption|ddos protection by"
        r"|cf error details"
        r"|(?:complete|solve) the (?:captcha|security check)|unusual traffic|access to this page has been denied",
        example="Just a moment... Verify you are human by completing the action below.",
    ),
    _rule(
        Rejection.BLOCK_PAGE,
        r"^(?:error )?(?:403|401|429|503)?(?: |$)?(?:forbidden|access denied|too many requests"
        r"|service (?:temporarily )?unavailable"
        r"|403 forbidden|blocked|captcha|robot check|security check)",
        in_title_only=True,
        example="403 Forbidden",
    ),
    _rule(
        Rejection.BLOCK_PAGE,
        r"(?:انك|انت) لست (?:روبوتا|روبوت|برنامجا)|(?:تم|لقد تم) حظر(?:ك| عنوان| الوصول)|التحقق من (?:متصفحك"
        r"|انك انسان|انك بشر)"
        r"|(?:رفض|حجب|منع) الوصول الي هذ(?:ه|ا)|(?:رمز|كلمه) التحقق لاثبات|يرجي اثبات انك",
        example="يرجى التحقق من أنك لست روبوتا",
    ),
    _rule(
        Rejection.SOFT_404,
        r"(?:الصفحه|المقال|الخبر|الموضوع|المحتوي|الرابط|العنوان|المقاله)(?: الذي| التي| المطلوب| المطلوبه"
        r"| هذا| هذه)?(?: \S+){0,4} (?:غير"
        r" (?:موجود|متوفر|متاح|متواجد)ه?|لم يعد (?:موجودا|متاحا|متوفرا)|لم تعد (?:موجوده|متاحه)"
        r"|لم يتم العثور|لا يوجد|لا توجد|محذوف)"
        r"|(?:لم|لا) (?:يتم|نتمكن من|نستطيع) العثور علي|(?:تم|لقد تم) (?:حذف|ازاله|نقل) (?:هذا "
        r"|هذه )?(?:الخبر|المقال|الصفحه"
        r"|الموضوع|المحتوي)|page not found|not found|error 404|404 error|does not exist|no longer available"
        r"|(?:عفوا|عذرا|نعتذر)(?: \S+){0,3} (?:الصفحه|الخبر|المقال|الرابط)",
        max_words=120,
        example="عذرا، الصفحة التي تبحث عنها غير موجودة",
    ),
    _rule(
        Rejection.SOFT_404,
        r"(?:^| )(?:404|410)(?: |$)|page not found|not found|الصفحه غير موجوده|صفحه غير موجوده|خطا 404",
        max_words=600,
        in_title_only=True,
        example="404 - الصفحة غير موجودة",
    ),
    _rule(
        Rejection.COOKIE_WALL,
        r"(?:نستخدم|يستخدم|تستخدم|use|uses).{0,80}(?:ملفات تعريف الارتباط|ملفات الارتباط|الكوكيز|كوكيز"
        r"|cookies)|before you continue to"
        r"|(?:ملفات تعريف الارتباط|الكوكيز|cookies).{0,120}(?:موافق|قبول|اوافق|accept|agree|consent)",
        example="نستخدم نحن وشركاؤنا ملفات تعريف الارتباط. اقبل الكل للمتابعة",
    ),
    _rule(
        Rejection.PAYWALL,
        r"(?:للمشتركين|لمشتركينا|للاعضاء|المشتركين) (?:فقط|حصرا|الكرام)|(?:المحتوي|المقال|الماده"
        r"|الخبر)(?: \S+){0,3} (?:متاح|متاحه|مخصص|حصري)"
        r"(?: فقط)? (?:للمشتركين|لمشتركي|للاعضاء)|(?:اشترك|اشتركوا|سجل)(?: الان)? (?:لقراءه|للقراءه|لمواصله"
        r"|لمتابعه القراءه|لتتمكن"
        r" من)|(?:لمتابعه|لاكمال|لمواصله|للاستمرار في) (?:ال)?قراءه(?: \S+){0,5} (?:اشترك|سجل|الاشتراك"
        r"|التسجيل)|subscribe to (?:read|continue)"
        r"|subscribers only|لقد استنفدت (?:عدد )?المقالات",
        max_words=260,
        example="هذا المقال متاح للمشتركين فقط. اشترك الآن لقراءة المقال كاملا",
    ),
    _rule(
        Rejection.SCRIPT_BODY,
        r"(?:enable|requires?|turn on) (?:java ?script|js)|(?:تفعيل|تشغيل) (?:ال)?جافا ?سكر(?:ي)?بت"
        r"|جار(?:ي)? (?:ال)?تحميل|الرجاء الانتظار|يرجي الانتظار"
        r"|loading|you need to enable",
        max_words=80,
        example="جاري تحميل المحتوى .. الرجاء الانتظار",
    ),
)

# Words in the class of <body> by which content systems name lists and front pages.
LISTING_BODY_CLASSES = frozenset(
    ("archive", "category", "search", "tag", "blog", "taxonomy", "paged", "listing", "section")
)
FRONT_BODY_CLASSES = frozenset(("home", "front", "frontpage", "homepage"))
ARTICLE_BODY_CLASSES = frozenset(("single", "article", "postid", "nodetype"))
LISTING_TITLE = re.compile(
    r"^(?:نتايج البحث|البحث عن|ارشيف|الارشيف|كل الاخبار|جميع الاخبار|اخر الاخبار|وسم|تصنيف|قسم"
    r"|search results?|archives?|category|tag)\b"
    r"|\b(?:صفحه|الصفحه|page) \d+$|^(?:الرييسيه|الصفحه الرييسيه|home)$"
)
LISTING_TYPES = frozenset(
    ("CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage", "ContactPage", "AboutPage")
)
VIDEO_TYPES = frozenset(("VideoObject", "Clip", "TVEpisode"))
GALLERY_TYPES = frozenset(("ImageGallery", "MediaGallery"))
GALLERY_WORDS = frozenset(("gallery", "album", "albums", "slideshow", "slider", "photos", "carousel", "photogallery"))
VIDEO_WORDS = frozenset(("video", "player", "jwplayer", "videoplayer", "youtube"))
VIDEO_HOSTS = re.compile(r"youtube|youtu\.be|dailymotion|vimeo|jwplayer|brightcove|facebook\.com/plugins/video|kaltura")
FRONT_PATH = re.compile(
    (r"^/?(?:(?:ar|arabic|home|index|default|main|front)?(?:\.(?:html?|php|aspx?))?)/?$"), re.IGNORECASE
)

"""Addresses, classes and titles of front pages and of lists of stories; titles in folded spelling."""

from __future__ import annotations

import re

# Words in the class of <body> by which content systems name lists and front pages.
FRONT_BODY_CLASSES = frozenset(("home", "front", "frontpage", "homepage"))
ARTICLE_BODY_CLASSES = frozenset(("single", "article", "postid", "nodetype"))
# Beside `archive` on the body of WordPress pages.
ARCHIVE_CLASSES = frozenset(("category", "tag", "date", "author", "post-type-archive"))
# Addresses of what has something in common: a subject, a writer, a section.
LIST_PATH = re.compile(
    r"/(?:tags?|authors?|category|categories|search|labels?|keywords?|وسم|وسوم|تصنيف)/[^/]+(?:/page/\d+)?/?$",
    re.IGNORECASE,
)
HOME_TITLE = re.compile(r"\b(?:الرييسيه|الصفحه الاولي|home|home ?page|front ?page)\b")
# How pages that list stories begin their title, and what stands below each excerpt.
LIST_TITLE = re.compile(
    r"(?:نتايج |نتيجه )?(?:ال)?بحث(?: عن| في)?\b|(?:ال)?(?:وسم|وسوم|تاج|هاشتاج|هاشتاغ|تصنيف|ارشيف|كلمات دلاليه)\b"
    r"|(?:جميع|كل|احدث|اخر) (?:ال)?(?:مقالات|اخبار|مواضيع)\b|مقالات (?:الكاتب|الكاتبه|بقلم)\b"
    r"|wyniki wyszukiwania\b|suchergebnisse\b|resultats de (?:la |votre )?recherche\b"
    r"|resultados de (?:la |tu )?busqueda\b"
    r"|resultados da (?:pesquisa|busca)\b|risultati (?:della )?ricerca\b|zoekresultaten\b|arama sonuc\w+"
    r"|(?:search )?results\b|(?:tag|category|author|archives?|posts (?:tagged|by))\b"
)
WRITERS_TITLE = re.compile(r"(?:(?:جميع|كل|احدث|اخر) )?(?:ال)?مقالات (?:الكاتب|الكاتبه|بقلم)\b|(?:صفحه|ملف) الكاتبه?\b")
# Above boxes of other stories, whatever they look like.
OTHER_STORIES_LINE = re.compile(
    r"(?:(?:ال)?(?:اخبار|مقالات|مواضيع|موضوعات|قصص) )?(?:ال)?اكثر (?:قراءه|مشاهده|تداولا|تصفحا|تفاعلا|شعبيه|شيوعا)"
    r"(?: (?:في|اليوم|هذا|علي)(?: \S+)?)?|(?:اقرا|اقراوا|شاهد|طالع) (?:ايضا|كذلك)"
    r"|(?:قد|ربما) (?:يهمك|يهمكم|يعجبك|تهمك)(?: ايضا)?"
    r"|(?:اخبار|مقالات|مواضيع|موضوعات|قصص) (?:ذات صله|متعلقه|مشابهه|اخري|مقترحه|مختاره)"
    r"|(?:ال)?مزيد (?:من|في) \S+(?: \S+)?|(?:احدث|اخر|اهم|ابرز) (?:ال)?(?:اخبار|مقالات|مواضيع|موضوعات)(?: \S+)?"
    r"|(?:most (?:read|popular|viewed)|related (?:stories|articles|news))(?: in \S+)?|you (?:may|might) also like"
)
READ_MORE = re.compile(
    r"(?:(?:اقرا|قراءه|شاهد|اعرف|عرض|لقراءه) )?(?:ال)?مزيد(?: من التفاصيل)?|للمزيد"
    r"|(?:عرض |اقرا )?(?:ال)?تفاصيل(?: كامله| اكثر)?"
    r"|(?:تابع|اكمل|واصل|متابعه) (?:ال)?قراءه"
    r"|(?:اقرا|قراءه|لقراءه|شاهد|طالع|تابع|عرض|تفاصيل) (?:بقيه |باقي )?"
    r"(?:ال)?(?:خبر|مقال|موضوع|تقرير|قصه)(?: كامل\w*| كله)?"
    r"|(?:ال)?(?:خبر|مقال|موضوع|تقرير) كاملا"
    r"|(?:read|learn|see) more|continue reading|full (?:story|article)"
)
# Below each post of a list of jobs.
APPLY = re.compile(
    r"(?:قدم|قدمي|تقدم|سجل)(?: الي| علي| لل?وظيفه| لهذه الوظيفه)? الان|(?:ال)?تقديم (?:الان|علي الوظيفه|للوظيفه)"
    r"|(?:قدم|تقدم) (?:للوظيفه|علي الوظيفه)|apply(?: now| for this job)?|postulez?(?: maintenant)?|jetzt bewerben"
)
LISTING_TYPES = frozenset(
    ("CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage", "ContactPage", "AboutPage")
)
FRONT_PATH = re.compile(
    r"^/?(?:(?:ar|en|arabic|pages|site|web)/)*(?:(?:ar|arabic|home|index|default|main|front)?(?:\.(?:html?|php"
    r"|aspx?))?)/?$",
    re.IGNORECASE,
)

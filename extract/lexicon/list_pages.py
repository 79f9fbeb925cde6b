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
# Of what was searched for, of a month or day of the archive. No story has a day and nothing behind it, nor a query.
_SEARCH = (
    r"search|szukaj|suche|recherche|buscar?|busca|busqueda|pesquisa|ricerca|cerca|zoeken|arama|cari|sok|hledat|haku"
    r"|بحث|البحث|جستجو"
)
_ARCHIVE = r"archives?|archiv|archivio|archivo|arquivo|archief|archiwum|arsiv|arsip|ارشيف|أرشيف|الأرشيف|آرشیو"
LIST_ADDRESS = re.compile(
    rf"/(?:{_SEARCH})(?:/|\.\w{{2,4}})?\?(?:[^#]*&)?(?:q|query|s|k|keys?|keywords?|words?|text|terms?|search\w*)=[^&]"
    rf"|^(?:/\w+)?(?:/(?:{_ARCHIVE}))?/20\d\d[/-]\d{{1,2}}(?:[/-]\d{{1,2}})?/?$"
    rf"|/(?:{_ARCHIVE})/20\d\d/?$",
    re.IGNORECASE,
)
HOME_TITLE = re.compile(r"\b(?:الرييسيه|الصفحه الاولي|home|home ?page|front ?page)\b")
# How pages that list stories begin their title, and what stands below each excerpt.
LIST_TITLE = re.compile(
    r"(?:نتايج |نتيجه )?(?:ال)?بحث(?: عن| في)?\b|(?:ال)?(?:وسم|وسوم|تاج|هاشتاج|هاشتاغ|تصنيف|ارشيف|كلمات دلاليه)\b"
    r"|(?:جميع|كل|احدث|اخر) (?:ال)?(?:مقالات|اخبار|مواضيع)\b|مقالات (?:الكاتب|الكاتبه|بقلم)\b"
    r"|wyniki (?:wyszukiwania|dla)\b|suchergebnisse\b|(?:\d+ )?(?:ergebnisse fur|treffer (?:fur|zu))\b"
    r"|(?:\d+ )?resultats (?:pour|de (?:la |votre )?recherche)\b"
    r"|(?:\d+ )?resultados (?:para|de (?:la |tu )?busqueda|da (?:pesquisa|busca))\b"
    r"|(?:\d+ )?risultati (?:per|(?:della )?ricerca)\b|(?:zoekresultaten|resultaten voor)\b|arama sonuc\w+"
    r"|sokresultat\b|hasil pencarian\b|vysledky (?:hledani|vyhledavani)\b|результаты поиска\b|نتايج جستجو\b"
    r"|αποτελεσματα αναζητησησ\b|תוצאות חיפוש|検索結果"
    rf"|(?:\w+ )?20\d\d(?: \w+)? (?:{_ARCHIVE}|arsivi)$|(?:{_ARCHIVE}) \w+ 20\d\d$"
    r"|(?:search )?results\b|(?:tag|category|author|archives?|posts (?:tagged|by))\b"
)
# How many entries of how many a page shows, in a line above the first.
COUNT_LINE = re.compile(
    r"(?:(?:showing|displaying|viewing|menampilkan|affichage|anzeige|mostrando|mostrati|getoond|visar|عرض|يعرض|نعرض"
    r"|نمايش)"
    r"(?: (?:\w+ )?(?:de|von|van|من))? )?"
    r"\d+(?: (?:to|a|bis|t m|tot|s d|الي|تا))? \d+ (?:of|dari|de|sur|von|su|di|van|av|z|из|من|از)(?: اصل)? [\d ]+\b"
    r"(?:(?: \w+){1,3})?"
    r"|(?:(?:found|znaleziono|gefunden|encontrad[oa]s|trovati|gevonden|ditemukan|найдено) )?\d[\d ]*"
    r"(?:results?|wynik\w*|ergebnisse|treffer|resultats?|resultados?|risultati|resultaten|sonuc|hasil|lowongan|jobs"
    r"|vacancies|stellenangebote|offres|ofertas|vagas|offerte|vacatures|نتيجه|نتايج|وظيفه|وظايف|مورد)"
    r"(?: (?:found|gefunden|trouvee?s|encontrad[oa]s|trovati|gevonden|bulundu|ditemukan))?(?: \d[\d s]*)?"
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

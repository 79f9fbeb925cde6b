"""What the site calls itself, so that its name can be taken from titles and bylines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from extract.html.block import MIN_HEADLINE_WORDS, Block, clean_line
from extract.html.metadata import PageMetadata
from storage.identity.arabic_folding import text_norm

# Signs that sites put between headline and name. A hyphen needs spaces around it: names have hyphens.
_SEPARATOR = re.compile(r"\s*[|｜»«•·›~⁞¦]+\s*|\s+(?:[-–—−:.،/\\*]{1,2}|::)\s+|\s*::\s*|\s*[-–—]{2,}\s*")
# «…» around words is a quotation; one of its signs alone is a separator.
_QUOTED = re.compile("«[^«»]+»")
_EDGE = re.compile(r"^[\s|｜»•·›~:;,،.\-–—]+|[\s|｜«•·›~:;,،\-–—]+$")
MAX_TITLE_CHARACTERS = 400
MAX_NAME_WORDS = 6
MAX_COPYRIGHT_WORDS = 30
MAX_OWN_LINES = 12
# Segments behind a headline among which the site's name may stand, and how long the headline then is.
MAX_SEGMENTS_BEHIND = 3
MIN_WORDS_BEFORE_NAME = 5
# German sets quotations between the same two signs, the other way round.
_OUTWARD_QUOTED = re.compile(r"\s*»[^«»]+«")
# Labels that agencies print before a headline: «محلي / …».
_SECTION_WORDS = """محلي محليات عام عالمي دولي سياسي سياسه اقتصادي اقتصاد رياضي رياضه ثقافي ثقافه اجتماعي علمي صحي صحه
تقني امني تعليمي منوعات تقرير تقارير اخبار اخباريه عربي دوليه محليه رياضيه اقتصاديه"""
_SECTIONS = frozenset(_SECTION_WORDS.split())
_NAME_FIELDS = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "dc.publisher",
    "publisher",
    "copyright",
    "owner",
)
_HOST_WORDS = frozenset(("www", "m", "com", "net", "org", "ar", "arabic", "news"))
_PAGE_NAME = re.compile(
    r"(?:عرض |اقرا |قراءه |صفحه )?(?:ال)?(?:تفاصيل|خبر|مقال|مقاله|موضوع)(?: ال(?:خبر|مقال|مقاله|موضوع))?"
    r"|(?:ال)?(?:اخبار|مقالات|مركز الاعلامي|تفاصيل)|(?:news|article|post) ?(?:details?)?"
)
_HOME_LINES = frozenset(("الرييسيه", "الصفحه الرييسيه", "home", "عوده", "رجوع", "العوده للرييسيه"))
# «موقع إخباري موريتاني مستقل»: what a site says that it is.
_OWN_KIND = re.compile(
    r"(?:اول )?(?:موقع|بوابه|صحيفه|جريده|وكاله|مجله|شبكه|منصه)"
    r" (?:انباء|اخباري|اخباريه|الكتروني|الكترونيه)(?: \S+){1,4}"
)
# How sites begin their own name; the words say nothing of which site it is.
_KIND = re.compile(r"موقع|بوابة|جريدة|صحيفة|شبكة|قناة|وكالة|مجلة|منصة")
_SITE_LINE = re.compile(r"^(?:موقع|بوابه|جريده|صحيفه|شبكه|قناه|وكاله|مجله|منصه)(?: \S+){1,5}$")
# What stands beside a name in «القدس © 1989-2025».
_SIGNED = re.compile(r"[©\d\-–—:|]|copyright|حقوق (?:النشر|الطبع)", re.IGNORECASE)
_RIGHTS_OF = re.compile(r"محفوظه (?:لدي |لصالح )?(?:ل)?((?:\S+ ?){1,5})")
_GENERIC_STEMS = frozenset(
    ("موقع", "بواب", "جريد", "صحيف", "شبك", "قنا", "وكال", "مجل", "اخبار", "اخبارن", "نيوز", "news")
)


def site_names(
    metadata: PageMetadata, known: tuple[str, ...], host: str | None, blocks: Sequence[Block] = ()
) -> tuple[str, ...]:
    """What the site calls itself: its definition, og:site_name, publisher, its host, its own lines on the page."""
    names = list(known)
    for key in _NAME_FIELDS:
        names += metadata.meta.get(key, [])
    for node in metadata.json_ld:
        publisher = node.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            names.append(publisher["name"])
        names += _organisations(node.get("author"))
        kind = str(node.get("@type"))
        if ("Organization" in kind or "WebSite" in kind) and isinstance(node.get("name"), str):
            names.append(node["name"])
    if host:
        labels = [label for label in host.lower().split(":")[0].split(".") if label not in _HOST_WORDS]
        names += [host.lower().removeprefix("www."), *labels[:1]]
    # «أطلس بريس - جريدة إلكترونية مغربية»
    names += [name[: cut.start()] for name in names if (cut := _SEPARATOR.search(name)) and _KIND.search(name)]
    names += _own_lines(blocks, metadata.title_element, host)
    return tuple(dict.fromkeys(name for name in (clean_line(n) for n in names) if 2 <= len(name) <= 80))


def _organisations(author: object) -> list[str]:
    """Outlets that stand where JSON-LD has the author."""
    items = author if isinstance(author, list) else [author]
    return [
        item["name"]
        for item in items[:10]
        if isinstance(item, dict) and "Organization" in str(item.get("@type")) and isinstance(item.get("name"), str)
    ]


def name_beside(headline: str, title_element: str) -> str | None:
    """What stands beside the headline in the page's title: the site's name, as a rule."""
    if not headline or headline not in title_element or headline == title_element:
        return None
    before, _, after = title_element.partition(headline)
    rest = _EDGE.sub("", after) or _EDGE.sub("", before)
    return rest if len(rest) >= 2 and len(rest.split()) <= MAX_NAME_WORDS else None


def _own_lines(blocks: Sequence[Block], title: str, host: str | None) -> list[str]:
    """Lines by which a page names its site: «موقع بوابة …», the link to the front page, the copyright line."""
    # «قناة السويس ترفع الرسوم» begins like a site's name too: what stands in a heading and in the title is a headline.
    page_title = text_norm(title)
    in_title = {b.folded for b in blocks if b.is_heading and not b.links and b.folded in page_title}
    headlines = {folded for folded in in_title if folded == page_title or len(in_title) == 1}
    is_name = _is_site_line(page_title) and page_title not in headlines
    names = [title] if is_name else []
    segments = {text_norm(segment) for segment in _SEPARATOR.split(title)}
    roots = {"/", *((f"http://{host}", f"https://{host}", f"http://{host}/", f"https://{host}/") if host else ())}
    for block in blocks:
        words = block.words
        if words > MAX_COPYRIGHT_WORDS or block.leads_out:
            continue  # of another paper, in a review of the press
        folded = block.folded
        is_home_link = words <= MAX_NAME_WORDS and block.links == 1 and block.hrefs[0] in roots
        if is_home_link or (_is_site_line(folded) and folded not in headlines):
            if folded not in _HOME_LINES:
                names.append(block.text)
        elif "©" in block.text:
            # «© 2003-2022 القدس - تصميم: …»
            owners = [clean_line(_SIGNED.sub(" ", part)) for part in (block.text, *_SEPARATOR.split(block.text))]
            named = (owner for owner in owners if len(owner.split()) <= MAX_NAME_WORDS)
            names += [owner for owner in named if text_norm(owner) in segments][:1]
        elif "محفوظه" in folded:
            match = _RIGHTS_OF.search(folded)
            if match:
                names.append(match[1])
    return names[:MAX_OWN_LINES]


def _is_site_line(folded: str) -> bool:
    return _SITE_LINE.match(folded) is not None and folded.count(" ") < MAX_NAME_WORDS


def strip_site_name(title: str, names: tuple[str, ...]) -> str:
    """The title without segments that are the site's name, from either end."""
    return _stripped(clean_line(title)[:MAX_TITLE_CHARACTERS], names)


@lru_cache(maxsize=1024)
def _stripped(title: str, names: tuple[str, ...]) -> str:
    folded = {text_norm(name) for name in names} - {""}
    for _ in range(3):
        quoted = [match.span() for signs in (_QUOTED, _OUTWARD_QUOTED) for match in signs.finditer(title)]
        cuts = [
            cut for cut in _SEPARATOR.finditer(title) if not any(cut.start() < b and a < cut.end() for a, b in quoted)
        ]
        behind = _site_name_behind(title, cuts, folded)
        if behind is not None:
            title = _without_section_behind(title[:behind])
        elif cuts and _is_site_name(title[: cuts[0].start()], folded):
            title = title[cuts[0].end() :]
        else:
            break
    title = _without_section(title)
    return title.strip() if _OUTWARD_QUOTED.search(title) else _EDGE.sub("", title) or title


def _site_name_behind(title: str, cuts: Sequence[re.Match[str]], folded_names: set[str]) -> int | None:
    """Where the site's name begins: the last segment, or one before it where section or writer follow."""
    for place in range(len(cuts) - 1, max(-1, len(cuts) - 1 - MAX_SEGMENTS_BEHIND), -1):
        end = cuts[place + 1].start() if place + 1 < len(cuts) else len(title)
        is_last = place == len(cuts) - 1
        is_headline_before = len(title[: cuts[place].start()].split()) >= MIN_WORDS_BEFORE_NAME
        if (is_last or is_headline_before) and _is_site_name(title[cuts[place].end() : end], folded_names):
            return cuts[place].start()
    return None


def _without_section_behind(title: str) -> str:
    """The title without the section between it and the site's name: «… - محليات»."""
    cuts = [*_SEPARATOR.finditer(title)]
    is_section = bool(cuts) and text_norm(title[cuts[-1].end() :]) in _SECTIONS
    return title[: cuts[-1].start()] if is_section and len(title.split()) > MIN_WORDS_BEFORE_NAME else title


def _without_section(title: str) -> str:
    """The title without the section before a slash or bar."""
    before, slash, after = re.split(r"([/|])", title, maxsplit=1) if "/" in title or "|" in title else (title, "", "")
    is_section = slash and text_norm(before) in _SECTIONS and len(after.split()) >= MIN_HEADLINE_WORDS
    return after if is_section else title


def _is_site_name(segment: str, folded_names: set[str]) -> bool:
    text = text_norm(segment)
    words = text.split()
    if not words:
        return True
    if len(words) > MAX_NAME_WORDS:
        return False
    stems = {_stem(word) for word in words} - _GENERIC_STEMS
    for name in folded_names:
        if text == name or text.replace(" ", "") == name.replace(" ", ""):
            return True
        if len(name) > 3 and f" {name} " in f" {text} ":
            return True
        if stems and stems <= {_stem(word) for word in name.split()}:
            return True
    return not stems


def _stem(word: str) -> str:
    """A word without article and the ending that tells feminine from masculine: الإخبارية, الإخباري."""
    stem = word.removeprefix("ال")
    for ending in ("يه", "ي", "ه"):
        if stem.endswith(ending) and len(stem) - len(ending) >= 3:
            return stem.removesuffix(ending)
    return stem


def names_a_page(folded: str) -> bool:
    """Whether a folded title is what content systems call the page that shows a story: «تفاصيل الخبر»."""
    return _PAGE_NAME.fullmatch(folded) is not None


def names_the_site(title: str, names: tuple[str, ...]) -> bool:
    """Whether a title is one of the names and nothing else."""
    folded = text_norm(title)
    return any(folded == text_norm(name) for name in names)


def is_slogan(title: str, stated: Sequence[str]) -> bool:
    """Whether it stands behind the site's name, which another stated title is: «السدرة - كل ما يخص أهلها»."""
    if _OWN_KIND.fullmatch(text_norm(title)):
        return True
    begins = [f"{name} {dash} " for name in stated for dash in "-|"]
    return any(title.startswith(begin) or f"{begin}{title}" in stated for begin in begins)

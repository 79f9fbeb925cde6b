"""The article's headline, without the site's name, and where it stands on the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.block_shapes import FULL_STOP, is_prose
from extract.blocks import Block, clean_line
from extract.metadata import PageMetadata
from extract.structure import class_words
from extract.text_norm import text_norm

# Signs that sites put between headline and name. A hyphen needs spaces around it: names have hyphens.
_SEPARATOR = re.compile(r"\s*[|｜»«•·›~⁞¦]+\s*|\s+(?:[-–—−:.،/\\]{1,2}|::)\s+|\s*::\s*|\s*[-–—]{2,}\s*")
# «…» around words is a quotation; one of its signs alone is a separator.
_QUOTED = re.compile("«[^«»]+»")
_EDGE = re.compile(r"^[\s|｜»•·›~:;,،.\-–—]+|[\s|｜«•·›~:;,،\-–—]+$")
MAX_TITLE_CHARACTERS = 400
MAX_NAME_WORDS = 6
MAX_COPYRIGHT_WORDS = 30
MAX_OWN_LINES = 12
MIN_UNMARKED_WORDS = 4
MAX_UNMARKED_WORDS = 25
# Labels that agencies print before a headline: «محلي / …».
_SECTION_WORDS = """محلي محليات عام عالمي دولي سياسي سياسه اقتصادي اقتصاد رياضي رياضه ثقافي ثقافه اجتماعي علمي صحي صحه
تقني امني تعليمي منوعات تقرير تقارير اخبار اخباريه عربي دوليه محليه رياضيه اقتصاديه"""
_SECTIONS = frozenset(_SECTION_WORDS.split())
MIN_WORDS_BEHIND_SECTION = 4
# Date, picture and writer stand between such a headline and its text.
MAX_LINES_TO_TEXT = 4
_LARGE_FONTS = ("4", "5", "6", "7", "+1", "+2", "+3", "+4")
_TITLE_WORDS = frozenset(("title", "headline", "heading", "ttl"))
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
_HOME_LINES = frozenset(("الرييسيه", "الصفحه الرييسيه", "home", "عوده", "رجوع", "العوده للرييسيه"))
# How sites begin their own name; the words say nothing of which site it is.
_SITE_LINE = re.compile(r"^(?:موقع|بوابه|جريده|صحيفه|شبكه|قناه|وكاله|مجله|منصه)(?: \S+){1,5}$")
_RIGHTS_OF = re.compile(r"محفوظه (?:لدي |لصالح )?(?:ل)?((?:\S+ ?){1,5})")
_GENERIC_STEMS = frozenset(
    ("موقع", "بواب", "جريد", "صحيف", "شبك", "قنا", "وكال", "مجل", "اخبار", "اخبارن", "نيوز", "news")
)


@dataclass(frozen=True)
class Headline:
    """The title; the block it stands in, when it is visible; and how many independent witnesses agree."""

    text: str
    block: Block | None
    witnesses: int


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
    names = [title] if _SITE_LINE.match(text_norm(title)) and len(title.split()) <= MAX_NAME_WORDS else []
    roots = {"/", *((f"http://{host}", f"https://{host}", f"http://{host}/", f"https://{host}/") if host else ())}
    for block in blocks:
        words = len(block.text.split())
        if words > MAX_COPYRIGHT_WORDS:
            continue
        folded = block.folded
        if words <= MAX_NAME_WORDS and (_SITE_LINE.match(folded) or (block.links == 1 and block.hrefs[0] in roots)):
            if folded not in _HOME_LINES:
                names.append(block.text)
        elif "محفوظه" in folded:
            match = _RIGHTS_OF.search(folded)
            if match:
                names.append(match[1])
    return names[:MAX_OWN_LINES]


def strip_site_name(title: str, names: tuple[str, ...]) -> str:
    """The title without segments that are the site's name, from either end."""
    folded = {text_norm(name) for name in names} - {""}
    title = clean_line(title)[:MAX_TITLE_CHARACTERS]
    for _ in range(3):
        quoted = [match.span() for match in _QUOTED.finditer(title)]
        cuts = [cut for cut in _SEPARATOR.finditer(title) if not any(a <= cut.start() < b for a, b in quoted)]
        if cuts and _is_site_name(title[cuts[-1].end() :], folded):
            title = title[: cuts[-1].start()]
        elif cuts and _is_site_name(title[: cuts[0].start()], folded):
            title = title[cuts[0].end() :]
        else:
            break
    return _EDGE.sub("", _without_section(title)) or title


def _without_section(title: str) -> str:
    """The title without the section before a slash or bar."""
    before, slash, after = re.split(r"([/|])", title, maxsplit=1) if "/" in title or "|" in title else (title, "", "")
    is_section = slash and text_norm(before) in _SECTIONS and len(after.split()) >= MIN_WORDS_BEHIND_SECTION
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


def find_headline(
    blocks: list[Block], metadata: PageMetadata, names: tuple[str, ...], *, before: int, selected: str | None = None
) -> Headline:
    """The headline. `before` is the place of the first prose: the visible headline stands above it, as a rule."""
    stated = [
        *([selected] if selected else []),
        *metadata.article_strings("headline"),
        *metadata.meta.get("og:title", []),
        *metadata.meta.get("twitter:title", []),
        *metadata.meta.get("headline", []),
        *metadata.meta.get("title", []),
        *metadata.meta.get("dc.title", []),
        metadata.title_element,
    ]
    stated = [title for title in (strip_site_name(text, names) for text in stated) if title]
    stated = [title for title in stated if not _names_the_site(title, names)]
    folded_stated = [text_norm(title) for title in stated]
    best: tuple[float, Block] | None = None
    for block in blocks:
        if not 8 <= len(block.text) <= MAX_TITLE_CHARACTERS:
            continue
        score = _headline_score(block, folded_stated, before=before)
        if score > 0 and (best is None or score > best[0]):
            best = (score, block)
    if best is not None:
        text = strip_site_name(best[1].text, names)
        folded = text_norm(text)
        agreeing = sum(_agrees(folded, other) for other in folded_stated)
        # A page title of a word or two is the site's or the section's.
        says_little = all(len(title.split()) <= 3 for title in stated) and len(text.split()) >= 5
        if agreeing or not stated or (says_little and best[1].tag == "h1" and best[1].link_share < 0.5):
            return Headline(text, best[1], agreeing)
    if stated:
        return Headline(stated[0], None, len(set(folded_stated)))
    return _unmarked_headline(blocks, names, before=before)


def _unmarked_headline(blocks: list[Block], names: tuple[str, ...], *, before: int) -> Headline:
    """The headline of a page that neither states nor marks one: the line with the site's name behind it, or the last
    line before the text that is no label.
    """
    found = Headline("", None, 0)
    for block in blocks[: before + 1]:
        words = len(block.text.split())
        if (
            not MIN_UNMARKED_WORDS <= words <= MAX_UNMARKED_WORDS
            or block.pruned_by is not None
            or block.link_share > 0.5
        ):
            continue
        stripped = strip_site_name(block.text, names)
        if stripped != block.text and len(stripped.split()) >= MIN_UNMARKED_WORDS:
            return Headline(stripped, block, 1)
        if class_words(block.owner) & _TITLE_WORDS:
            found = Headline(block.text, block, 0)
    return found if found.text else _large_line(blocks)


def _large_line(blocks: list[Block]) -> Headline:
    """The first bold or large line that running text follows at once: all that old pages do for a headline."""
    for block in blocks:
        words = len(block.text.split())
        if (
            MIN_UNMARKED_WORDS <= words <= MAX_UNMARKED_WORDS
            and block.pruned_by is None
            and block.link_share < 0.5
            and (block.bold_chars > 0.8 * len(block.text) or _has_large_font(block))
            and not FULL_STOP.search(block.text)
            and any(is_prose(later) for later in blocks[block.order + 1 : block.order + 1 + MAX_LINES_TO_TEXT])
        ):
            return Headline(block.text, block, 0)
    return Headline("", None, 0)


def _has_large_font(block: Block) -> bool:
    element = block.places[0][0] if block.places else block.owner
    return any(font.tag == "font" and font.get("size") in _LARGE_FONTS for font in (element, *element.iterancestors()))


def _names_the_site(title: str, names: tuple[str, ...]) -> bool:
    folded = text_norm(title)
    return any(folded == text_norm(name) for name in names) or bool(
        _SITE_LINE.match(folded) and len(folded.split()) <= MAX_NAME_WORDS
    )


def _agrees(visible: str, stated: str) -> bool:
    if not visible or not stated:
        return False
    shorter, longer = sorted((visible, stated), key=len)
    return (
        shorter == longer
        or (len(shorter) >= 15 and shorter in longer)
        or (len(shorter) >= 30 and longer.startswith(shorter[:30]))
    )


def _headline_score(block: Block, stated: list[str], *, before: int) -> float:
    folded = block.folded
    agreement = 0.0
    for title in stated:
        if folded == title:
            agreement = max(agreement, 3.0)
        elif _agrees(folded, title):
            agreement = max(agreement, 2.0)
    level = {"h1": 2.0, "h2": 1.2, "h3": 0.8, "h4": 0.6}.get(block.tag, 0.0)
    if agreement == 0.0 and (stated or level == 0.0):
        return level * 0.1 if level else 0.0
    score = agreement + level
    if block.link_share > 0.5:
        score -= 1.2
    if block.pruned_by is not None:
        score -= 1.0
    if block.order < before:
        score += 0.5 - min(0.4, (before - block.order) / 500)
    return score

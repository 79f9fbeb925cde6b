"""Section, tags, description, picture and address of an article, from metadata and, failing that, from the page."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from extract.html.block import Block, clean_line
from extract.html.json_ld import strings
from extract.html.metadata import PageMetadata
from extract.html.parsing import Element
from extract.profile import PortalProfile
from storage.identity.arabic_folding import text_norm
from storage.identity.hosts import PortalHosts, authority
from storage.identity.urls import ANY_NAME, canonical_url, joined_address

MAX_TAGS = 30
MAX_TAG_CHARACTERS = 60
MAX_DESCRIPTION_CHARACTERS = 2_000
# The first page by its file or language, a program whose query names the story, forms of one story below its address.
_FIRST_PAGE = re.compile(r"(?:index|default|home|main)(?:\.\w{2,5})?|ar|en|fr|fa|ku|arabic|english")
_PROGRAM = re.compile(r"\.(?:aspx?|php|jsp|jspx|cfm|do|cgi|html?)$|^$")
_FORM = re.compile(r"^/(?:amp|print|comments?|feed|page/\d+|photos?|gallery)(?:\.\w+)?$")
_HOME_WORDS = frozenset(("الرييسيه", "الصفحه الرييسيه", "home", "رييسيه", "البدايه", "الاولي", "الصفحه الاولي"))
_CRUMBS = re.compile(r"bread[-_]?crumb", re.IGNORECASE)
_YOU_ARE_HERE = re.compile(r"(?:انت|انتم) (?:الان )?هنا\b|you are here\b")
_SECTION_LABEL = re.compile(r"(?:القسم|قسم|التصنيف|تصنيف|المجموعة|الفئة|فئة|الباب|الزاوية)\s*:\s*([^\d:.،,|/]{2,40})")
_TAGS_LABEL = re.compile(
    r"(?:(?:ال)?(?:كلمات|كلمه) (?:ال)?(?:دلاليه|مفتاحيه|دليليه)"
    r"|(?:ال)?(?:وسوم|وسم|اوسمه|تسميات|تاغات|تاجات|هاشتاغ|هاشتاق)"
    r"|tags|keywords)\b"
)
_PARTS_OF_LIST = re.compile("[,،;؛|]")


@dataclass(frozen=True)
class PageFacts:
    """What `ArticleText` says beside text, date and authors. `canonical_elsewhere`: the page points to another site,
    `canonical_of_section`: to its section or the first page.
    """

    section: str | None
    tags: tuple[str, ...]
    description: str | None
    lead_image_url: str | None
    canonical_url: str | None
    canonical_elsewhere: bool
    canonical_of_section: bool


def page_address(metadata: PageMetadata, url: str | None) -> str | None:
    """The page's own address: the one it was captured from, else the one it states."""
    candidates = [url, *metadata.links.get("canonical", []), *metadata.meta.get("og:url", [])]
    return next((candidate for candidate in candidates if candidate and _host(candidate)), None)


def read_page_facts(
    metadata: PageMetadata,
    profile: PortalProfile,
    blocks: Sequence[Block],
    *,
    url: str | None,
    section: str | None,
    title: str,
) -> PageFacts:
    """Collect the facts. `section` is what the portal's selector found."""
    canonical, elsewhere, above = _canonical(metadata, profile, url)
    return PageFacts(
        section=section or _section(metadata, blocks, title),
        tags=_tags(metadata, blocks),
        description=_description(metadata, title),
        lead_image_url=_image(metadata, canonical or url),
        canonical_url=canonical,
        canonical_elsewhere=elsewhere,
        canonical_of_section=above,
    )


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _canonical(metadata: PageMetadata, profile: PortalProfile, url: str | None) -> tuple[str | None, bool, bool]:
    """The address the page states, or else its own; whether it states one of another site, and one above itself.

    Only what is certainly tracking is left out: by which parameters stories are told apart, the portal's listings say.
    """
    own = authority(url) if url else None
    hosts = PortalHosts((*profile.domains, own) if own else profile.domains)
    elsewhere = above = False
    for candidate in [*metadata.links.get("canonical", []), *metadata.meta.get("og:url", [])]:
        if PLACEHOLDER.search(candidate.partition("?")[0]):
            continue
        first = candidate.partition("/")[0]
        is_bare = "." in first and ":" not in first and hosts.owns(f"https://{first}/")  # www.example.com/news/7
        absolute = joined_address(url or "", f"https://{candidate}" if is_bare else candidate)
        host = authority(absolute) if absolute else None
        if absolute is None or host is None or hosts.is_front_page(absolute):
            continue
        if url and _is_above(absolute, url):
            above = True  # a template that writes the section's address on each of its stories
            continue
        if _is_number(absolute):
            elsewhere = elsewhere or not hosts.owns(absolute)
        elif not hosts.names or hosts.is_same_site(absolute):
            return canonical_url(absolute, keep_query=profile.keep_query, told_apart_by=ANY_NAME), elsewhere, above
        else:
            elsewhere = True
    return (
        (canonical_url(url, keep_query=profile.keep_query, told_apart_by=ANY_NAME) if url else None),
        elsewhere,
        above,
    )


# What a template leaves where it was not filled in.
PLACEHOLDER = re.compile(r"[{}<>]|%%|\[[a-z_]|(?:^|/)(?:undefined|null|none|nan|false)/?$", re.IGNORECASE)


def _is_above(stated: str, url: str) -> bool:
    """Whether a stated address is that of the section above the page's own, of the site's first page, or lacks the
    query by which its stories are told apart.
    """
    parts, own = urlsplit(stated), urlsplit(url)
    path, own_path = unquote(parts.path).rstrip("/").lower(), unquote(own.path).rstrip("/").lower()
    last = path.rsplit("/", 1)[-1]
    if parts.query or path == own_path:
        return bool(own.query) and not parts.query and _PROGRAM.search(last) is not None
    if _FIRST_PAGE.fullmatch(last):
        return True
    says_nothing = not re.search(r"\d", path) and len(re.split(r"[\W_]+", last.strip("-_"))) == 1
    return says_nothing and own_path.startswith(f"{path}/") and not _FORM.search(own_path.removeprefix(path))


def _is_number(url: str) -> bool:
    try:
        ipaddress.ip_address(_host(url) or "")
    except ValueError:
        return False
    return True


def _section(metadata: PageMetadata, blocks: Sequence[Block], title: str) -> str | None:
    stated = [
        *metadata.article_strings("articleSection"),
        *metadata.meta.get("article:section", []),
        *metadata.meta.get("section", []),
    ]
    for text in stated:
        if 2 <= len(text) <= 60 and not text.isdigit():
            return clean_line(text.split(",")[0])
    no_section = {text_norm(title), *map(text_norm, metadata.meta.get("og:site_name", []))}
    for names in (_crumbs(blocks), _crumb_list(metadata), _categories(blocks)):
        if sections := [name for name in names if text_norm(name) not in no_section]:
            return sections[-1]
    return None


def _crumbs(blocks: Sequence[Block]) -> list[str]:
    """The sections of the page's path, each in a line of its own or all in one, the widest first."""
    names: list[str] = []
    for block in blocks:
        if not block.links:
            continue
        is_free = block.pruned_by in (None, "tag.nav", "class.navigation")
        is_path = is_free and (_YOU_ARE_HERE.match(block.folded) or any(map(_is_crumbs, block.path[:3])))
        if is_path or block.pruned_by == "class.breadcrumb":
            names += [block.text] if not block.pieces else _link_texts(block)
    return _sections(names)


def _is_crumbs(element: Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:300]
    return _CRUMBS.search(names) is not None and element.find(".//h1") is None


def _crumb_list(metadata: PageMetadata) -> list[str]:
    """The sections of the path that JSON-LD states."""
    for node in metadata.json_ld:
        entries = node.get("itemListElement")
        if "BreadcrumbList" in str(node.get("@type")) and isinstance(entries, list):
            shown = [entry for entry in entries[:MAX_TAGS] if isinstance(entry, dict)]
            items = [entry if "name" in entry else entry.get("item") for entry in shown]
            return _sections([name for item in items if isinstance(item, dict) for name in strings(item.get("name"))])
    return []


def _categories(blocks: Sequence[Block]) -> list[str]:
    """What a line calls the section: a link that is a category's, as WordPress says, or the value of a label."""
    text_begun = False
    for block in blocks:
        text_begun = text_begun or block.own_text > 0
        if text_begun and block.is_heading:
            break  # other stories follow
        if block.pruned_by is not None or block.running:
            continue
        named = [
            element.text or ""
            for element, is_tail in block.places
            if not is_tail and element.tag == "a" and "category" in (element.get("rel") or "").split()
        ]
        label = _SECTION_LABEL.fullmatch(block.text)
        if sections := _sections([*named, *([label[1]] if label else [])]):
            return sections[:1]
    return []


def _sections(names: Sequence[str]) -> list[str]:
    found = [clean_line(name).strip(" /\\»›>|") for name in names]
    return [name for name in found if 2 <= len(name) <= MAX_TAG_CHARACTERS and text_norm(name) not in _HOME_WORDS]


def _link_texts(block: Block) -> list[str]:
    """The texts of a line's links."""
    texts = [(element, element.text or "") for element, is_tail in block.places if not is_tail]
    texts += [
        (parent, element.tail or "") for element, tail in block.places if tail for parent in [element.getparent()]
    ]
    return [text.strip() for element, text in texts if text.strip() and _is_linked(element, block)]


def _is_linked(element: Element | None, block: Block) -> bool:
    while element is not None and element is not block.owner:
        if element.tag == "a":
            return True
        element = element.getparent()
    return False


def _shown_tags(blocks: Sequence[Block]) -> list[str]:
    """The tags that a page shows: links that are called tags, the words behind such a label, linked hashtags."""
    found: list[str] = []
    text_begun = False
    for block in blocks:
        text_begun = text_begun or block.own_text > 0
        label = _TAGS_LABEL.match(block.folded)
        is_tags = block.pruned_by == "class.tags"
        if not (is_tags or text_begun) or block.pruned_by not in (None, "class.tags", "tag.footer", "class.footer"):
            continue
        are_hashtags = block.link_share > 0.8 and all(part.startswith("#") for part in block.pieces or [block.text])
        if (is_tags and block.link_share > 0.8) or (label and block.links) or are_hashtags:
            found += (_link_texts(block) or [block.text]) if block.pieces else [block.text]
        elif label and ":" in block.text and not block.running:
            found.append(block.text.partition(":")[2])
    return found


def _tags(metadata: PageMetadata, blocks: Sequence[Block]) -> tuple[str, ...]:
    stated = [*metadata.meta.get("article:tag", []), *metadata.article_strings("keywords")]
    if not stated:
        stated = metadata.meta.get("news_keywords", []) or metadata.meta.get("keywords", [])
    if not stated:
        stated = _shown_tags(blocks)
    tags: dict[str, str] = {}
    for text in stated:
        for part in _PARTS_OF_LIST.split(text):
            tag = clean_line(part).strip("#").replace("_", " ").strip()
            if 2 <= len(tag) <= MAX_TAG_CHARACTERS:
                tags.setdefault(text_norm(tag), tag)
    return tuple(tags.values())[:MAX_TAGS]


def _description(metadata: PageMetadata, title: str) -> str | None:
    stated = [
        *metadata.meta.get("og:description", []),
        *metadata.meta.get("description", []),
        *metadata.article_strings("description"),
        *metadata.meta.get("twitter:description", []),
    ]
    for text in stated:
        if len(text) >= 15 and text_norm(text) != text_norm(title):
            return text[:MAX_DESCRIPTION_CHARACTERS]
    return None


def _image(metadata: PageMetadata, url: str | None) -> str | None:
    article = metadata.article or {}
    stated = [
        *metadata.meta.get("og:image", []),
        *metadata.meta.get("og:image:url", []),
        *metadata.meta.get("twitter:image", []),
    ]
    stated += (
        strings(article.get("image"), key="url")
        + strings(article.get("thumbnailUrl"), key="url")
        + metadata.links.get("image_src", [])
    )
    for candidate in stated:
        absolute = joined_address(url or "", candidate.strip())
        if absolute and urlsplit(absolute).scheme in ("http", "https") and _host(absolute) and len(absolute) <= 2_000:
            return absolute
    return None

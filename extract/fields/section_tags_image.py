"""Section, tags, description, picture and address of an article, from metadata and, failing that, from the page."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from extract.html.blocks import Block, clean_line
from extract.html.json_ld import strings
from extract.html.metadata import PageMetadata
from extract.profile import PortalProfile
from storage.identity.arabic_folding import text_norm
from storage.identity.urls import canonical_url, joined_address

MAX_TAGS = 30
MAX_TAG_CHARACTERS = 60
MAX_DESCRIPTION_CHARACTERS = 2_000
_HOME_WORDS = frozenset(("الرييسيه", "الصفحه الرييسيه", "home", "رييسيه", "البدايه"))


@dataclass(frozen=True)
class PageFacts:
    """What `ArticleText` says beside text, date and authors. `canonical_elsewhere`: the page points to another site."""

    section: str | None
    tags: tuple[str, ...]
    description: str | None
    lead_image_url: str | None
    canonical_url: str | None
    canonical_elsewhere: bool


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
    canonical, elsewhere = _canonical(metadata, profile, url)
    return PageFacts(
        section=section or _section(metadata, blocks),
        tags=_tags(metadata, blocks),
        description=_description(metadata, title),
        lead_image_url=_image(metadata, canonical or url),
        canonical_url=canonical,
        canonical_elsewhere=elsewhere,
    )


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _registered(host: str) -> str:
    """The part of a host that subdomains share, roughly: the last two labels, three below a country's second level."""
    labels = host.lower().removeprefix("www.").split(".")
    second_level = (
        len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in ("com", "net", "org", "gov", "edu", "co", "ac")
    )
    return ".".join(labels[-3:] if second_level else labels[-2:])


def _same_site(host: str, own: Iterable[str]) -> bool:
    return any(host == name.lstrip(".") or host.endswith("." + name.lstrip(".")) for name in own if name)


def _canonical(metadata: PageMetadata, profile: PortalProfile, url: str | None) -> tuple[str | None, bool]:
    own_host = _host(url) if url else None
    own = [*profile.domains, *([_registered(own_host)] if own_host and not _is_address(own_host) else [own_host or ""])]
    elsewhere = False
    for candidate in [*metadata.links.get("canonical", []), *metadata.meta.get("og:url", [])]:
        absolute = joined_address(url or "", candidate)
        host = _host(absolute) if absolute else None
        if (
            absolute is None
            or host is None
            or _is_address(host)
            or (urlsplit(absolute).path in ("", "/") and not urlsplit(absolute).query)
        ):
            elsewhere = elsewhere or (host is not None and _is_address(host) and host != own_host)
            continue
        if own_host is None and not profile.domains:
            return canonical_url(absolute, keep_query=profile.keep_query), False
        if _same_site(host, own):
            return canonical_url(absolute, keep_query=profile.keep_query), elsewhere
        elsewhere = True
    return (canonical_url(url, keep_query=profile.keep_query) if url else None), elsewhere


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _section(metadata: PageMetadata, blocks: Sequence[Block]) -> str | None:
    stated = [
        *metadata.article_strings("articleSection"),
        *metadata.meta.get("article:section", []),
        *metadata.meta.get("section", []),
    ]
    for text in stated:
        if 2 <= len(text) <= 60 and not text.isdigit():
            return clean_line(text.split(",")[0])
    crumbs = [
        block
        for block in blocks
        if (block.pruned_by or "") == "class.breadcrumb" and block.links and len(block.text) <= 40
    ]
    names = [block.text for block in crumbs if block.folded not in _HOME_WORDS]
    return names[-1] if names else None


def _tags(metadata: PageMetadata, blocks: Sequence[Block]) -> tuple[str, ...]:
    stated = [*metadata.meta.get("article:tag", []), *metadata.article_strings("keywords")]
    if not stated:
        stated = metadata.meta.get("news_keywords", []) or metadata.meta.get("keywords", [])
    if not stated:
        stated = [block.text for block in blocks if block.pruned_by == "class.tags" and block.link_share > 0.8]
    tags: dict[str, str] = {}
    for text in stated:
        for part in text.replace("،", ",").replace("|", ",").replace(";", ",").split(","):
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

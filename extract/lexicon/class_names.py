"""Class names and tags that news sites agree on. No site is named here: only words of themes and content systems."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class StructureRule:
    """An element with one of `words` among its class words (and none of `unless`), or whose names match `names`."""

    id: str
    words: frozenset[str]
    unless: frozenset[str] = frozenset()
    names: re.Pattern[str] | None = None


def _rule(id_: str, words: str, *, unless: str = "", names: str | None = None) -> StructureRule:
    return StructureRule(
        id=f"class.{id_}",
        words=frozenset(words.split()),
        unless=frozenset(unless.split()),
        names=re.compile(names) if names else None,
    )


STRUCTURE_TAGS = {
    "nav": "tag.nav",
    "footer": "tag.footer",
    "aside": "tag.aside",
    "menu": "tag.menu",
    "dialog": "tag.dialog",
    "address": "tag.address",
    "form": "tag.form",
    "figcaption": "shape.caption",
    "caption": "shape.caption",
    "amp-sidebar": "tag.nav",
    "amp-ad": "tag.ad",
    "amp-embed": "tag.ad",
    "amp-consent": "tag.consent",
    "marquee": "tag.ticker",
}

STRUCTURE_RULES: tuple[StructureRule, ...] = (
    _rule(
        "comments",
        "comment comments disqus respond reply replies guestbook komentarze kommentare commentaires comentarios "
        "commenti reacties yorumlar",
        unless="count",
    ),
    _rule(
        "related",
        "related similar recommended recommendation recommendations recommend seealso relatednews relatedposts "
        "relposts yarpp crp inject taboola outbrain mgid",
        names=r"(?:also[-_]?read|read[-_]?also|see[-_]?also|more[-_]?on\b|you[-_]may"
        r"|may[-_]like"
        r"|more[-_]?(?:news|stories|articles|posts|from)|other[-_]?(?:news|stories|articles|posts)"
        r"|rel[-_](?:article|news|post)"
        r"|(?:feed|news|post|article)[-_]card|next[-_]?(?:post|article|story|news|read)|prev(?:ious)?[-_]?(?:post"
        r"|article|story|news)"
        r"|post[-_]?nav|post[-_]?pagination)",
    ),
    # Links, or the rest of the text, which unfolds.
    _rule("read_more", "readmore", names=r"readmore|read[-_]more"),
    _rule(
        "popular",
        "trending popular mostread mostviewed ticker marquee newsticker",
        names=r"most[-_]?(?:read|view|visit|popular|comment)|top[-_]?(?:news|stories)|latest[-_]?(?:news|posts)"
        r"|last[-_]?news"
        r"|breaking[-_]?news|news[-_]?bar|hot[-_]?news",
    ),
    _rule(
        "share",
        "share sharing sharer social socials socialshare sharethis addthis addtoany sharedaddy whatsapp telegram likes "
        "shareon sharebar bookmark bookmarks",
        names=r"\ba2a|google[-_]?news|follow[-_]?us"
        # But not has-large-font-size and text-size-medium, which say how a paragraph looks.
        r"|(?:^|\s)(?!has-)[\w-]*font[-_]?(?:size|resize|control)|text[-_]?(?:resize|size(?!-(?:tiny|small|regular|medium|large|\w{1,3}\b)))"
        r"|print[-_]?(?:btn|button|link)"
        r"|copy[-_]?link|short[-_]?(?:url|link)",
    ),
    _rule(
        "tags",
        "tags tagcloud keywords hashtags taglist",
        names=r"post[-_]?tag|tag[-_]?(?:s|list|links|cloud|box|items)\b|tags?cloud",
        unless="date time",
    ),
    _rule(
        "advert",
        "ads ad adv advert adverts advertisement advertisements advertising sponsor sponsored adsbygoogle banner dfp "
        "promo promotion promoted cta affiliate donate donation donations membership patreon bet betting "
        "werbung reklam publicidad publicite pubblicita reklama iklan",
        names=r"\btd-a-rec\b",
        unless="ad_free heading",  # as in kt-adv-heading, an advanced one
    ),
    _rule("transcript", "transcript"),
    _rule("contents", "toc tableofcontents", names=r"table[-_]of[-_]contents"),
    _rule("breadcrumb", "breadcrumb breadcrumbs breadcrump crumbs"),
    _rule("navigation", "nav navbar navigation menu menus submenu pager pagination paging skip"),
    _rule("sidebar", "sidebar", unless="wrap wrapper wrapping content"),
    _rule("widget", "widget", unless="elementor siteorigin so panel ck article"),
    _rule("footer", "footer copyright copyrights"),
    _rule("masthead", "masthead topbar", names=r"(?:site|main)[-_]?header"),
    _rule(
        "newsletter",
        "newsletter subscribe subscription subscriptions mailinglist mailchimp mailpoet mailerlite klaviyo",
        names=r"mc4wp",
    ),
    _rule("consent", "cookie cookies consent gdpr"),
    _rule("legal", "disclaimer disclaimers"),
    _rule("dialog", "modal popup popover tooltip", unless="open"),
    _rule("overlay", "lightbox overlay offcanvas", unless="open"),
    _rule(
        "embed",
        "",
        names=r"twitter-(?:tweet|video|timeline)|instagram-media|tiktok-embed|fb-(?:post|video|page)\b|telegram-post"
        r"|bluesky-embed|reddit-(?:card|embed)|threads-post",
    ),
    _rule("poll", "poll polls survey vote voting rating ratings"),
    _rule("login", "login signin signup register"),
    _rule(
        "caption",
        "caption captions wp-caption-text imgcaption photocredit",
        names=r"(?:img|image|photo|pic)[-_]?(?:caption|credit|desc|title|info)|spip_doc_(?:titre|descriptif|credits)",
    ),
    _rule(
        "author_box",
        "authorbox biography bio",
        names=r"(?:author|writer|columnist)[-_]?(?:box|bio|info|desc|card|profile|about)"
        r"|about[-_]?(?:the[-_])?(?:author|writer)"
        r"|team[-_]member\b",
    ),
    _rule(
        "reader",
        "screen-reader-text",
        names=r"screen-reader|sr-only|visually-?hidden|hide-accessible|\bhidden-?(?:headline|heading|title|label)"
        r"|\bnoprint\b|no-print|print-only|hidden-print|print[:-]hidden",
    ),
    _rule("weather", "weather currency prayer"),
    _rule("paywall", "paywall regwall"),
    # What a member of a forum has below each of his posts.
    _rule("signature", "", names=r"^(?:(?:post|forum|user)[-_]?)?signature$"),
)

# An `aside` so called is a part of the text: what happened when, how something works, figures.
FACT_BOXES = frozenset(["infobox", "infobloc", "encadre", "recuadro"])
# Boxes amid a manual's or tutorial's paragraphs.
NOTE_BOXES = frozenset(["callout", "admonition"])

# Names of the element that holds the article's text, strongest first.
BODY_NAMES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        r"article[-_]?body|articletext|story[-_]?body|news[-_]?body|post[-_]?body|bodytext|body[-_]text"
        r"|entry[-_]?content|post[-_]?content"
        r"|td-post-content|theme-post-content|article[-_]?content|article[-_]?text|article__text"
        r"|article-details?\b|story[-_]?content|story[-_]?text"
        r"|news[-_]?(?:content|text|detail|details|story)\b|field-name-body|field--name-body|long[-_]?desc"
        r"|wysiwyg|detail[-_]?(?:body|content|text)",
        r"\bentry\b|post[-_]?(?:text|entry|details?|inner)|(?:article|story|news)[-_]?(?:desc|description"
        r"|inner|container|wrapper|main)"
        r"|(?:content|text|main)[-_]?(?:body|detail|details|article|text)|single[-_]?(?:content|post|body)"
        r"|the[-_]?content|body[-_]?content"
        r"|details?[-_]?(?:content|news|page)?\b|dettagl|detial|\btexte\b|corps[-_](?:article|texte)",
        r"\b(?:article|story|post|hentry|content|maincontent|poem)\b",
    )
)

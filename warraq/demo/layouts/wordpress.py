"""WordPress with a magazine theme: JSON-LD graph, widgets, share buttons in the text, a newsletter box between paragraphs."""

# ruff: noqa: E501 -- markup is wrapped where a reader of markup expects it

from __future__ import annotations

from html import escape

from warraq.demo.layouts.layout import Layout, json_ld, local_iso, slug
from warraq.demo.site import words
from warraq.demo.site.furniture import Surroundings
from warraq.demo.site.truth import Card, Story
from warraq.demo.site.written_times import short_day


def _path(card: Card) -> str:
    return f"/{card.local_time:%Y/%m/%d}/{slug(card)}-{card.public_id}/"


def _graph(story: Story, around: Surroundings) -> str:
    url = around.address(_path(story))
    nodes: list[dict[str, object]] = [
        {
            "@type": "WebSite",
            "@id": around.base_url + "/#website",
            "name": words.SITE_NAME,
            "url": around.base_url + "/",
        },
        {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": "الرئيسية"}]},
        {
            "@type": "NewsArticle",
            "@id": url + "#article",
            "headline": story.title,
            "datePublished": local_iso(story),
            "dateModified": (story.modified_at or story.published_at).isoformat(),
            "author": {"@type": "Person", "name": story.author or "admin"},
            "publisher": {"@type": "NewsMediaOrganization", "name": words.SITE_NAME},
            "articleSection": [words.SECTIONS[story.section]],
            "keywords": list(story.tags),
            "image": around.address(f"/static/{story.public_id}.jpg"),
            "mainEntityOfPage": url,
        },
    ]
    return json_ld({"@context": "https://schema.org", "@graph": nodes})


def _render(story: Story, around: Surroundings) -> str:
    url = around.address(_path(story))
    metas = (
        f'<link rel="canonical" href="{url}"><meta name="generator" content="WordPress 6.4">'
        f'<meta property="og:title" content="{escape(story.title)} - {words.SITE_NAME}">'
        f'<meta property="og:description" content="{escape(story.description)}"><meta property="og:url" content="{url}">'
        f'<meta property="article:published_time" content="{story.published_at.isoformat()}">'
        f'<link rel="https://api.w.org/" href="{around.address("/wp-json/")}">'
        f'<link rel="amphtml" href="{around.address("/amp" + _path(story))}">' + _graph(story, around)
    )
    body = []
    for index, text in enumerate(story.paragraphs):
        body.append(f"<h2>{escape(text)}</h2>" if index in story.subheadings else f"<p>{escape(text)}</p>")
        if index == 1:
            body.append(f"<p><strong>{around.read_also()}</strong></p>")
        if index == 3:
            body.append(f'<div class="wp-block-group newsletter"><p>{around.slogan(2)}</p><input type="email"></div>')
    author = story.author or "admin"
    tags = " ".join(f'<a rel="tag" href="/tag/{n}">{escape(tag)}</a>' for n, tag in enumerate(story.tags))
    return f"""<!DOCTYPE html>
<html dir="rtl" lang="ar">{around.head(title=f"{story.title} - {words.SITE_NAME}", metas=metas)}
<body class="post-template-default single single-post"><div id="page"><header id="masthead">{around.menu()}
<div class="today">{around.header_clock()}</div></header><div id="content"><main>
<article id="post-{story.public_id}" class="post type-post hentry"><header class="entry-header">
<span class="cat-links"><a href="/section/{story.section}">{words.SECTIONS[story.section]}</a></span>
<h1 class="entry-title">{escape(story.title)}</h1><div class="entry-meta"><span class="author vcard">{escape(author)}</span>
<time class="entry-date published" datetime="{local_iso(story)}">{short_day(story.local_time)}</time> <span>{around.note("دقيقة واحدة للقراءة")}</span></div></header>
<figure class="post-thumbnail"><img src="/static/{story.public_id}.jpg" alt=""><figcaption>{around.may(story.caption)}</figcaption></figure>
<div class="entry-content">{"".join(body)}<div class="sharedaddy">{around.share()}</div></div>
<footer class="entry-footer"><span>الوسوم:</span> {tags}</footer></article>
<section class="related-posts"><h3>{around.related_heading()}</h3><ul>{around.related()}</ul></section>
<div id="respond">{around.comments()}</div></main>
<aside id="secondary"><section class="widget">{around.popular()}</section>
<section class="widget">{around.related_with_times()}</section><section class="widget"><p>{around.slogan(3)}</p></section></aside></div>
<footer id="colophon">{around.footer()}</footer></div></body></html>"""


WORDPRESS = Layout(name="wordpress", path=_path, render=_render)

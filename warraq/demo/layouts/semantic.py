"""Newer portals with structured data, each with its flaw: Eastern digits in JSON-LD, AMP, a lead outside of the body."""

# ruff: noqa: E501 -- markup is wrapped where a reader of markup expects it

from __future__ import annotations

from html import escape

from warraq.demo.layouts.layout import Layout, json_ld, local_iso, slug
from warraq.demo.site import words
from warraq.demo.site.furniture import Surroundings, paragraphs
from warraq.demo.site.sentences import eastern_digits
from warraq.demo.site.truth import Card, Story
from warraq.demo.site.written_times import egyptian_line, short_day


def _digits_path(card: Card) -> str:
    return f"/news/{card.section}/{card.public_id}-{slug(card)}"


def _digits(story: Story, around: Surroundings) -> str:
    """JSON-LD whose times are written in Arabic-Indic digits, its author the newsroom where there is no person."""
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "description": story.description,
        "datePublished": eastern_digits(local_iso(story)),
        "author": [{"@type": "Person" if story.author else "Organization", "name": story.author or words.SITE_SHORT}],
        "publisher": {"@type": "Organization", "name": words.SITE_NAME},
        "keywords": "، ".join(story.tags),
    }
    if story.modified_at:
        data["dateModified"] = eastern_digits(story.modified_at.isoformat())
    url = around.address(_digits_path(story))
    metas = (
        f'<link rel="canonical" href="{url}">{json_ld(data)}'
        f'<meta property="og:title" content="{words.SITE_SHORT} | {escape(story.title)}">'
        f'<link rel="amphtml" href="{around.address("/amp" + _digits_path(story))}">'
    )
    texts = paragraphs(story.paragraphs)
    texts.insert(3, f'<div class="c-inline">{around.read_also()}</div>')
    by = f'<a class="author" href="/writer/1">{escape(story.author)}</a>' if story.author else ""
    return f"""<!DOCTYPE html>
<html lang="ar" dir="rtl">{around.head(title=f"{story.title} | {words.SITE_SHORT}", metas=metas)}
<body><div id="app"><header>{around.menu()}<div class="clock">{around.header_clock()}</div></header>
<main class="story"><h1 class="sc-title">{escape(story.title)}</h1><div class="sc-meta">{by}
<span class="sc-date">{eastern_digits(short_day(story.local_time))}</span><span>{around.note("وقت القراءة المقدر دقيقتان")}</span></div>
<figure><img src="/static/{story.public_id}.jpg" alt=""><figcaption>{around.may(story.caption)}</figcaption></figure>
<div class="sc-body">{"".join(texts)}</div><div class="sc-share">{around.share()}</div>
<div class="sc-news">{around.slogan(2)}</div></main>
<aside class="sc-side">{around.popular(item="div")}</aside><section class="sc-more"><h2>{around.related_heading()}</h2>{around.related(item="div")}</section>
<footer>{around.footer()}</footer></div></body></html>"""


def _amp_path(card: Card) -> str:
    return f"/story/{card.section}/{card.public_id}"


def render_amp(story: Story, around: Surroundings, *, canonical: str) -> str:
    """An AMP document of any story."""
    data: dict[str, object] = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "author": {"@type": "Organization", "name": words.SITE_NAME},
    }
    if story.author:
        data["author"] = {"@type": "Person", "name": story.author}
    texts = []
    for index, text in enumerate(story.paragraphs):
        texts.append(f"<h2>{escape(text)}</h2>" if index in story.subheadings else f"<p>{escape(text)}</p>")
        if index == 1:
            texts.append('<amp-ad width="300" height="250" type="adsense"></amp-ad>')
    return f"""<!doctype html>
<html ⚡ lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{escape(story.title)} - {words.SITE_SHORT}</title>
<link rel="canonical" href="{canonical}"><meta name="viewport" content="width=device-width">
<script async src="https://cdn.example/v0.js"></script>{json_ld(data)}
<style amp-custom>body{{font-family:Tahoma}}</style></head>
<body><amp-sidebar id="menu" layout="nodisplay">{around.menu(tag="div")}</amp-sidebar>
<article class="amp-wp-article"><header><h1>{escape(story.title)}</h1>
<div class="amp-wp-meta"><time datetime="{local_iso(story)}">{egyptian_line(story.local_time)}</time></div></header>
<amp-img src="/static/{story.public_id}.jpg" width="600" height="400"></amp-img>
<div class="amp-wp-article-content">{"".join(texts)}<amp-social-share type="twitter"></amp-social-share>
<p class="amp-related">{around.read_also()}</p></div></article>
<div class="amp-more"><h3>{around.related_heading()}</h3><ul>{around.related()}</ul></div><footer>{around.footer()}</footer></body></html>"""


def _amp(story: Story, around: Surroundings) -> str:
    return render_amp(story, around, canonical=around.address(_amp_path(story)))


def _microdata_path(card: Card) -> str:
    return f"/news/{card.local_time:%Y-%m-%d}/{card.public_id}"


def _microdata(story: Story, around: Surroundings) -> str:
    """Microdata; the lead stands outside of the body's container, a box of related news inside it."""
    inside = []
    for index, text in enumerate(story.paragraphs[1:], start=1):
        inside.append(f"<h3>{escape(text)}</h3>" if index in story.subheadings else f"<p>{escape(text)}</p>")
        if index == 2:
            inside.append(
                f'<div class="inject"><span>{around.related_heading()}</span><ul>{around.related(count=3)}</ul></div>'
            )
    by = ""
    if story.author:
        name = f'<span itemprop="name">{escape(story.author)}</span>'
        by = f'<span itemprop="author" itemscope itemtype="https://schema.org/Person">كتب: {name}</span>'
        around.note(f"كتب: {story.author}")
    changed = f'<meta itemprop="dateModified" content="{story.modified_at.isoformat()}">' if story.modified_at else ""
    return f"""<!DOCTYPE html>
<html lang="ar" dir="rtl">{around.head(title=f"{words.SITE_NAME} - {story.title}")}
<body><header>{around.menu()}<time class="now" datetime="{around.clock.isoformat()}">{around.header_clock()}</time></header>
<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{escape(story.title)}</h1>{by}
<time itemprop="datePublished" datetime="{local_iso(story)}">{egyptian_line(story.local_time)}</time>{changed}
<a itemprop="articleSection" href="/section/{story.section}">{words.SECTIONS[story.section]}</a>
<div class="announce"><p>{escape(story.paragraphs[0])}</p></div>
<div class="article-body" itemprop="articleBody">{"".join(inside)}</div>
<div class="subscribe">{around.slogan(3)}</div><div>{around.share()}</div>{around.comments()}</div>
<aside>{around.popular()}{around.related_with_times()}</aside><footer>{around.footer()}</footer></body></html>"""


DIGITS = Layout(name="digits", path=_digits_path, render=_digits)
AMP = Layout(name="amp", path=_amp_path, render=_amp)
MICRODATA = Layout(name="microdata", path=_microdata_path, render=_microdata)

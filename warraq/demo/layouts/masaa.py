"""Al-Masaa's shape: the site's line above, the headline followed by the site's name, related news after the text."""

# ruff: noqa: E501 -- markup is wrapped where a reader of markup expects it

from __future__ import annotations

from html import escape

from warraq.demo.layouts.layout import Layout
from warraq.demo.site import words
from warraq.demo.site.furniture import Surroundings
from warraq.demo.site.truth import Story
from warraq.demo.site.written_times import eastern_numeric


def _render(story: Story, around: Surroundings) -> str:
    full_title = f"{story.title} . {words.SITE_SHORT}"
    metas = (
        f'<meta property="og:title" content="{escape(full_title)}"><meta property="og:site_name" content="{words.SITE_NAME}">'
        f'<meta name="description" content="{escape(story.description)}">'
        f'<meta property="og:type" content="article"><meta name="author" content="admin">'
    )
    if story.number // 10 % 2 == 0:
        metas += f'<meta property="article:published_time" content="{story.local_time.isoformat()}">'
    body = []
    for index, text in enumerate(story.paragraphs):
        body.append(f"<h3>{escape(text)}</h3>" if index in story.subheadings else f"<p>{escape(text)}</p>")
    byline = f"<span class='w'>{around.byline(story.author)}</span>" if story.author else ""
    if story.agency:
        byline = f"<span class='w'>{around.note(f'المصدر: {story.agency}')}</span>"
    return f"""<!DOCTYPE html>
<html lang="ar" dir="rtl">{around.head(title=full_title, metas=metas)}
<body><header><div class="brand">{around.note(f"موقع {words.SITE_NAME}")}</div><div class="now">{around.header_clock()}</div>
{around.menu()}<div class="tick">{around.ticker()}</div></header>
<div class="page"><div class="content">
<h1>{escape(full_title)}</h1>
<div class="info">{byline} <span class="d">{eastern_numeric(story.local_time)}</span> <a href="/section/{story.section}">{words.SECTIONS[story.section]}</a></div>
<div class="app"><p>{around.note("تابع أحدث الأخبار عبر تطبيق")} <a href="https://app.example/mizan"><img src="/static/app.png" alt=""></a></p></div>
<figure><img src="/static/{story.public_id}.jpg" alt=""><figcaption>{around.may(story.caption)}</figcaption></figure>
<div class="text">{"".join(body)}<p>&nbsp;</p><p><strong>أخبار متعلقة :</strong></p><ul>{around.related()}</ul></div>
<div class="share">{around.share()}</div>{around.comments()}</div>
<aside>{around.popular()}<p>{around.slogan(1)}</p></aside></div>
<footer>{around.footer()}</footer></body></html>"""


MASAA = Layout(name="masaa", path=lambda card: f"/{card.public_id}/", render=_render)

"""Older hand-made portals: `<br>` paragraphs, table layout, dates in words only, windows-1256."""

# ruff: noqa: E501 -- markup is wrapped where a reader of markup expects it

from __future__ import annotations

from html import escape

from storage.model.records import Precision
from warraq.demo.layouts.layout import Layout, slug
from warraq.demo.site import words
from warraq.demo.site.furniture import Surroundings, paragraphs
from warraq.demo.site.truth import Card, Story
from warraq.demo.site.written_times import dual_line, evening_line, maghrebi_line


def _breaks(story: Story, around: Surroundings) -> str:
    """One div, paragraphs parted by two line breaks; related links in the same div."""
    text = "<br /><br />\n".join(escape(paragraph) for paragraph in story.paragraphs)
    if story.author:
        text = f"{around.byline(story.author)}<br /><br />\n{text}"
    also = around.read_also()
    metas = (
        f'<meta property="og:title" content="{escape(story.title)}">'
        f'<meta name="pubdate" content="{story.local_time:%Y-%m-%d %H:%M:%S}">'
    )
    return f"""<!DOCTYPE html>
<html dir="rtl" lang="ar">{around.head(title=f"{story.title} | {words.SITE_NAME}", metas=metas)}
<body><div class="wrap"><div class="hd">{around.menu(tag="div")}<em>{around.header_clock()}</em></div>
<div class="bread"><a href="/">الرئيسية</a> » <a href="/section/{story.section}">{words.SECTIONS[story.section]}</a></div>
<h1>{escape(story.title)}</h1><div class="dt">{evening_line(story.local_time)}</div><div class="sh">{around.share()}</div>
<div class="body-text">{text}<br /><br />{also}<br /><br />{around.follow()}</div>
<div class="cols"><div class="more">{around.related_heading()}<ul>{around.related()}</ul></div><div class="pop">{around.popular()}</div></div>
<div class="ft">{around.footer()}</div></div></body></html>"""


def _tables(story: Story, around: Surroundings) -> str:
    """Nested tables of 2010; the date stands in a cell of its own, the author under the headline."""
    texts = "".join(paragraphs(story.paragraphs))
    by = f'<tr><td class="by">{around.byline(story.author)}</td></tr>' if story.author else ""
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html dir="rtl">{around.head(title=f"{words.SITE_NAME} :: {story.title}")}
<body><table width="980" align="center"><tr><td colspan="3">{around.menu(tag="div")}</td></tr>
<tr><td colspan="3" bgcolor="#eee"><marquee>{around.ticker()}</marquee></td></tr><tr>
<td width="180" valign="top"><table><tr><td>{around.popular(item="p")}</td></tr></table></td>
<td valign="top"><table width="100%"><tr><td class="sec">{words.SECTIONS[story.section]}</td></tr>
<tr><td class="title"><font size="5"><b>{escape(story.title)}</b></font></td></tr>{by}
<tr><td class="date">{story.local_time:%d-%m-%Y | %H:%M}</td></tr>
<tr><td><img src="/pics/{story.public_id}.jpg" width="300"><br><font size="1">{around.may(story.caption)}</font></td></tr>
<tr><td class="txt">{texts}</td></tr>
<tr><td class="tools"><a href="/print/{story.public_id}">{around.note("نسخة للطباعة من هذا الموضوع")}</a> <a href="/send/{story.public_id}">أرسل إلى صديق</a></td></tr>
<tr><td><b>{around.related_heading()}</b><ul>{around.related()}</ul></td></tr></table></td>
<td width="160" valign="top">{around.slogan(3)}</td></tr>
<tr><td colspan="3" align="center">{around.footer()}</td></tr></table></body></html>"""


def _is_day_only(story: Story) -> bool:
    return story.public_id % 2 == 0


def _text_date(story: Story, around: Surroundings) -> str:
    """No machine-readable date: only a line in words, dual Levantine months or Maghrebi ones, near the headline."""
    line = dual_line(story.local_time) if _is_day_only(story) else maghrebi_line(story.local_time)
    texts = paragraphs(story.paragraphs)
    texts.insert(
        2, f'<div class="inline-rel"><b>{around.related_heading()}</b><ul>{around.related(count=2)}</ul></div>'
    )
    agency = f" - {story.agency}" if story.agency else ""
    by = f'<span class="by">{escape(story.author)}</span>' if story.author else ""
    metas = f'<meta property="og:title" content="{escape(story.title)}"><meta name="copyright" content="© {around.clock.year}">'
    return f"""<!DOCTYPE html>
<html dir="rtl" lang="ar">{around.head(title=f"{story.title} – {words.SITE_SHORT}", metas=metas)}
<body><header><span class="site-date">{around.header_clock()}</span>{around.menu()}</header>
<main><article><h1>{escape(story.title)}</h1><div class="post-info">{by}<span>{around.note(f"نشر في: {line}{agency}")}</span></div>
<section class="post-body">{"".join(texts)}</section>
<p class="follow">{around.follow()}</p><div>{around.share()}</div></article>
<section><h3>{around.related_heading()}</h3>{around.related_with_times()}</section></main>
<aside>{around.popular()}</aside><footer>{around.footer()}</footer></body></html>"""


def _cp1256(story: Story, around: Surroundings) -> str:
    """windows-1256, named only by a meta element."""
    texts = "".join(paragraphs(story.paragraphs))
    source = f"المصدر: {story.agency or words.SITE_SHORT}"
    by = around.byline(story.author) if story.author else around.note(source)
    return f"""<html dir="rtl">{around.head(title=f"{words.SITE_SHORT} - {story.title}", charset="windows-1256")}
<body bgcolor="#ffffff"><div id="header">{around.menu(tag="div")}{around.header_clock()}</div>
<div id="main"><h2>{escape(story.title)}</h2><p class="info">{story.local_time:%d/%m/%Y %H:%M} <span>{by}</span></p>
<div id="story">{texts}<p>{around.read_also()}</p></div>
<div id="rel"><h4>{around.related_heading()}</h4><ul>{around.related()}</ul></div></div>
<div id="left">{around.popular()}<p>{around.slogan(1)}</p></div><div id="footer">{around.footer()}</div></body></html>"""


def _news_path(card: Card) -> str:
    return f"/news/{card.public_id}/{slug(card)}"


BREAKS = Layout(name="breaks", path=lambda card: f"/story/{card.public_id}", render=_breaks)
TABLES = Layout(name="tables", path=lambda card: f"/article/{card.public_id}.html", render=_tables)
TEXT_DATE = Layout(
    name="text_date",
    path=_news_path,
    render=_text_date,
    precision=lambda story: Precision.DAY if _is_day_only(story) else Precision.MINUTE,
)
CP1256 = Layout(
    name="cp1256",
    path=lambda card: f"/article/{card.public_id}.htm",
    render=_cp1256,
    encoding="windows-1256",
    charset_in_header=None,
)

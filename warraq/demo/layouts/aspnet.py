"""ASP.NET Web Forms: the whole page in one form with a view state, addresses with ?id=, no metadata to speak of."""

# ruff: noqa: E501 -- markup is wrapped where a reader of markup expects it

from __future__ import annotations

import base64
from html import escape

from warraq.demo.layouts.layout import Layout
from warraq.demo.site import words
from warraq.demo.site.furniture import Surroundings
from warraq.demo.site.truth import Story
from warraq.demo.site.written_times import egyptian_line


def _render(story: Story, around: Surroundings) -> str:
    state = base64.b64encode(story.title.encode() * 12).decode()
    metas = f'<meta name="keywords" content="{escape("، ".join(story.tags))}"><meta http-equiv="refresh" content="900">'
    body = []
    for index, text in enumerate(story.paragraphs):
        body.append(f'<div style="text-align:justify"><span style="font-size:16px">{escape(text)}</span></div>')
        if index == len(story.paragraphs) // 2:
            body.append(f"<div><span>{around.read_also()}</span></div>")
    source = f"المصدر: {story.agency or words.SITE_NAME}"
    writer = around.byline(story.author) if story.author else around.note(source)
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" dir="rtl">{around.head(title=f"{words.SITE_NAME} | {story.title}", metas=metas)}
<body><form method="post" action="NewsDetails.aspx?id={story.public_id}" id="form1">
<div class="aspNetHidden"><input type="hidden" name="__VIEWSTATE" value="{state}" /></div>
<div id="top"><span id="ctl00_lblDate">{around.header_clock()}</span>{around.menu(tag="div", css="mnu")}</div>
<div id="ctl00_ticker">{around.ticker()}</div>
<div id="ctl00_ContentPlaceHolder1_pnl"><div class="NewsTitle"><h2 id="ctl00_lblTitle">{escape(story.title)}</h2></div>
<div class="NewsDate"><span id="ctl00_lblNewsDate">{egyptian_line(story.local_time)}</span></div>
<div class="NewsWriter"><span id="ctl00_lblWriter">{writer}</span></div>
<div class="tools"><a href="javascript:zoom(1)">تكبير الخط</a> <a href="javascript:zoom(-1)">تصغير الخط</a> {around.share()}</div>
<div class="NewsPic"><img src="/Upload/{story.public_id}.jpg" alt="" /><br /><span class="cap">{around.may(story.caption)}</span></div>
<div id="ctl00_lblDetails" class="NewsDetails">{"".join(body)}</div>
<div class="rel"><div class="relHead">{around.related_heading()}</div>{around.related(item="div")}</div></div>
<div id="side">{around.popular(item="div")}<div>{around.slogan(1)}</div></div>
<div id="foot">{around.footer()}</div></form></body></html>"""


ASPNET = Layout(name="aspnet", path=lambda card: f"/News/NewsDetails.aspx?id={card.public_id}", render=_render)

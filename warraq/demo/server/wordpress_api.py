"""The REST API of WordPress as far as an archive asks it: posts by time, paged, with chosen fields."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from urllib.parse import parse_qs

from warraq.demo.portal import DemoSite
from warraq.demo.server.listings import lower_percent
from warraq.demo.site import words
from warraq.demo.site.calendar import ZONE

MAX_PER_PAGE = 100


@dataclass(frozen=True)
class ApiAnswer:
    """Status, JSON body and the headers with the totals."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class _Refused(Exception):
    """The request's parameter is wrong; WordPress answers 400 with a code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def index(site: DemoSite) -> ApiAnswer:
    """What /wp-json/ says of itself."""
    data = {"name": words.SITE_NAME, "url": site.base_url, "namespaces": ["wp/v2"], "timezone_string": ZONE.key}
    return ApiAnswer(200, json.dumps(data, ensure_ascii=False).encode())


def posts(site: DemoSite, query: str, *, edition_of: Callable[[int], int] = lambda _: 0) -> ApiAnswer:
    """/wp-json/wp/v2/posts; `after` and `before` are exclusive, and local where they have no zone."""
    asked = {name: values[-1] for name, values in parse_qs(query).items()}
    try:
        page, per_page = _whole(asked, "page", 1), _whole(asked, "per_page", 10)
        if per_page > MAX_PER_PAGE:
            raise _Refused("rest_invalid_param", "Invalid parameter(s): per_page")
        numbers = _numbers(site, asked)
        pages = -(-len(numbers) // per_page)
        if page > max(pages, 1):
            raise _Refused("rest_post_invalid_page_number", "The page number is larger than the number of pages.")
    except _Refused as refusal:
        data = {"code": refusal.code, "message": str(refusal), "data": {"status": 400}}
        return ApiAnswer(400, json.dumps(data).encode())
    ordered = numbers if asked.get("order") == "asc" else numbers[::-1]
    chosen = ordered[(page - 1) * per_page : page * per_page]
    fields = [field for field in asked.get("_fields", "").split(",") if field]
    rows = [_chosen(_post(site, number, edition_of(number)), fields) for number in chosen]
    headers = (("X-WP-Total", str(len(numbers))), ("X-WP-TotalPages", str(pages)))
    return ApiAnswer(200, json.dumps(rows, ensure_ascii=False).encode(), headers)


def _numbers(site: DemoSite, asked: dict[str, str]) -> range:
    calendar = site.calendar
    first, end = 0, site.articles
    # Both limits are exclusive, and all times are whole minutes.
    if "after" in asked:
        first = calendar.first_at_or_after(_instant(asked, "after") + timedelta(seconds=1))
    if "before" in asked:
        end = calendar.first_at_or_after(_instant(asked, "before"))
    return range(first, max(first, end))


def _instant(asked: dict[str, str], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(asked[name])
    except ValueError:
        raise _Refused("rest_invalid_param", f"Invalid parameter(s): {name}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _whole(asked: dict[str, str], name: str, default: int) -> int:
    text = asked.get(name, str(default))
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise _Refused("rest_invalid_param", f"Invalid parameter(s): {name}")
    return int(text[:9])


def _post(site: DemoSite, number: int, edition: int) -> dict[str, object]:
    story = site.story(number, edition=edition)
    modified = story.modified_at or story.published_at
    plain = "%Y-%m-%dT%H:%M:%S"
    return {
        "id": story.public_id,
        "date": story.local_time.strftime(plain),
        "date_gmt": story.published_at.strftime(plain),
        "modified": modified.astimezone(ZONE).strftime(plain),
        "modified_gmt": modified.strftime(plain),
        "slug": str(story.public_id),
        "status": "publish",
        "type": "post",
        "link": site.base_url + lower_percent(site.path(story)),
        "title": {"rendered": escape(story.title)},
        "content": {"rendered": "".join(f"<p>{escape(text)}</p>\n" for text in story.paragraphs), "protected": False},
        "excerpt": {"rendered": f"<p>{escape(story.description)}</p>\n"},
        "author": 1,
        "categories": [tuple(words.SECTIONS).index(story.section) + 1],
    }


def _chosen(post: dict[str, object], fields: list[str]) -> dict[str, object]:
    """Only the fields asked for; `title.rendered` asks for a part of one."""
    if not fields:
        return post
    kept: dict[str, object] = {}
    for field in fields:
        name, _, part = field.partition(".")
        value = post.get(name)
        if part and isinstance(value, dict):
            kept[name] = {part: value.get(part)}
        elif name in post:
            kept[name] = value
    return kept

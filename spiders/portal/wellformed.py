"""Whether a definition can be used at all: types and spellings. Asks nobody; standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from spiders.portal.definition import Politeness, Portal, Retired, Source, Thresholds
from storage.model.window import PORTAL_NAME

_TEXTS = ("title_ar", "title_en", "country", "timezone", "start_url", "language", "schedule")
MAX_TITLE = 200  # Airflow shows both titles as the DAG's name
_NUMBER = re.compile(r"\d{1,2}")
# Minute, hour, day of the month, month, day of the week.
_CRON_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_CRON_NAME = re.compile("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat", re.IGNORECASE)


def complaints(portal: Portal) -> list[str]:
    """What is wrong with a definition, one line each; empty where Airflow, crawl and extraction can use it."""
    # A value of a wrong type makes every other question meaningless.
    return [*islice(_of_types(portal), 1)] or [
        *_of_spelling(portal),
        *_of_address(portal),
        *_of_values(portal),
        *_of_retirement(portal),
    ]


def _of_types(portal: Portal) -> Iterator[str]:
    for name in _TEXTS:
        if not isinstance(getattr(portal, name), str):
            yield f"{name} is {getattr(portal, name)!r}, not a text"
    for field in fields(Portal):
        value: Any = getattr(portal, field.name)
        if isinstance(field.default, tuple) and not isinstance(value, tuple):
            yield f"{field.name} is {value!r}, not a tuple: write ({value!r},)"
    politeness: object = portal.politeness
    if not isinstance(politeness, Politeness):
        yield f"politeness is {politeness!r}, not a Politeness"
    thresholds: object = portal.thresholds
    if not isinstance(thresholds, Thresholds):
        yield f"thresholds is {thresholds!r}, not Thresholds"


def _of_retirement(portal: Portal) -> Iterator[str]:
    retired: object = portal.retired
    if retired is None:
        return
    try:
        is_said = isinstance(retired, Retired) and bool(date.fromisoformat(retired.since)) and bool(retired.reason)
    except (TypeError, ValueError):
        is_said = False
    if not is_said:
        yield f"retired is {retired!r}: write Retired('2026-11-01', 'why')"


def _of_spelling(portal: Portal) -> Iterator[str]:
    if not PORTAL_NAME.fullmatch(portal.name):
        yield f"{portal.name!r} cannot name a portal: lower-case letters and digits, a letter first"
    if not re.fullmatch(r"[A-Z]{2}", portal.country) or not re.fullmatch(r"[a-z]{2,3}", portal.language):
        yield f"country {portal.country!r} or language {portal.language!r} is no ISO code, e.g. EG and ar"
    if max(len(portal.title_ar), len(portal.title_en)) > MAX_TITLE:
        yield f"a title is longer than {MAX_TITLE} characters"
    if not is_cron(portal.schedule):
        yield f"schedule {portal.schedule!r} is no cron expression, e.g. 17 * * * *"
    for name in ("article_url", "not_article_url"):
        try:
            re.compile(getattr(portal, name) or "")
        except (re.error, TypeError) as error:
            yield f"{name} is no regular expression: {error}"


def _of_values(portal: Portal) -> Iterator[str]:
    try:
        ZoneInfo(portal.timezone)
    except (KeyError, ValueError, OSError):
        yield f"timezone {portal.timezone!r} is no zone, e.g. Africa/Cairo"
    if not all(isinstance(source, Source) for source in portal.sources) or not portal.sources:
        yield "sources holds something else than sources, or nothing"
    if not _are_polite(portal.politeness):
        yield f"{portal.politeness} cannot be kept: a delay of 0 or more, at least one connection and one request"


def _are_polite(politeness: Politeness) -> bool:
    numbers = (politeness.delay_seconds, politeness.concurrency, politeness.max_requests_per_run)
    if not all(isinstance(number, int | float) and number == number for number in numbers):  # noqa: PLR0124 - not NaN
        return False
    return politeness.delay_seconds >= 0 and politeness.concurrency >= 1 and politeness.max_requests_per_run >= 1


def _of_address(portal: Portal) -> Iterator[str]:
    try:
        parts = urlsplit(portal.start_url)
        _, host = parts.port, parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        yield f"start_url {portal.start_url!r} is no address, e.g. https://www.example.com/"


def is_cron(text: str) -> bool:
    """Whether Airflow takes it as a schedule: five fields of numbers, names, ranges, steps and lists."""
    parts = text.split()
    return len(parts) == len(_CRON_BOUNDS) and all(
        all(_is_cron_term(term, *bounds) for term in part.split(","))
        for part, bounds in zip(parts, _CRON_BOUNDS, strict=True)
    )


def _is_cron_term(term: str, low: int, high: int) -> bool:
    span, slash, step = term.partition("/")
    if slash and not (_NUMBER.fullmatch(step) and int(step) > 0):
        return False
    if span == "*":
        return True
    ends = span.split("-")
    if len(ends) > 2:
        return False
    if any(_CRON_NAME.fullmatch(end) for end in ends):
        return all(_CRON_NAME.fullmatch(end) for end in ends) and (low, high) in ((1, 12), (0, 7))
    return all(_NUMBER.fullmatch(end) and low <= int(end) <= high for end in ends) and int(ends[0]) <= int(ends[-1])

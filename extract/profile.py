"""What the extractor may know about a portal, as plain data; an unknown portal is the empty profile."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DateQuirk:
    """A date witness of this portal that does not mean what it says.

    `witness` names it as the resolver does (for example `meta:article:published_time`); `reading` is `local`
    (its zone is wrong: read the clock time in the portal's zone) or `ignore`.
    """

    witness: str
    reading: str
    reason: str


@dataclass(frozen=True)
class PortalProfile:
    """Facts about a portal's pages. Selectors are CSS; the first that matches wins; all are hints, not needs."""

    name: str = ""
    site_names: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    country: str | None = None
    timezone: str | None = None  # IANA name; where a page gives no zone
    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    date_quirks: tuple[DateQuirk, ...] = ()
    keep_query: tuple[str, ...] = ()  # query parameters that are part of an article's identity


UNKNOWN_PORTAL = PortalProfile()

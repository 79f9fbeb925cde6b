"""The closed list of how a URL can end, and of why a page is not an article."""

from __future__ import annotations

import enum


class Rejection(enum.StrEnum):
    """Why a captured page is not an article."""

    FRONT_PAGE = "front_page"
    LISTING = "listing"
    GALLERY = "gallery"
    VIDEO = "video"
    PAYWALL = "paywall"
    SOFT_404 = "soft_404"
    BLOCK_PAGE = "block_page"
    COOKIE_WALL = "cookie_wall"
    SCRIPT_BODY = "script_body"
    NOT_HTML = "not_html"
    EMPTY = "empty"
    NO_TEXT = "no_text"
    DAMAGED = "damaged"
    TOO_COMPLEX = "too_complex"


class Outcome(enum.StrEnum):
    """How a URL that a run considered ended; exactly one per URL and run.

    CAPTURED stands only between crawl and extract; the extract stage turns it into one of the first four or REJECTED.
    A rejected page is stored as `rejected:<reason>`, see `rejected()`.
    """

    NEW = "new"
    EDITION = "edition"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    GONE = "gone"
    ROBOTS = "robots"
    OPT_OUT = "opt_out"
    HTTP_3XX = "http_3xx"
    HTTP_4XX = "http_4xx"
    HTTP_5XX = "http_5xx"
    RATE_LIMITED = "rate_limited"
    TIMEOUT = "timeout"
    DNS = "dns"
    TLS = "tls"
    CONNECTION = "connection"
    TOO_LARGE = "too_large"
    BLOCKED = "blocked"
    LEGAL_BLOCK = "legal_block"
    OFF_DOMAIN = "off_domain"
    PRIVATE_ADDRESS = "private_address"
    REDIRECT_LIMIT = "redirect_limit"
    OUT_OF_WINDOW = "out_of_window"
    SKIPPED_SEEN = "skipped_seen"
    BUDGET = "budget"
    INTERRUPTED = "interrupted"
    BAD_RESPONSE = "bad_response"
    CAPTURED = "captured"


# What a run finds that the archive had before.
HAD_BEFORE = (Outcome.UNCHANGED, Outcome.SKIPPED_SEEN)


def rejected(reason: Rejection) -> str:
    """The stored spelling of a rejected page's outcome, e.g. `rejected:listing`."""
    return f"{Outcome.REJECTED}:{reason}"


def outcome_names() -> list[str]:
    """All spellings that may stand in `news.fetches.outcome`, in the order of this file."""
    names: list[str] = []
    for outcome in Outcome:
        if outcome is Outcome.REJECTED:
            names += [rejected(reason) for reason in Rejection]
        elif outcome is not Outcome.CAPTURED:
            names.append(str(outcome))
    return names

"""A Scrapy request and its response as one HTTP exchange: headers and body as received."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from scrapy.http import Headers, Request, Response

from spiders.http.bounded_body import is_cut
from storage.model.records import Exchange


def exchange_of(request: Request, response: Response) -> Exchange:
    """The exchange to keep. Nothing decodes bodies before: HttpCompression is off (job/scrapy_settings.py)."""
    received_at: datetime = request.meta.get("received_at") or datetime.now(UTC)
    return Exchange(
        url=response.url,
        requested_at=request.meta.get("requested_at") or received_at,
        captured_at=received_at,
        status=response.status,
        reason="",
        request_method=request.method,
        request_headers=(("Host", urlsplit(request.url).netloc), *header_pairs(request.headers)),
        response_headers=header_pairs(response.headers),
        body=response.body,
        truncated="length" if is_cut(response) else None,
        ip_address=str(response.ip_address) if response.ip_address else None,
    )


def request_of(response: Response) -> Request:
    """The request that led to a response; Scrapy has set it by the time a callback sees the response."""
    assert response.request is not None  # noqa: S101 - narrows the type
    return response.request


def header_pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    """All headers as text; bytes beyond ASCII are kept one to one (latin-1)."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )


def header_map(headers: Headers) -> dict[str, str]:
    """Headers by lower-case name; of several the last counts."""
    return {name.decode("latin-1").lower(): values[-1].decode("latin-1") for name, values in headers.items() if values}

"""Pages that only send on: a short document whose `<meta http-equiv="refresh">` names another address."""

from __future__ import annotations

import re

from spiders.http.decompression import Headers, unpack_beginning
from spiders.http.exchange import joined_address

MAX_SENDING_BYTES = 8 * 1024  # a page that only sends on is short; an article that reloads itself is not
MAX_DELAY_SECONDS = 10
_META = re.compile(rb"<meta\b[^>]{0,300}\bhttp-equiv\s*=\s*[\"']?refresh\b[^>]{0,2000}>", re.IGNORECASE)
_CONTENT = re.compile(rb"\bcontent\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_TARGET = re.compile(rb"\s*(\d{1,4})(?:\.\d*)?\s*[;,]\s*url\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


def refresh_target(status: int, page_url: str, headers: Headers, body: bytes) -> str | None:
    """Where a page with status 200 sends its reader at once, or None; a page that reloads itself sends nowhere."""
    if status != 200 or len(body) > MAX_SENDING_BYTES:
        return None
    text = unpack_beginning(body, headers, length=2 * MAX_SENDING_BYTES)
    meta = _META.search(text) if len(text) <= MAX_SENDING_BYTES else None
    content = _CONTENT.search(meta[0]) if meta else None
    target = _TARGET.match(content[1] or content[2] or b"") if content else None
    if target is None or int(target[1]) > MAX_DELAY_SECONDS:
        return None
    url = joined_address(page_url, target[2].decode("utf-8", "replace").replace("&amp;", "&"))
    return None if url is None or url.partition("#")[0] == page_url.partition("#")[0] else url

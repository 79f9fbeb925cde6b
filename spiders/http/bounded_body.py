"""Takes the beginning of an answer that is longer than its reader wants: a robots.txt of 20 MB is one of 500 KiB."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.exceptions import StopDownload
from scrapy.http import Response

TAKE_BYTES = "take_bytes"  # in a request's meta: behind so many bytes the download ends, and the answer counts
_TAKEN = "taken_bytes"


def stop_behind_bound(data: bytes, request: Request, **_: Any) -> None:
    """Handler of Scrapy's signal `bytes_received`."""
    limit = request.meta.get(TAKE_BYTES)
    if limit is None:
        return
    request.meta[_TAKEN] = request.meta.get(_TAKEN, 0) + len(data)
    if request.meta[_TAKEN] > limit:
        raise StopDownload(fail=False)


def is_cut(response: Response) -> bool:
    """Whether the download was ended so, and the end of the body is missing."""
    return "download_stopped" in response.flags

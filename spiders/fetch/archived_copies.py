"""Answers of other archives: the page that is in them, and when it was captured there."""

from __future__ import annotations

import re
from datetime import datetime

from scrapy.http import Headers, Response

from spiders.http.request_outcomes import Refused
from spiders.sources.reading.documents import UnreadableListing
from spiders.sources.reading.url_dates import read_timestamp
from spiders.sources.records import ArchivedCopy
from spiders.sources.web_archive import unwrap
from storage.model.outcomes import Outcome

# The Wayback Machine redirects to the capture that is nearest to the time asked for.
_WAYBACK_TIME = re.compile(r"/web/(\d{14})id_/")


def open_copy(response: Response, copy: ArchivedCopy) -> Response:
    """The portal's own answer, where the archive gave a range of a WARC file; raises Refused for a damaged one."""
    if copy.byte_range is None or response.status not in {200, 206}:
        return response
    try:
        page = unwrap(response.body)
    except UnreadableListing as error:
        raise Refused(Outcome.BAD_RESPONSE, f"archived copy: {error}") from error
    headers = Headers()
    for name, value in page.headers:
        headers.appendlist(name, value)
    return response.replace(status=page.status, headers=headers, body=page.body)


def captured_then(url: str, copy: ArchivedCopy) -> datetime:
    """When the archive captured the page: as its address says, else as its index said."""
    match = _WAYBACK_TIME.search(url)
    return read_timestamp(match[1]) if match else copy.captured_at

"""What a compressed page would grow to, without unpacking more than is needed."""

from __future__ import annotations

from spiders.http.request_outcomes import Refused
from storage.model.outcomes import Outcome
from storage.raw.content_encoding import OversizedBody, UndecodableBody, content_encodings, decode_body

Headers = tuple[tuple[str, str], ...]
MAX_PAGE_BYTES = 16 * 1024 * 1024  # unpacked; the largest article pages seen have 3 MB
# Deflate cannot do better, so a packed body this much smaller than the cap needs no look inside.
_MAX_DEFLATE_RATIO = 1032
_DEFLATE = frozenset({"gzip", "x-gzip", "deflate"})


def check_growth(body: bytes, headers: Headers, *, may_be_cut: bool, limit: int = MAX_PAGE_BYTES) -> None:
    """Raise Refused: TOO_LARGE for a body that would unpack to more than `limit`.

    With `may_be_cut` (the server named no length) one that ends early is BAD_RESPONSE; otherwise damage inside is the
    page's own and is kept as evidence.
    """
    codings = content_encodings(headers)
    if not codings:
        return
    is_harmless = all(coding in _DEFLATE for coding in codings) and len(codings) == 1
    if is_harmless and len(body) * _MAX_DEFLATE_RATIO <= limit and not may_be_cut:
        return
    try:
        decode_body(body, headers, max_bytes=limit)
    except OversizedBody as error:
        raise Refused(Outcome.TOO_LARGE, str(error)) from error
    except UndecodableBody as error:
        if may_be_cut:
            raise Refused(Outcome.BAD_RESPONSE, str(error)) from error

"""Why what was fetched is no page that can be read: from its bytes, before anything is parsed."""

from __future__ import annotations

from extract.page import Page
from storage.model.outcomes import Rejection
from storage.model.records import Rejected

MAX_DAMAGED_SHARE = 0.1
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\f\r")
_ARTICLE_CONTENT_TYPES = ("html", "text/plain", "octet-stream", "unknown")


def reject_bytes(page: Page) -> Rejected | None:
    """Rejections that need no parsing of the page."""
    if not page.body or page.body.isspace():
        return Rejected(Rejection.EMPTY, "no bytes")
    kind = (page.content_type or "").split(";")[0].strip().lower()
    if kind and not any(known in kind for known in _ARTICLE_CONTENT_TYPES):
        return Rejected(Rejection.NOT_HTML, f"served as {kind[:60]}")
    if page.body[:2] == b"\x1f\x8b":
        return Rejected(Rejection.DAMAGED, "still compressed (gzip)")
    return None


def reject_text(text: str, body: bytes) -> Rejected | None:
    """A text that is no text: undecodable or full of control characters. `body` are the bytes it was decoded from."""
    sample = text[:200_000]
    bad = sample.count("\ufffd")
    # Whatever the encoding, a control character has such a byte: most pages have too few for a closer look.
    if bad + len(body) - len(body.translate(None, _CONTROLS)) > MAX_DAMAGED_SHARE * len(sample):
        written = sample.encode("utf-8", "surrogatepass")
        bad += len(written) - len(written.translate(None, _CONTROLS))
    if bad > MAX_DAMAGED_SHARE * len(sample):
        return Rejected(Rejection.DAMAGED, f"{bad:,} of {len(sample):,} characters cannot be decoded")
    return Rejected(Rejection.EMPTY, "blank") if not text or text.isspace() else None

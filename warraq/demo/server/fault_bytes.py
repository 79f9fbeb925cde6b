"""How each fault looks on the wire."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from warraq.demo.server.faults import Fault, FaultKind
from warraq.demo.server.routes import HTML, Answer

MEGABYTE = 1 << 20
PIECES = 20  # of a body that trickles
_PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
_STATUSES = {
    FaultKind.ERROR_500: 500,
    FaultKind.UNAVAILABLE_503: 503,
    FaultKind.TOO_MANY_429: 429,
    FaultKind.FORBIDDEN_403: 403,
    FaultKind.MISSING_404: 404,
    FaultKind.GONE_410: 410,
}
_DEFAULT_RETRY_AFTER = "1"
_NOTHING_HERE = (
    '<!DOCTYPE html><html lang="ar" dir="rtl"><head><title>{title}</title></head><body><h1>{title}</h1>'
    '<p>{text}</p><a href="/">العودة إلى الرئيسية</a></body></html>'
)


@dataclass(frozen=True)
class Wire:
    """What is written: headers without Content-Length, the body in pieces, and the length that is announced."""

    status: int  # 0 for a reset
    headers: tuple[tuple[str, str], ...] = ()
    pieces: Iterable[bytes] = ()
    length: int = 0
    is_cut: bool = False  # the connection ends before the announced length

    @property
    def is_reset(self) -> bool:
        return self.status == 0


def misbehave(fault: Fault, answer: Answer, *, raw_path: str) -> Answer | Wire:
    """The answer as a fault leaves it, or what goes over the wire in its place."""
    if fault.kind in _STATUSES:
        return _failing(fault)
    if fault.kind in _REDIRECTS:
        return Answer(302, headers=(("Location", _target(fault, raw_path)),))
    if fault.kind in _CHANGES:
        return _CHANGES[fault.kind](fault, answer)
    return answer  # edited and deny: the answer is made accordingly


def _slow(fault: Fault, answer: Answer) -> Answer:
    time.sleep(fault.seconds(2.0))
    return answer


def _soft_404(_: Fault, answer: Answer) -> Answer:
    page = _NOTHING_HERE.format(title="الصفحة غير موجودة", text="عذرا، الصفحة التي تبحث عنها غير موجودة.")
    return replace(answer, status=200, body=page.encode(), content_type=HTML)


def _html(_: Fault, answer: Answer) -> Answer:
    page = _NOTHING_HERE.format(title="الموقع تحت الصيانة", text="نعود إليكم قريبا.")
    return replace(answer, status=200, body=page.encode(), content_type=HTML)


def _not_html(_: Fault, answer: Answer) -> Answer:
    return replace(answer, body=_PDF, content_type="application/pdf")


def _wrong_charset(_: Fault, answer: Answer) -> Answer:
    return replace(answer, content_type="text/html; charset=windows-1252")


def _reset(_: Fault, __: Answer) -> Wire:
    return Wire(0)


def _cut(_: Fault, answer: Answer) -> Wire:
    return Wire(200, _plain(answer), (answer.body[: len(answer.body) // 2],), len(answer.body), is_cut=True)


def _truncated_gzip(_: Fault, answer: Answer) -> Wire:
    body = gzip.compress(answer.body, 6, mtime=0)
    return Wire(200, _packed(answer), (body[: len(body) // 2],), len(body) // 2)


def _gzip_bomb(fault: Fault, answer: Answer) -> Wire:
    body = _bomb(int(fault.seconds(200)))
    return Wire(200, _packed(answer), (body,), len(body))


def _huge(fault: Fault, answer: Answer) -> Wire:
    megabytes = int(fault.seconds(30))
    return Wire(200, _plain(answer), _padded(answer.body, megabytes), len(answer.body) + megabytes * MEGABYTE)


def _trickling(fault: Fault, answer: Answer) -> Wire:
    return Wire(200, _plain(answer), _trickle(answer.body, fault.seconds(2.0)), len(answer.body))


_REDIRECTS = (FaultKind.REDIRECT_LOOP, FaultKind.REDIRECT_OFF_DOMAIN, FaultKind.REDIRECT_PRIVATE)
_CHANGES: dict[FaultKind, Callable[[Fault, Answer], Answer | Wire]] = {
    FaultKind.SLOW: _slow,
    FaultKind.TRICKLE: _trickling,
    FaultKind.RESET: _reset,
    FaultKind.CUT: _cut,
    FaultKind.TRUNCATED_GZIP: _truncated_gzip,
    FaultKind.GZIP_BOMB: _gzip_bomb,
    FaultKind.HUGE: _huge,
    FaultKind.SOFT_404: _soft_404,
    FaultKind.HTML: _html,
    FaultKind.NOT_HTML: _not_html,
    FaultKind.WRONG_CHARSET: _wrong_charset,
}


def _plain(answer: Answer) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", answer.content_type),)


def _packed(answer: Answer) -> tuple[tuple[str, str], ...]:
    return (*_plain(answer), ("Content-Encoding", "gzip"))


def _failing(fault: Fault) -> Answer:
    status = _STATUSES[fault.kind]
    waits = fault.kind in (FaultKind.UNAVAILABLE_503, FaultKind.TOO_MANY_429)
    headers = (("Retry-After", fault.value or _DEFAULT_RETRY_AFTER),) if waits else ()
    page = _NOTHING_HERE.format(title=f"خطأ {status}", text="حدث خطأ، حاول مرة أخرى لاحقا.")
    return Answer(status, page.encode(), headers=headers)


def _target(fault: Fault, raw_path: str) -> str:
    if fault.kind is FaultKind.REDIRECT_OFF_DOMAIN:
        return fault.value or "https://other.example/landing"
    if fault.kind is FaultKind.REDIRECT_PRIVATE:
        return fault.value or "http://169.254.169.254/latest/meta-data/"
    # Between two addresses, so that remembering one address does not notice the loop.
    parts = urlsplit(raw_path)
    query = dict(parse_qsl(parts.query))
    query["turn"] = "2" if query.get("turn") == "1" else "1"
    return f"{parts.path}?{urlencode(query)}"


@lru_cache(maxsize=1)
def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    block = b" " * MEGABYTE
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


def _padded(body: bytes, megabytes: int) -> Iterator[bytes]:
    yield body
    block = b"<!-- " + b"x" * (MEGABYTE - 9) + b" -->"
    for _ in range(megabytes):
        yield block


def _trickle(body: bytes, seconds: float) -> Iterator[bytes]:
    step = len(body) // PIECES + 1
    for start in range(0, len(body), step):
        yield body[start : start + step]
        time.sleep(seconds / PIECES)

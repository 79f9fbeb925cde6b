"""Content-Encoding is a hint: what the bytes are decides how they are read, and bounds hold whatever they are."""

from __future__ import annotations

import gzip
import io
import zlib

import brotli
import pytest
from fastwarc.stream_io import ZstdWriter
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.raw.content_encoding import MAX_MEMBERS, UndecodableBody, beginning_of, decode_body, inflated

PAGE = '<!DOCTYPE html><html lang="ar"><p>نشرت الصحيفة خبرا عن موسم الزيتون في التلال</p>'.encode() * 9


class KeptOpen(io.BytesIO):
    def close(self) -> None:
        """The writer closes what it writes to."""


def zstd(data: bytes) -> bytes:
    out = KeptOpen()
    writer = ZstdWriter(out)
    writer.write(data)
    writer.close()
    return out.getvalue()


@pytest.mark.parametrize(
    "named", ["utf-8", "UTF-8", "windows-1256", "br", "gzip", "deflate", "zstd", "none", "gzip, utf-8", "x", "compress"]
)
@pytest.mark.parametrize("page", [PAGE, PAGE.decode().encode("cp1256", "replace"), PAGE.decode().encode("utf-16")])
def test_a_page_that_never_was_packed_is_read_whatever_its_header_says(named: str, page: bytes) -> None:
    headers = [("Content-Encoding", named)]
    assert decode_body(page, headers) == page
    assert beginning_of(page, headers, length=20) == page[:20]


@pytest.mark.parametrize("named", ["utf-8", "br", "deflate", "zstd", "identity", "", "gzip", "gzip, gzip"])
@pytest.mark.parametrize("pack", [gzip.compress, zstd, lambda data: gzip.compress(gzip.compress(data))])
def test_a_page_that_is_packed_is_unpacked_whatever_its_header_says(named: str, pack: object) -> None:
    packed = pack(PAGE)  # type: ignore[operator]
    assert decode_body(packed, [("Content-Encoding", named)]) == PAGE


@pytest.mark.parametrize(
    ("named", "pack"), [("gzip", brotli.compress), ("br", zlib.compress), ("zstd", brotli.compress)]
)
def test_a_packing_that_shows_no_mark_is_tried(named: str, pack: object) -> None:
    assert decode_body(pack(PAGE), [("Content-Encoding", named)]) == PAGE  # type: ignore[operator]


def test_bytes_that_are_neither_text_nor_packed_as_named_are_told() -> None:
    noise = bytes(range(256)) * 4
    for named in ("aes128gcm", "compress", "gzip", "br"):
        with pytest.raises(UndecodableBody):
            decode_body(noise, [("Content-Encoding", named)])
    assert decode_body(noise, []) == noise, "a picture is a picture"


def test_of_several_members_none_is_lost_without_a_word() -> None:
    first, second = gzip.compress(PAGE), bytearray(gzip.compress(PAGE))
    assert decode_body(first + bytes(second), [("Content-Encoding", "gzip")]) == PAGE + PAGE
    assert decode_body(first + b"\0" * 9, [("Content-Encoding", "gzip")]) == PAGE, "padding is none of it"
    second[-8:] = bytes(8)  # its checksum
    with pytest.raises(UndecodableBody) as told:
        decode_body(first + bytes(second), [("Content-Encoding", "gzip")])
    assert told.value.partial.startswith(PAGE)


def test_a_body_of_empty_members_is_bounded_and_told() -> None:
    packed = gzip.compress(b"") * (MAX_MEMBERS + 2)
    with pytest.raises(UndecodableBody, match="more than 100,000 gzip members"):
        decode_body(packed, [("Content-Encoding", "gzip")])
    with pytest.raises(UndecodableBody, match="more than 100,000 gzip members"):
        list(inflated([packed]))


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x1f\x8b\x08", gzip.compress(PAGE)[:40], gzip.compress(b"x")]))
@settings(deadline=None)
def test_no_packed_bytes_raise_anything_else(body: bytes, before: bytes) -> None:
    try:
        assert isinstance(b"".join(inflated([before, body])), bytes)
    except UndecodableBody as error:
        assert str(error)


def test_of_a_damaged_body_what_stands_before_the_damage_is_kept() -> None:
    packed = bytearray(gzip.compress(b"".join(b"%d " % (n * 7919 % 10007) for n in range(99_999)), mtime=0))
    packed[-20_000:-19_000] = bytes(1000)
    with pytest.raises(UndecodableBody) as told:
        decode_body(bytes(packed), [("Content-Encoding", "gzip")])
    assert told.value.partial.startswith(b"0 7919 ")


def test_a_beginning_costs_no_more_than_it_shows() -> None:
    packed = gzip.compress(b"<p>" + bytes(50_000_000))
    assert beginning_of(packed, [("Content-Encoding", "gzip")], length=3) == b"<p>"
    assert beginning_of(packed[:2000], [], length=3) == b"<p>", "cut, and without a label"
    assert beginning_of(b"\x00\x01\x02" * 99, [("Content-Encoding", "gzip")], length=3) == b""

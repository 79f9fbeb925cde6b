"""Charsets are the web's: what Python knows beyond them is neither believed nor raised."""

from __future__ import annotations

import encodings.aliases

import pytest

from extract.html.decoding import declared_charset, decode_text

ARABIC = "أعلنت بلدية الميناء عن افتتاح سوق السمك الجديدة بعد ترميمها"
NOT_OF_THE_WEB = (
    *("idna", "punycode", "hex", "rot13", "base64", "zip", "bz2", "uu", "quopri", "undefined", "charmap", "mbcs"),
    *("unicode_escape", "raw_unicode_escape", "utf-7", "utf7", "unicode-1-1-utf-7", "replacement"),
)


@pytest.mark.parametrize("label", NOT_OF_THE_WEB)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1256"])
def test_labels_that_are_no_charsets_of_the_web_are_passed_over(label: str, encoding: str) -> None:
    body = f'<meta charset="{label}"><p>{ARABIC}</p>'.encode(encoding)
    assert declared_charset(body, f"text/html; charset={label}") == ""
    assert ARABIC in decode_text(body, f"text/html; charset={label}")


def test_utf_7_is_never_guessed() -> None:
    body = b'<meta charset="utf-7"><p>+ADw-script+AD4- \xe3\xe3'
    assert "+ADw-script+AD4-" in decode_text(body, "text/html; charset=utf-7")


@pytest.mark.parametrize("label", sorted(set(encodings.aliases.aliases) | set(encodings.aliases.aliases.values())))
def test_no_name_that_python_knows_raises(label: str) -> None:
    decode_text(b"<p>\xc8\xe3 Z\xff\xfe\x00", f"text/html; charset={label}")


def test_a_short_page_in_the_charset_it_declares_is_not_taken_for_damaged_utf_8() -> None:
    body = '<meta charset="windows-1256"><a href="/خبر">x</a>'.encode("cp1256")
    assert "/خبر" in decode_text(body, None)

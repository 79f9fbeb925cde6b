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


SENTENCE = "قال سكان القرية إن الفرق الفنية بلغت الحقول غربا قبل موعدها بأسبوعين، وكتب إلينا بعضهم شكرا."
LABELS = ("", "utf-8", "iso-8859-6", "windows-1256", "iso-8859-1")


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1256", "iso8859-6"])
@pytest.mark.parametrize("said", [ARABIC, SENTENCE])
def test_what_reads_as_arabic_is_right_whatever_the_label_says(said: str, encoding: str, label: str) -> None:
    meta = f'<meta charset="{label}">' if label else ""
    for header in ("text/html", "text/html; charset=utf-8", "text/html; charset=windows-1256"):
        assert said in decode_text(f"{meta}<p>{said}</p>".encode(encoding), header)


@pytest.mark.parametrize("label", ["", "utf-8", "iso-8859-1", "windows-1252"])
def test_letters_with_accents_are_not_taken_for_arabic(label: str) -> None:
    said = "Là où les élèves ont été reçus, près de la forêt, le maître a répété à l’écolière ce qu’elle sait déjà."
    assert said in decode_text(f'<meta charset="{label}"><p>{said}</p>'.encode("cp1252"), None)


def test_a_persian_page_in_the_charset_of_windows_stays_one() -> None:
    said = "گزارش شهرداری از چهار پروژه در پارک ژاله و بازار کهنه"
    for label in LABELS:
        body = f'<meta charset="{label}"><p>{said.replace("ی", "ي")}</p>'.encode("cp1256", "replace")
        assert "گزارش شهرداري از چهار پروژه" in decode_text(body, None)


def test_another_label_is_believed() -> None:
    said = "Жители деревни сообщили о начале работ"
    assert said in decode_text(f'<meta charset="windows-1251"><p>{said}</p>'.encode("cp1251"), None)

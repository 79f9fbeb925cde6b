"""What an error shows of an address: never its password."""

from __future__ import annotations

import pytest

from storage.errors import UsageError, without_passwords


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://warraq:hunter2@db/x", "postgresql://warraq:***@db/x"),
        ("postgresql://warraq:hun@ter2@db/x fails", "postgresql://warraq:***@db/x fails"),
        ("postgresql://warraq:hun/ter2@db/x", "postgresql://warraq:***@db/x"),
        ("AWS_ENDPOINT_URL='http://me:hunter2@store:9000'", "AWS_ENDPOINT_URL='http://me:***@store:9000'"),
        ("https://:hunter2@host/", "https://:***@host/"),
        ("https://host/hook?token=hunter2&x=1", "https://host/hook?token=***&x=1"),
        ("postgresql://db/x?user=me&password=hunter2", "postgresql://db/x?user=me&password=***"),
        ("http://127.0.0.1:8080/a@b", "http://127.0.0.1:8080/a@b"),
        ("https://portal.example/story@home", "https://portal.example/story@home"),
        ("write to me@example", "write to me@example"),
    ],
)
def test_passwords_are_masked_and_nothing_else(text: str, shown: str) -> None:
    assert without_passwords(text) == shown
    error = UsageError(text, remedy=text)
    assert (error.message, error.remedy, str(error)) == (shown, shown, shown)

"""Which request is the page's own, and what a press of a button types."""

from __future__ import annotations

import pytest

from warraq.monitoring.page.acts import Act, command_of, is_own_request

JSON = {"Content-Type": "application/json; charset=utf-8", "Host": "airflow.internal:8080"}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({**JSON, "Sec-Fetch-Site": "same-origin"}, True),
        ({**JSON, "Sec-Fetch-Site": "same-site"}, False),
        ({**JSON, "Sec-Fetch-Site": "none"}, False),
        ({**JSON, "Origin": "http://airflow.internal:8080"}, True),
        ({**JSON, "Origin": "https://archive.example"}, True),
        ({**JSON, "Origin": "https://evil.example"}, False),
        ({**JSON, "Origin": "null"}, False),
        (JSON, False),
        ({**JSON, "Content-Type": "text/plain", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, False),
    ],
)
def test_only_the_page_itself_is_listened_to(headers: dict[str, str], expected: bool) -> None:
    assert is_own_request(headers, base_url="https://archive.example/airflow") is expected


def test_what_people_write_is_never_an_option() -> None:
    silence = command_of(Act("silence", "demo", "3d", "--lift"), by="--json")
    assert silence == ["silence", "demo", "--until=3d", "--reason=--lift", "--by=--json", "--json"]
    assert command_of(Act("lift", "demo"), by="admin") == ["silence", "demo", "--lift", "--by=admin", "--json"]
    assert command_of(Act("acknowledge", "demo"), by="admin") == ["acknowledge", "demo", "--by=admin", "--json"]
    verdict = command_of(Act("reject", "demo", reason="a list", run="demo/a--b", link="f" * 32), by="admin")
    assert verdict == ["verdict", "demo/a--b", "f" * 32, "reject", "--note=a list", "--by=admin", "--json"]

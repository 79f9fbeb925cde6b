"""Passwords in whatever setting, well or badly spelled, stand in nothing that commands say."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from warraq.cli.main import main

SECRET = "geheim7x"  # letters of it survive every spelling below
# %s is the password. Port 9 answers nobody.
FORMS = (
    "{scheme}://me:%s@127.0.0.1:9/x",
    "{scheme}://me:a@%s@127.0.0.1:9/x",
    "{scheme}://:%s@127.0.0.1:9",
    "{scheme}://127.0.0.1:9/x?password=%s",
    "{scheme}://me:%s/y#z@127.0.0.1:9",
    "{scheme}://me:%s@[::1/x",
    "{scheme}://me:%s@127.0.0.1:port/x",
)
SETTINGS = {
    "WARRAQ_CATALOG": ("postgresql+psycopg2", "sqlite", "nonsense", "postgresql"),
    "AWS_ENDPOINT_URL": ("http", "https", "ftp"),
    "WARRAQ_AIRFLOW_URL": ("http", "ftp"),
    "WARRAQ_ALERTS": ("smtp", "slack", "telegram", "xmpp"),
    "WARRAQ_ALERTS_PING": ("https", "http", "ftp"),
    "WARRAQ_ARCHIVE": ("s3", "file", "gs"),
    "WARRAQ_STATSD": ("udp",),
}
COMMANDS = (("query", "SELECT 1"), ("doctor", "--json"), ("alert",), ("backfill", "demo", "--via", "airflow"))
DAY = ("--from", "2024-12-25", "--to", "2024-12-26")


def nasty(chooser: random.Random) -> str:
    """The secret among signs that addresses give a meaning to."""
    signs = "".join(chooser.choices("!$&*+,-.;=^_|~'", k=3))
    return f"{signs[:1]}{SECRET}{signs[1:]}"


@pytest.mark.parametrize("name", SETTINGS)
def test_no_password_is_told(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    chooser = random.Random(name)
    for variable, value in (("WARRAQ_ARCHIVE", tmp_path / "archive"), ("WARRAQ_CACHE", tmp_path / "cache")):
        monkeypatch.setenv(variable, str(value))
    if name == "AWS_ENDPOINT_URL":
        monkeypatch.setenv("WARRAQ_ARCHIVE", "s3://archive/x")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        monkeypatch.setenv("WARRAQ_CATALOG", f"sqlite:///{tmp_path}/catalog.db")
    for scheme in SETTINGS[name]:
        form = chooser.choice(FORMS)
        monkeypatch.setenv(name, form.format(scheme=scheme) % nasty(chooser))
        for words in COMMANDS:
            with pytest.raises(SystemExit):
                main([*words, *(DAY if words[0] == "backfill" else ())])
            out, err = capfd.readouterr()
            assert SECRET not in out + err, f"{words}: {name} as {form}"
            assert "Traceback" not in err

"""Portals with opt-outs, with a wrong certificate, with pages made by scripts, or kept by a web archive."""

from __future__ import annotations

import importlib.util
import json
import shutil
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from storage.model.rights import stated_opt_out
from tests.fixtures.crawl_child import crawl, define, links_by_path, raw_run
from tests.fixtures.small_site import Answer, SmallSite, page, serve_small, sitemap

WINDOW = ("2024-12-01", "2024-12-02")
LOCAL = {"is_local": "True", "politeness": "Politeness(delay_seconds=0.0, concurrency=2)"}


def run_id(name: str) -> str:
    return f"{name}/2024-12-01T00Z--2024-12-02T00Z"


def portal(site: SmallSite, environ: dict[str, str], tmp_path: Path, **fields: str) -> dict[str, str]:
    fields = {"sources": "(Sitemap('/sitemap.xml'),)", **LOCAL, **fields}
    return {**environ, **define(tmp_path / "portals", "odd", f"{site.url}/", **fields)}


def plain_site(**more: Answer) -> dict[str, Answer]:
    return {
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nAllow: /\n"),
        "/sitemap.xml": sitemap("{url}/one", "{url}/two"),
        "/one": page("<html><p>one</p></html>"),
        "/two": page("<html><p>two</p></html>", tdm_reservation="1"),
        **more,
    }


def test_opt_outs_of_pages_are_noted_and_obeyed_if_so_configured(local_environ: dict[str, str], tmp_path: Path) -> None:
    with serve_small(plain_site()) as site:
        environ = portal(site, local_environ, tmp_path)
        noting = crawl("odd", *WINDOW, environ=environ)
        links = links_by_path(raw_run(run_id("odd"), environ))
        assert noting.exit_code == 0, noting.stderr
        assert links["two"].outcome == "captured"
        assert "tdm-reservation" in (links["two"].detail or "")

        environ = {**environ, "WARRAQ_OBEY_OPT_OUT": "1", "WARRAQ_ARCHIVE": str(tmp_path / "obeying")}
        obeying = crawl("odd", *WINDOW, environ=environ)
        assert obeying.report["outcomes"] == {"captured": 1, "opt_out": 1}, obeying.stderr
        kept = [capture.url for capture in raw_run(run_id("odd"), environ).captures()]
        assert kept == [f"{site.url}/one"]


@pytest.mark.parametrize(
    "refusal",
    [
        {"/ai.txt": (200, {"Content-Type": "text/plain"}, b"User-Agent: *\nDisallow: /\n")},
        {"/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: GPTBot\nDisallow: /\n")},
    ],
    ids=["ai.txt", "robots.txt"],
)
def test_opt_outs_of_a_whole_portal_stop_its_pages_if_obeyed(
    refusal: dict[str, Answer], local_environ: dict[str, str], tmp_path: Path
) -> None:
    with serve_small({**plain_site(), **refusal}) as site:
        environ = {**portal(site, local_environ, tmp_path), "WARRAQ_OBEY_OPT_OUT": "1"}
        ended = crawl("odd", *WINDOW, environ=environ)
        assert ended.report["outcomes"] == {"opt_out": 2}, ended.stderr
        assert ended.exit_code == 5
        assert not {"/one", "/two"} & set(site.hits)


def test_tdmrep_json_reserves_the_pages_that_it_names(local_environ: dict[str, str], tmp_path: Path) -> None:
    told = [{"location": "/on*", "tdm-reservation": 1}, {"location": "/", "tdm-reservation": 0}]
    file = (200, {"Content-Type": "application/json"}, json.dumps(told).encode())
    with serve_small(plain_site(**{"/.well-known/tdmrep.json": file})) as site:
        environ = portal(site, local_environ, tmp_path)
        noting = crawl("odd", *WINDOW, environ=environ)
        links = links_by_path(raw_run(run_id("odd"), environ))
        assert noting.exit_code == 0, noting.stderr
        assert stated_opt_out(links["one"].detail) == "tdmrep.json: /on*"
        assert stated_opt_out(links["two"].detail) == "header tdm-reservation: 1"
        assert "opt-out of mining: tdmrep.json reserves pages (1)" in noting.report["notes"]


def test_a_certificate_that_nobody_vouches_for_is_refused(local_environ: dict[str, str], tmp_path: Path) -> None:
    with serve_small(plain_site(), tls=self_signed(tmp_path)) as site:
        ended = crawl("odd", *WINDOW, environ=portal(site, local_environ, tmp_path))
    assert ended.exit_code == 4, ended.stderr
    assert "tls" in ended.error["error"]
    assert site.hits == []


def test_a_portal_that_cannot_list_the_past_says_so(local_environ: dict[str, str], tmp_path: Path) -> None:
    with serve_small(plain_site()) as site:
        environ = portal(site, local_environ, tmp_path, sources="(Feed('/feed'),)")
        ended = crawl("odd", *WINDOW, environ=environ)
    assert ended.exit_code == 5, ended.stderr
    assert "no source of odd lists the past" in ended.error["error"]


def test_pages_that_a_web_archive_keeps_are_fetched_there(local_environ: dict[str, str], tmp_path: Path) -> None:
    original = "https://gone.example/one"
    index = [["original", "timestamp"], [original, "20241201120000"]]
    answers = {
        "/robots.txt": (404, {}, b""),
        f"/web/20241201120000id_/{original}": page("<html><p>kept</p></html>"),
    }
    with serve_small(answers) as site:
        source = f"WebArchive('gone.example/', endpoint='{site.url}')"
        environ = {
            **local_environ,
            **define(tmp_path / "portals", "kept", "https://gone.example/", sources=f"({source},)", **LOCAL),
        }
        asked = _SearchAnswers(site.answers, (200, {"Content-Type": "application/json"}, json.dumps(index).encode()))
        site.answers = asked
        ended = crawl("kept", *WINDOW, environ=environ)
        # The portal itself is gone: nothing of it is asked for, not even its robots.txt.
        assert ended.exit_code == 0, ended.stderr
        captures = list(raw_run(run_id("kept"), environ).captures())
    assert [(capture.url, capture.captured_at) for capture in captures] == [
        (original, datetime(2024, 12, 1, 12, tzinfo=UTC))
    ]
    assert b"kept" in captures[0].body


class _SearchAnswers(dict[str, Answer]):
    """Answers every search of the index alike."""

    def __init__(self, answers: dict[str, Answer], found: Answer) -> None:
        super().__init__(answers)
        self._found = found

    def get(self, path: str, default: Answer) -> Answer:  # type: ignore[override]
        return self._found if path.startswith("/cdx/") else super().get(path, default)


@pytest.mark.skipif(importlib.util.find_spec("scrapy_playwright") is None, reason="needs the extra `javascript`")
@pytest.mark.skipif(not shutil.which("chromium"), reason="needs Debian's chromium")
@pytest.mark.slow
def test_pages_made_by_scripts_are_kept_as_the_browser_shows_them(
    local_environ: dict[str, str], tmp_path: Path
) -> None:
    script = (
        "<script>document.body.append('the ' + 'rendered text')</script><script src='http://10.0.0.1/x.js'></script>"
    )
    with serve_small(plain_site(**{"/one": page(f"<html><body>{script}</body></html>")})) as site:
        environ = portal(site, local_environ, tmp_path, javascript="True")
        ended = crawl("odd", *WINDOW, environ=environ)
        assert ended.exit_code == 0, ended.stderr
        pages = {capture.url: capture.body for capture in raw_run(run_id("odd"), environ).captures()}
        assert b"the rendered text" in pages[f"{site.url}/one"]


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate for 127.0.0.1 that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_opt_outs_of_a_whole_portal_stand_in_the_row_of_each_page(
    local_environ: dict[str, str], tmp_path: Path
) -> None:
    refusal = {"/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: GPTBot\nDisallow: /\n")}
    with serve_small({**plain_site(), **refusal}) as site:
        environ = portal(site, local_environ, tmp_path)
        assert crawl("odd", *WINDOW, environ=environ).exit_code == 0
        links = links_by_path(raw_run(run_id("odd"), environ))
    assert links["one"].detail == "robots.txt refuses GPTBot"
    # What the page itself says comes first.
    said = [stated_opt_out(links[name].detail) for name in ("one", "two")]
    assert said == ["robots.txt refuses GPTBot", "header tdm-reservation: 1"]


def test_what_robots_txt_says_to_miners_of_some_pages_stands_in_their_rows(
    local_environ: dict[str, str], tmp_path: Path
) -> None:
    refusal = {"/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: CCBot\nDisallow: /one\n")}
    late = page("<html><head><style>" + "p{}" * 4000 + '</style><meta name="robots" content="noai"></head>')
    with serve_small({**plain_site(), "/two": late, **refusal}) as site:
        environ = portal(site, local_environ, tmp_path)
        noting = crawl("odd", *WINDOW, environ=environ)
        assert noting.exit_code == 0, noting.stderr
        links = links_by_path(raw_run(run_id("odd"), environ))
    assert links["one"].detail == "robots.txt refuses CCBot"
    assert stated_opt_out(links["two"].detail) == "meta robots noai"
    assert "opt-out of mining: robots.txt refuses CCBot (1)" in noting.report["notes"]

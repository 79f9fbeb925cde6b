"""`warraq receipt`: a file that a program of one page checks without Warraq, and that no change survives."""

from __future__ import annotations

import base64
import json
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from storage.objects.open import open_store
from storage.settings import Settings
from tests.fixtures.demo_runs import archive, pages, rows_of
from tests.fixtures.paths import ROOT
from tests.fixtures.raw_runs import write_round
from warraq.cli.main import main
from warraq.monitoring.verify import VerifyScope, verify_archive

CHECKER = ROOT / "docs" / "how_to" / "check_receipt.py"


@pytest.fixture
def archived(local_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WARRAQ_ARCHIVE", local_settings.archive)
    write_round(open_store(local_settings), pages(*range(5)), spool=local_settings.cache)
    archive(local_settings)
    return local_settings


def made(path: Path, *words: str) -> dict[str, object]:
    with pytest.raises(SystemExit) as ended:
        main(["receipt", *words, "--out", str(path)])
    assert ended.value.code == 0
    found: dict[str, object] = json.loads(path.read_text())
    return found


def checked(path: Path) -> tuple[int, str]:
    # Isolated and without site-packages: nothing but the standard library.
    ended = subprocess.run([sys.executable, "-I", "-S", str(CHECKER), str(path)], capture_output=True, text=True)
    return ended.returncode, ended.stdout


def test_every_article_is_proved_by_the_standard_library_alone(archived: Settings, tmp_path: Path) -> None:
    for row in rows_of(archived)["articles"]:
        for name in (str(row["article_id"]), str(row["url"])):
            made(tmp_path / "receipt.json", name)
            code, out = checked(tmp_path / "receipt.json")
            assert (code, str(row["title"]) in out, "committed" in out) == (0, True, True), out


def test_no_change_of_a_receipt_is_proved(archived: Settings, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    row = rows_of(archived)["articles"][0]
    receipt = made(path, str(row["article_id"]))
    log = receipt["log"]
    warc = receipt["warc"]
    assert isinstance(log, dict)
    assert isinstance(warc, dict)
    record = base64.b64decode(warc["record"])
    changes: list[dict[str, object]] = [
        {"row": str(receipt["row"]).replace(str(row["title"])[:5], "غيره", 1)},
        {"root": "0" * 64},
        {"path": []},
        {"log": {**log, "entry": log["entry"].replace("20", "19", 1)}},
        {"warc": {**warc, "record": base64.b64encode(record[:-9] + b"x" + record[-8:]).decode()}},
    ]
    for change in changes:
        path.write_text(json.dumps({**receipt, **change}))
        code, out = checked(path)
        assert (code, "NOT PROVED" in out) == (1, True), change.keys()


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs OpenSSH")
def test_a_receipt_can_be_signed(archived: Settings, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    row = rows_of(archived)["articles"][0]
    receipt = made(tmp_path / "receipt.json", str(row["article_id"]), "--sign", str(key))
    (tmp_path / "signature").write_text(str(receipt.pop("signature")))
    text = json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    words = ["ssh-keygen", "-Y", "check-novalidate", "-n", "warraq-receipt", "-s", str(tmp_path / "signature")]
    assert subprocess.run(words, input=text, capture_output=True).returncode == 0
    assert subprocess.run(words, input=text + b" ", capture_output=True).returncode != 0


def test_an_unknown_article_is_refused(archived: Settings) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["receipt", "0" * 32])
    assert ended.value.code == 2


@contextmanager
def authority(folder: Path) -> Iterator[str]:
    """A time stamp authority of OpenSSL's, on loopback; its certificate is in the folder."""
    folder.mkdir()
    extensions = "basicConstraints=critical,CA:TRUE\nextendedKeyUsage=critical,timeStamping\n"
    (folder / "openssl.cnf").write_text(
        f"[req]\ndistinguished_name=name\nx509_extensions=tsa\nprompt=no\n[name]\nCN=stamps\n[tsa]\n{extensions}"
        f"[stamp]\nserial={folder}/serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\n"
        f"ess_cert_id_alg=sha256\n"
    )
    (folder / "serial").write_text("01\n")
    where = ["-config", str(folder / "openssl.cnf")]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "tsa.pem")]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *files, "-days", "30", *where]
    subprocess.run(made, check=True, capture_output=True)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

        def do_POST(self) -> None:
            query = folder / "query"
            query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            words = ["openssl", "ts", "-reply", "-queryfile", str(query), *where, "-section", "stamp"]
            words += ["-signer", str(folder / "tsa.pem"), "-inkey", str(folder / "key.pem")]
            answer = subprocess.run(words, check=True, capture_output=True).stdout
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def holds(data: Path, stamp: Path, folder: Path) -> bool:
    words = ["openssl", "ts", "-verify", "-data", str(data), "-in", str(stamp), "-CAfile", str(folder / "tsa.pem")]
    return subprocess.run(words, capture_output=True).returncode == 0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs OpenSSL")
def test_receipts_and_releases_are_stamped_and_signed(archived: Settings, tmp_path: Path) -> None:
    row, key, path = rows_of(archived)["articles"][0], tmp_path / "key", tmp_path / "receipt.json"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    with authority(tmp_path / "tsa") as url:
        made(path, str(row["article_id"]), "--stamp", url)
        with pytest.raises(SystemExit) as ended:
            main(["release", "2024-12", "--sign", str(key), "--stamp", url])
        assert ended.value.code == 0
    code, out = checked(path)
    assert (code, "openssl ts -verify" in out) == (0, True)
    assert holds(Path(f"{path}.sealed"), Path(f"{path}.time_stamp"), tmp_path / "tsa")
    Path(f"{path}.sealed").write_bytes(b"another")
    assert not holds(Path(f"{path}.sealed"), Path(f"{path}.time_stamp"), tmp_path / "tsa")
    release = Path(archived.archive) / "releases" / "2024-12"
    assert holds(release / "SHA256SUMS", release / "SHA256SUMS.tsr", tmp_path / "tsa")
    words = ["ssh-keygen", "-Y", "check-novalidate", "-n", "warraq-release", "-s", str(release / "SHA256SUMS.sig")]
    assert subprocess.run(words, input=(release / "SHA256SUMS").read_bytes(), capture_output=True).returncode == 0
    for name in ("SHA256SUMS.sig", "SHA256SUMS.tsr"):
        kept = (release / name).read_bytes()
        (release / name).write_bytes(kept[:-1] + b"?")
        assert name in str(verified(archived))
        (release / name).unlink()
        assert name in str(verified(archived))
        (release / name).write_bytes(kept)
    # A release that is there is signed by the same command; without anything to do it is refused as ever.
    for words, expected in ((["--sign", str(key)], 0), ([], 2)):
        with pytest.raises(SystemExit) as ended:
            main(["release", "2024-12", *words])
        assert ended.value.code == expected
    assert verified(archived) == []


def verified(settings: Settings) -> list[str]:
    return [problem for month in verify_archive(settings, VerifyScope(), workers=1) for problem in month.problems]


def test_an_authority_that_is_none_is_told(archived: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    row = rows_of(archived)["articles"][0]
    with saying(b"SSH-2.0-OpenSSH_9.2\r\n") as other, saying(b"HTTP/1.1 503 Busy\r\n\r\n") as busy:
        no_addresses = ("ftp://x", "https://", "https://[x", "http://127.0.0.1:abc/")
        no_answers = ("http://127.0.0.1:9/", "http://me:secret@127.0.0.1:9/", other, busy)
        for url, code in (*((one, 2) for one in no_addresses), *((one, 4) for one in no_answers)):
            with pytest.raises(SystemExit) as ended:
                main(["receipt", str(row["article_id"]), "--stamp", url])
            assert ended.value.code == code, url
            said = capsys.readouterr().err
            assert "Traceback" not in said
            assert "secret" not in said


@contextmanager
def saying(answer: bytes) -> Iterator[str]:
    """The address of a server that says the same to everybody."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1 << 16)
            self.request.sendall(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()

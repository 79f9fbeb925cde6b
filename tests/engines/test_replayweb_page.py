"""`make test-engines`: ReplayWeb.page, in a browser that reaches nothing else, shows and finds a WACZ file's pages."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

import warraq
from storage.objects.open import open_store
from storage.settings import Settings
from tests.engines.replayweb_page import package, scripts
from tests.fixtures.demo_runs import archive, pages
from tests.fixtures.raw_runs import write_round

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOME = Path(os.environ.get("WARRAQ_REPLAY_PYTHON", "/")).parent.parent
pytestmark = [
    pytest.mark.engines,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
    pytest.mark.skipif(not package(HOME).exists(), reason=f"needs npm's {package(HOME).name}: make test-engines"),
    # The browser's driver leaves its event loop's sockets to the end of the process.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
HOST = """<!doctype html><meta charset="utf-8">
<script src="/replay/ui.js"></script>
<style>replay-web-page {{ display: block; height: 700px }}</style>
<replay-web-page source="/a.wacz" url="{url}" view="pages" replayBase="/replay/">"""


@contextmanager
def served(files: dict[str, bytes]) -> Iterator[str]:
    """These files at a loopback address, in whole or in ranges."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer()
            self.wfile.write(self.content)

        def do_HEAD(self) -> None:
            self.answer()

        def answer(self) -> None:
            path = self.path.partition("?")[0]
            content = files.get(path, b"")
            wanted = re.match(r"bytes=(\d*)-(\d*)$", self.headers.get("Range", ""))
            start, end = 0, len(content)
            if wanted:
                start = int(wanted[1]) if wanted[1] else max(0, len(content) - int(wanted[2]))
                end = min(end, int(wanted[2]) + 1) if wanted[1] and wanted[2] else end
            self.send_response(404 if path not in files else 206 if wanted else 200)
            self.send_header("Content-Type", "text/javascript" if path.endswith(".js") else "text/html; charset=utf-8")
            self.send_header("Content-Length", str(end - start))
            if wanted:
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(content)}")
            self.end_headers()
            self.content = content[start:end]

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_it_shows_every_page_and_finds_its_words(local_settings: Settings, tmp_path: Path) -> None:
    found = pages(*range(6))
    write_round(open_store(local_settings), found, spool=local_settings.cache)
    archive(local_settings)
    with warraq.open_archive(local_settings.archive) as opened:
        opened.articles().to_wacz(tmp_path / "a.wacz")
        rows = opened.articles(columns=("url", "title", "body")).to_arrow().to_pylist()
    assert {row["url"] for row in rows} == {page.url for page in found}
    files = {f"/replay/{name}": content for name, content in scripts(HOME).items()}
    files["/a.wacz"] = (tmp_path / "a.wacz").read_bytes()
    files |= {f"/{number}": HOST.format(url=row["url"]).encode() for number, row in enumerate(rows)}
    files["/list"] = HOST.format(url="").encode()
    # A word of one text and of no title or address: it is found by the text in the list of pages.
    words = {row["url"]: set(re.findall(r"[\u0621-\u064a]{5,}", row["body"])) for row in rows}
    told = " ".join(row["title"] for row in rows)
    word, *_ = [
        word
        for row in rows
        for word in sorted(words[row["url"]])
        if word not in told and not any(word in other["body"] for other in rows if other is not row)
    ]
    with served(files) as address, sync_playwright() as playwright:
        offline = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", offline])
        page = browser.new_context().new_page()
        page.set_default_timeout(60_000)
        for number, row in enumerate(rows):
            page.goto(f"{address}/{number}")
            inner = page.frame_locator("iframe").frame_locator("iframe[name='___wb_replay_top_frame']")
            for text in (row["title"], row["body"].splitlines()[0]):
                inner.locator("body", has_text=text).wait_for()
        page.goto(f"{address}/list")
        listed = page.frame_locator("iframe").locator("wr-page-entry")
        listed.nth(len(rows) - 1).wait_for()
        assert listed.count() == len(rows)
        page.frame_locator("iframe").locator("wr-page-view input[type=text]").fill(word)
        listed.nth(1).wait_for(state="detached")
        listed.locator("mark", has_text=word).wait_for()
        browser.close()

"""The page "Archive" in a real browser against a real Airflow: find the trouble, fill the gap, see it close."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from storage.model.window import RunId, Window
from storage.objects.open import open_store
from tests.fixtures.real_stack import RealAirflow, embedded_airflow, wait_for
from warraq.airflow.ports import free_port
from warraq.alerts.action_log import actions
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve
from warraq.lookup.run_pages import run_in_full
from warraq.monitoring.archived_runs import archived_runs, portal_coverage

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.airflow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
    # The browser's driver leaves its event loop's sockets to the end of the process.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
FIRST = date(2024, 12, 1)
DAYS = Window(datetime(2024, 11, 30, tzinfo=UTC), datetime(2024, 12, 3, tzinfo=UTC))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAirflow]:
    """The demo portal's first day is archived, all later ones are a gap."""
    with (
        serve(DemoSite(articles=12, first_day=FIRST, days=3)) as site,
        embedded_airflow(tmp_path_factory.mktemp("page"), site) as found,
    ):
        found.run_backfill(Window(datetime(2024, 11, 30, 22, tzinfo=UTC), datetime(2024, 12, 1, 0, tzinfo=UTC)))
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


def signed_in(airflow: RealAirflow, browser: Browser, *, user: str = "admin", locale: str = "en-GB") -> Page:
    token = httpx.post(
        f"{airflow.home.url}/auth/token",
        json={"username": user, "password": airflow.home.passwords[user]},
        trust_env=False,
    ).json()["access_token"]
    context = browser.new_context(locale=locale, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(120_000)  # a busy machine takes its time
    context.add_cookies([{"name": "_token", "value": token, "url": airflow.home.url}])
    return context.new_page()


def test_who_is_not_signed_in_sees_nothing(airflow: RealAirflow) -> None:
    with httpx.Client(base_url=airflow.home.url, trust_env=False) as client:
        for path in ("/archive/", "/archive/portal/demo", "/archive/assets/page.js"):
            assert client.get(path).status_code in (401, 403)


def test_the_gap_is_found_filled_and_closed(airflow: RealAirflow, browser: Browser, tmp_path: Path) -> None:
    page = signed_in(airflow, browser)
    outside: list[str] = []
    page.on("response", lambda answer: outside.append(answer.url) if airflow.home.url not in answer.url else None)
    page.goto(f"{airflow.home.url}/archive/?dag_id=archive_demo")
    assert "/archive/portal/demo" in page.url
    assert "demo" in page.inner_text("h1")
    page.fill("input[name=from]", "2024-12-02")
    page.fill("input[name=to]", "2024-12-04")
    page.click("#span button[type=submit]")
    for _ in range(10):  # a reading that took too long on a busy machine is told, and tried again after ten seconds
        page.wait_for_selector("#plan")
        if page.query_selector("#start"):
            break
        page.wait_for_timeout(11_000)
        page.reload()
    assert "windows" in page.inner_text("#plan")
    for _ in range(20):  # until Airflow has noticed that the fixture's backfill has ended
        page.click("#start")
        page.wait_for_selector("#started:not([hidden]), #refused:not([hidden])")
        if page.is_visible("#started"):
            break
        assert "Press again in a minute" in page.inner_text("#refused")
        page.wait_for_timeout(5_000)
    page.wait_for_selector("#started:not([hidden])")

    def has_ended() -> bool:
        runs = airflow.rest.runs("archive_demo", run_type="backfill")
        return sum(run["state"] in ("success", "failed") for run in runs) >= 1 + 2

    wait_for(has_ended, seconds=400, what="the backfill's two days have ended")
    hours = {day.day: day.covered_hours for day in portal_coverage(airflow.settings, "demo", DAYS, now=NOW)}
    assert hours[FIRST] == 24, "the portal's second day begins in the last hours of the first day of UTC"
    assert not outside, outside
    page.context.close()


def test_a_viewer_sees_the_plan_and_no_button(airflow: RealAirflow, browser: Browser) -> None:
    page = signed_in(airflow, browser, user="viewer")
    page.goto(f"{airflow.home.url}/archive/portal/demo?from=2024-12-05&to=2024-12-06")
    page.wait_for_selector("#plan")
    assert page.query_selector("#start") is None
    assert "may not start" in page.inner_text("#plan")
    page.context.close()


def first_run(airflow: RealAirflow) -> RunId:
    """The run with articles."""
    runs = archived_runs(airflow.settings, portal="demo", window=DAYS)
    return RunId.parse(max(runs, key=lambda run: run.articles_new).run_id)


def test_a_run_is_looked_at_judged_and_the_portal_silenced_by_name(airflow: RealAirflow, browser: Browser) -> None:
    run = first_run(airflow)
    shown = run_in_full(airflow.settings, run)["slowest"][0]
    page = signed_in(airflow, browser)
    outside: list[str] = []
    page.on("response", lambda answer: outside.append(answer.url) if airflow.home.url not in answer.url else None)
    page.goto(f"{airflow.home.url}/archive/portal/demo?lang=en")
    page.click(f"a[href*='../run/{run}']")
    page.wait_for_selector("#outcomes")
    assert str(run) in page.inner_text("h1")
    page.goto(f"{airflow.home.url}/archive/page/{run}/{shown['link_id']}?lang=en")
    frame = page.frame_locator("iframe.captured")
    assert frame.locator("body").inner_text(), "the page as captured"
    assert page.frames[-1].evaluate("self.origin") == "null", "an origin of its own"
    page.fill("form.act input[name=reason]", "well <b>read</b>")
    page.click("form.act button[value=accept]")
    page.wait_for_selector("main li:has-text('admin')")
    assert "well <b>read</b>" in page.inner_text("main")
    page.goto(f"{airflow.home.url}/archive/article/demo/{shown['edition_id']}?lang=en")
    assert page.inner_text("#text ~ p")
    assert "admin" in page.inner_text("main")

    page.goto(f"{airflow.home.url}/archive/portal/demo?lang=en")
    until = (datetime.now(UTC) + timedelta(days=3)).date()
    page.fill("form.act input[name=until]", f"{until}")
    page.fill("form.act input[name=reason]", "the paper moves house")
    page.click("form.act button[value=silence]")
    page.wait_for_selector("form.act button[value=lift]")
    done = page.inner_text("section[aria-labelledby=actions]")
    for told in ("the paper moves house", "admin", "Silence", "Accept", "Fill days"):
        assert told in done, f"{told}: the action log has silences, verdicts and Airflow's backfills"
    assert [(one.who, one.what) for one in actions(open_store(airflow.settings))] == [
        ("admin", "silence"),
        ("admin", "accept"),
    ]
    assert not outside, outside
    page.context.close()


def test_another_site_and_another_role_can_do_nothing(airflow: RealAirflow) -> None:
    before = actions(open_store(airflow.settings))
    wanted = {"what": "silence", "portal": "demo", "until": "3d", "reason": "x"}

    def answer(user: str, **headers: str) -> int:
        said = httpx.post(
            f"{airflow.home.url}/auth/token",
            json={"username": user, "password": airflow.home.passwords[user]},
            trust_env=False,
        ).json()
        url, cookies = f"{airflow.home.url}/archive/act", {"_token": said["access_token"]}
        return httpx.post(url, json=wanted, cookies=cookies, headers=headers, trust_env=False).status_code

    assert answer("admin", **{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}) == 403
    assert answer("admin", Origin="https://evil.example") == 403
    assert answer("admin", **{"Sec-Fetch-Site": "same-origin", "Content-Type": "text/plain"}) in (403, 422)
    assert answer("viewer", **{"Sec-Fetch-Site": "same-origin"}) == 403
    assert actions(open_store(airflow.settings)) == before


@pytest.fixture(scope="module")
def paths(airflow: RealAirflow) -> dict[str, str]:
    """One address of each page, below Airflow's own."""
    run = first_run(airflow)
    shown = max(run_in_full(airflow.settings, run)["slowest"], key=lambda one: len(one["url"]))
    return {
        "fleet": "/archive/",
        "portal": "/archive/portal/demo",
        "run": f"/archive/run/{run}",
        "page": f"/archive/page/{run}/{shown['link_id']}",
        "article": f"/archive/article/demo/{shown['edition_id']}",
    }


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("name", ["fleet", "portal", "run", "page", "article"])
def test_screen_readers_and_narrow_screens_are_served(
    airflow: RealAirflow, browser: Browser, paths: dict[str, str], name: str, lang: str
) -> None:
    page = signed_in(airflow, browser)
    page.goto(f"{airflow.home.url}{paths[name]}?lang={lang}")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page)
        serious = [each for each in found.response["violations"] if each["impact"] in ("serious", "critical")]
        assert not serious, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.context.close()


@pytest.fixture(scope="module")
def below(airflow: RealAirflow) -> Iterator[str]:
    """A second API server of the same Airflow, served below /desk as behind a proxy; its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/desk"
    environ = {**airflow.home.environ, "AIRFLOW__API__BASE_URL": url, "AIRFLOW__API__PORT": str(port)}
    command = [sys.executable, "-m", "airflow", "api-server"]
    with (
        (airflow.home.folder / "below.log").open("wb") as log,
        subprocess.Popen(command, env=environ, stdout=log, stderr=log) as server,
    ):

        def answers() -> bool:
            with contextlib.suppress(httpx.TransportError):
                return httpx.get(f"{url}/api/v2/version", trust_env=False).status_code == 200
            return False

        try:
            wait_for(answers, seconds=180, what="the API server below /desk answers")
            yield url
        finally:
            server.terminate()


def test_below_a_sub_path_no_link_and_no_request_leaves_it(
    airflow: RealAirflow, browser: Browser, below: str, paths: dict[str, str]
) -> None:
    page = signed_in(airflow, browser)
    (token,) = page.context.cookies()
    page.context.add_cookies([{"name": "_token", "value": token["value"], "url": below}])
    asked: list[str] = []
    # Not "request": what a captured page names is told there too, and blocked before it leaves the browser.
    page.on("response", lambda answer: asked.append(answer.url))
    for path in paths.values():
        answer = page.goto(f"{below}{path}?lang=en")
        assert answer is not None
        assert answer.status == 200, path
        page.wait_for_load_state("networkidle")
        links = page.eval_on_selector_all("a[href], form[action]", "all => all.map(one => one.href || one.action)")
        own = [link for link in links if urlsplit(link).netloc == urlsplit(below).netloc]
        assert own, path
        assert all(link.startswith(f"{below}/") for link in own), own
    assert asked
    assert [url for url in asked if not url.startswith(f"{below}/")] == []
    page.goto(f"{below}/")
    page.wait_for_selector("a[href*='/archive']", state="attached")
    page.context.close()

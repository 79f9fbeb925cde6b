"""Alerts: one message a portal and cause, over every channel, and no secret in any of them."""

from __future__ import annotations

import email
import email.policy
import http.server
import json
import os
import re
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from storage.errors import RetryLater, StageFailed, UsageError, WarraqError
from storage.model.record_json import record_to_json
from storage.objects.keys import trouble_key
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.settings import Settings, read_settings
from warraq.alerts.channels import Message, open_channel
from warraq.alerts.incidents import (
    CALM,
    FORGOTTEN,
    MAX_OPEN,
    MAX_SINGLE,
    TELLING_TIME,
    Steps,
    Trouble,
    end_failures,
    failure,
    finding,
    next_steps,
    open_trouble,
    read_troubles,
    shortened,
    take_steps,
)
from warraq.alerts.message_text import Place, message, over_message
from warraq.alerts.mutes import lift, silence, silence_end, silences

NOW = datetime(2025, 1, 10, 12, tzinfo=UTC)
SECRET = "hunter2-T0K3N"
RUN = "almasaa/2025-01-09T00Z--2025-01-10T00Z"
LATER_RUN = "almasaa/2025-01-10T00Z--2025-01-10T12Z"
PLACE = Place({"almasaa": "بوابة المساء"}, {"almasaa": "Africa/Cairo"}, "https://airflow.example.org/news")
DNS = "crawl: the name of almasaa.example cannot be resolved"


@dataclass
class Inbox:
    """A server on loopback, and what it received."""

    port: int = 0
    received: list[Any] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    offers_starttls: bool = False
    commands: list[str] = field(default_factory=list)


@pytest.fixture
def web() -> Iterator[Inbox]:
    inbox = Inbox()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            inbox.paths.append(self.path)
            inbox.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(inbox.status)
            for name, value in inbox.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def do_GET(self) -> None:
            inbox.paths.append(self.path)
            self.send_response(inbox.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    yield from _serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler), inbox)


@pytest.fixture
def mail() -> Iterator[Inbox]:
    inbox = Inbox()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                inbox.commands.append(line)
                word = line.split()[0].upper()
                if word == "EHLO":
                    self.say("250-here")
                    self.say("250 AUTH PLAIN LOGIN")
                elif word == "AUTH":
                    self.say("235 in" if inbox.status == 200 else f"{inbox.status} no {line}")
                elif word == "DATA":
                    self.say("354 go on")
                    data = b""
                    while not data.endswith(b"\r\n.\r\n"):
                        data += self.rfile.readline()
                    inbox.received.append(email.message_from_bytes(data[:-3], policy=email.policy.default))
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

    yield from _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler), inbox)


def _serving(server: socketserver.TCPServer, inbox: Inbox) -> Iterator[Inbox]:
    inbox.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield inbox
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def store(local_settings: Settings) -> ObjectStore:
    return open_store(local_settings)


def slack(web: Inbox) -> str:
    return f"slack://127.0.0.1:{web.port}/services/{SECRET}?scheme=http"


def telegram(web: Inbox) -> str:
    return f"telegram://:12:{SECRET}@127.0.0.1:{web.port}/?chat=-100&scheme=http"


def mailbox(mail: Inbox, security: str = "none") -> str:
    options = f"from=warraq@example.org&to=a@example.org,b@example.org&security={security}"
    return f"smtp://warraq:{SECRET}@127.0.0.1:{mail.port}/?{options}"


def failed(name: str = RUN, because: str = DNS, *, at: datetime = NOW) -> Trouble:
    return failure(name, "crawl", because, now=at)


# --- channels --------------------------------------------------------------------------------------------------------


def test_slack_gets_the_arabic_name_as_it_is_and_markup_of_strangers_as_text(web: Inbox) -> None:
    open_channel(slack(web)).send(Message("Warraq: بوابة المساء", "<!channel> & more"))
    assert web.paths == [f"/services/{SECRET}"]
    assert web.received == [{"text": "Warraq: بوابة المساء\n&lt;!channel&gt; &amp; more"}]


def test_a_headline_calls_nobody_in_any_chat(web: Inbox) -> None:
    said = (
        "@all @channel (@here) ＠x /@everyone a@b.example [انقر](https://evil.example) ![](https://evil.example/x.gif)"
    )
    for address in (slack(web), telegram(web)):
        open_channel(address).send(Message("Warraq", f"{said} https://host.example/@me/1"))
    for sent in web.received:
        text = str(sent["text"])
        assert not re.search(r"@\w", text)
        assert "](" not in text
        assert "https://host.example/%40me/1" in text


def test_telegram_gets_plain_text_for_one_chat(web: Inbox) -> None:
    open_channel(telegram(web)).send(Message("Warraq: بوابة المساء", "x" * 10_000))
    assert web.paths == [f"/bot12:{SECRET}/sendMessage"]
    sent = web.received[0]
    assert sent["chat_id"] == "-100"
    assert "parse_mode" not in sent
    assert sent["text"].startswith("Warraq: بوابة المساء\nxxx")
    assert len(sent["text"]) < 4096


def test_mail_goes_to_all_recipients_with_an_arabic_subject(mail: Inbox) -> None:
    open_channel(mailbox(mail)).send(Message("Warraq: بوابة المساء", "نص عربي\nline"))
    sent: EmailMessage = mail.received[0]
    assert sent["Subject"] == "Warraq: بوابة المساء"
    assert sent["To"] == "a@example.org, b@example.org"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent.get_content().splitlines() == ["نص عربي", "line"]
    assert sum(command.upper().startswith("RCPT") for command in mail.commands) == 2


def test_a_server_without_starttls_gets_neither_password_nor_message(mail: Inbox) -> None:
    with pytest.raises(StageFailed, match="STARTTLS"):
        open_channel(mailbox(mail, "starttls")).send(Message("s", "t"))
    assert mail.received == []
    assert not [command for command in mail.commands if command.upper().startswith("AUTH")]


@pytest.mark.parametrize(
    ("status", "kind"), [(403, StageFailed), (404, StageFailed), (302, StageFailed), (500, RetryLater)]
)
def test_a_refused_webhook_is_told_without_its_secret(web: Inbox, status: int, kind: type[WarraqError]) -> None:
    web.status, web.headers = status, {"Location": f"http://127.0.0.1:{web.port}/elsewhere"}
    with pytest.raises(kind) as caught:
        open_channel(slack(web)).send(Message("s", "t"))
    assert str(status) in caught.value.message
    assert SECRET not in _everything_of(caught.value)
    assert len(web.paths) == 1, "a redirect is not followed"


def test_a_busy_webhook_says_when_to_come_back(web: Inbox) -> None:
    web.status, web.headers = 429, {"Retry-After": "30"}
    with pytest.raises(RetryLater) as caught:
        open_channel(telegram(web)).send(Message("s", "t"))
    assert caught.value.retry_after_seconds == 30
    assert SECRET not in _everything_of(caught.value)


def test_a_refused_password_is_not_repeated(mail: Inbox) -> None:
    mail.status = 535
    with pytest.raises(StageFailed, match="535") as caught:
        open_channel(mailbox(mail)).send(Message("s", "t"))
    assert SECRET not in _everything_of(caught.value)


@pytest.mark.parametrize("form", ["slack://127.0.0.1:1/{0}?scheme=http", "smtp://u:{0}@127.0.0.1:1/?from=a@b&to=c@d"])
def test_a_server_that_is_away_means_try_again(form: str) -> None:
    with pytest.raises(RetryLater) as caught:
        open_channel(form.format(SECRET)).send(Message("s", "t"))
    assert SECRET not in _everything_of(caught.value)


@pytest.mark.parametrize(
    "form",
    [
        "{0}",
        "https://hooks.example/{0}",
        "slack:///{0}",
        "slack://hooks.example/{0}?scheme=http",
        "slack://[broken/{0}",
        "slack://host:{0}/x",
        "telegram://:{0}@api.example/",
        "telegram://api.example/?chat={0}",
        "smtp://u:{0}@mail.example/?from=a@b&to=c@d&security=none",
        "smtp://u:{0}@mail.example/?from=a@b",
        "smtp://u:{0}@mail.example/?from=a@b&to=c@d%0d%0aBcc:e@f",
    ],
)
def test_a_wrong_address_is_refused_without_being_repeated(form: str) -> None:
    with pytest.raises(UsageError, match="address of the alerts") as caught:
        open_channel(form.format(SECRET))
    assert SECRET not in _everything_of(caught.value)


def test_what_is_printed_of_channel_and_settings_has_no_secret(web: Inbox, mail: Inbox) -> None:
    for address in (slack(web), telegram(web), mailbox(mail)):
        assert SECRET not in repr(open_channel(address))
        assert SECRET not in repr(read_settings({"WARRAQ_ALERTS": address}))


def _everything_of(error: WarraqError) -> str:
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None, (
        "a traceback would show the library's error, which quotes the address"
    )
    return error.message + error.remedy + repr(error.args)


# --- once ------------------------------------------------------------------------------------------------------------


def test_a_portal_that_fails_all_day_for_one_cause_is_told_once(settings: Settings) -> None:
    store = open_store(settings)
    texts = [f"{DNS} (try {hour}, {hour}:17:00)" for hour in range(24)]
    told = [open_trouble(store, failed(because=text, at=NOW + timedelta(hours=n))) for n, text in enumerate(texts)]
    assert [one is not None for one in told] == [True] + [False] * 23
    assert [one.times for one in read_troubles(store)] == [24]


def test_of_many_tasks_that_see_the_same_trouble_at_once_one_tells_it(store: ObjectStore) -> None:
    told: list[Trouble | None] = []
    barrier = threading.Barrier(8)

    def task() -> None:
        barrier.wait()
        told.append(open_trouble(store, failed()))

    threads = [threading.Thread(target=task) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 8
    assert sum(one is not None for one in told) == 1


def test_another_cause_and_another_portal_are_told_too(store: ObjectStore) -> None:
    assert open_trouble(store, failed())
    assert open_trouble(store, failed(because="crawl: robots.txt forbids everything"))
    assert open_trouble(store, failed(RUN.replace("almasaa", "youm7")))


def test_errors_that_never_repeat_do_not_become_messages_without_end(store: ObjectStore) -> None:
    told = [open_trouble(store, failed(because=letter * 9)) for letter in "abcdefghij"]
    assert sum(one is not None for one in told) == MAX_OPEN


def test_a_failure_is_over_when_a_later_window_was_published_and_it_stays_calm(store: ObjectStore) -> None:
    open_trouble(store, replace(failed(), told_at=NOW))
    assert end_failures(store, LATER_RUN, now=NOW) == 1
    assert look(store, now=NOW + CALM / 2) == Steps()
    assert [one.subject for one in look(store, now=NOW + CALM).over] == ["almasaa"]


def test_publishing_the_past_does_not_mend_the_present(store: ObjectStore) -> None:
    open_trouble(store, failed(LATER_RUN))
    assert end_failures(store, RUN, now=NOW) == 0


def test_a_failure_that_comes_back_before_it_is_calm_is_still_the_same(store: ObjectStore) -> None:
    open_trouble(store, replace(failed(), told_at=NOW))
    end_failures(store, RUN, now=NOW)
    assert open_trouble(store, failed(at=NOW + CALM / 2)) is None
    assert look(store, now=NOW + CALM * 2).over == ()


def test_a_failure_whose_teller_died_is_told_by_the_next_look(store: ObjectStore) -> None:
    open_trouble(store, failed())
    assert look(store, now=NOW).tell == ()
    assert [one.subject for one in look(store, now=NOW + TELLING_TIME).tell] == ["almasaa"]


def test_what_could_not_be_sent_is_sent_by_the_next_look(store: ObjectStore) -> None:
    steps = look(store, finding("almasaa", "silent", "x", now=NOW))

    def away(_: object) -> bool:
        raise RetryLater("mail server away")

    with pytest.raises(RetryLater):
        take_steps(store, steps, tell=away, tell_over=away, now=NOW)
    later = NOW + TELLING_TIME
    assert [one.cause for one in look(store, finding("almasaa", "silent", "x", now=later), now=later).tell] == [
        "silent"
    ]


def test_of_two_messages_the_one_that_went_out_is_not_sent_again(store: ObjectStore) -> None:
    seen = [finding(portal, "silent", "x", now=NOW) for portal in ("almasaa", "youm7")]

    def tell(found: Sequence[Trouble]) -> bool:
        if found[0].subject == "youm7":
            raise RetryLater("mail server away")
        return True

    with pytest.raises(RetryLater):
        take_steps(store, look(store, *seen), tell=tell, tell_over=tell, now=NOW)
    later = look(store, *seen, now=NOW + TELLING_TIME)
    assert [one.subject for one in later.tell] == ["youm7"]


def test_silence_after_a_failure_is_the_failures_and_is_not_told(store: ObjectStore) -> None:
    open_trouble(store, replace(failed(), told_at=NOW))
    seen = [finding("almasaa", cause, "x", now=NOW) for cause in ("silent", "stopped")]
    assert look(store, *seen).fresh == ()


def test_a_failure_that_nobody_ended_is_forgotten_so_that_the_next_one_is_told(store: ObjectStore) -> None:
    open_trouble(store, replace(failed("reextract_archive"), told_at=NOW))
    steps = look(store, now=NOW + FORGOTTEN)
    assert (steps.over, [one.subject for one in steps.drop]) == ((), ["reextract_archive"])


def test_a_portal_that_got_worse_is_not_called_well_again(store: ObjectStore) -> None:
    degraded = replace(finding("almasaa", "degraded", "x", now=NOW), told_at=NOW, ended_at=NOW - CALM)
    store.put(degraded.key, record_to_json(degraded))
    steps = look(store, finding("almasaa", "silent", "x", now=NOW))
    assert (len(steps.over), len(steps.drop), [one.cause for one in steps.tell]) == (0, 1, ["silent"])


def test_a_portal_that_can_no_longer_be_judged_is_not_called_well(store: ObjectStore) -> None:
    stopped = replace(finding("almasaa", "stopped", "x", now=NOW), told_at=NOW)
    store.put(stopped.key, record_to_json(stopped))
    assert look(store, now=NOW + CALM * 9, judged=frozenset()) == Steps()


def test_two_looks_at_once_tell_once(store: ObjectStore) -> None:
    steps = look(store, finding("almasaa", "silent", "x", now=NOW))
    told: list[str] = []

    def tell(found: Sequence[Trouble]) -> bool:
        told.extend(one.cause for one in found)
        return True

    for _ in range(2):
        take_steps(store, steps, tell=tell, tell_over=tell, now=NOW)
    assert told == ["silent"]


def look(
    store: ObjectStore, *seen: Trouble, now: datetime = NOW, judged: frozenset[str] = frozenset({"almasaa"})
) -> Steps:
    silenced = frozenset(one.subject for one in silences(store, now=now))
    return next_steps(read_troubles(store), seen, judged=judged, silenced=silenced, now=now)


# --- silences --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "reason", "expected"),
    [(1, " \n", "reason"), (-1, "why", "future"), (0, "why", "future"), (93, "why", "92")],
)
def test_a_silence_needs_a_reason_and_an_end_in_sight(
    store: ObjectStore, days: int, reason: str, expected: str
) -> None:
    with pytest.raises(UsageError, match=expected):
        silence(store, "almasaa", until=NOW + timedelta(days=days), reason=reason, now=NOW)
    assert silences(store, now=NOW) == []


def test_a_silence_ends_after_days_or_on_a_day() -> None:
    assert silence_end("14d", now=NOW) == NOW + timedelta(days=14)
    assert silence_end("2025-01-31", now=NOW) == datetime(2025, 1, 31, tzinfo=UTC)
    with pytest.raises(UsageError, match="--until: 'soon' is not a time"):
        silence_end("soon", now=NOW)


def test_a_silenced_portal_is_not_told_and_what_is_still_wrong_at_its_end_is(store: ObjectStore) -> None:
    end = NOW + timedelta(days=2)
    silence(store, "almasaa", until=end, reason="new layout", now=NOW)
    steps = look(store, finding("almasaa", "silent", "x", now=NOW))
    assert (len(steps.fresh), steps.tell) == (1, ())
    take_steps(store, steps, tell=lambda _: True, tell_over=lambda _: True, now=NOW)
    sight = finding("almasaa", "silent", "x", now=end)
    assert look(store, sight, now=end - timedelta(hours=1)).tell == ()
    assert [one.cause for one in look(store, sight, now=end).tell] == ["silent"]


def test_a_lifted_silence_is_gone(store: ObjectStore) -> None:
    silence(store, "almasaa", until=NOW + timedelta(days=2), reason="new layout", now=NOW)
    lift(store, "almasaa")
    assert silences(store, now=NOW) == []


@pytest.mark.parametrize("text", ["0", "nan", "soon", "inf"])
def test_the_silent_hours_of_the_environment_are_a_number(text: str) -> None:
    assert read_settings({}).silent_hours is None
    assert read_settings({"WARRAQ_SILENT_HOURS": "6"}).silent_hours == 6
    with pytest.raises(UsageError, match="WARRAQ_SILENT_HOURS"):
        read_settings({"WARRAQ_SILENT_HOURS": text})


# --- words -----------------------------------------------------------------------------------------------------------


def test_a_message_names_portal_cause_run_and_what_to_do_with_the_arabic_name_isolated() -> None:
    said = message([failed()], PLACE)
    assert said.subject == "[page] Warraq: almasaa (\u2068بوابة المساء\u2069) failed in crawl"
    assert DNS in said.text
    assert RUN in said.text
    assert "warraq silence almasaa --until" in said.text
    assert "seen: 2025-01-10 14:00 Africa/Cairo" in said.text, "the portal's clock"
    assert "page: https://airflow.example.org/news/archive/portal/almasaa" in said.text
    assert "runs: https://airflow.example.org/news/dags/archive_almasaa/runs" in said.text


def test_a_failure_leads_to_its_log_and_a_finding_is_as_severe_as_what_is_lost() -> None:
    linked = failure(RUN, "crawl", DNS, now=NOW, link="https://airflow.example.org/news/dags/archive_almasaa/x")
    assert "log: https://airflow.example.org/news/dags/archive_almasaa/x" in message([linked], PLACE).text
    for cause, severity in (("silent", "page"), ("dead", "page"), ("drifting", "warning"), ("late", "warning")):
        said = message([finding("almasaa", cause, "x", now=NOW)], PLACE)
        assert said.subject.startswith(f"[{severity}] Warraq: ")
    both = [finding("almasaa", "late", "x", now=NOW), linked]
    digest = message(both, PLACE)
    assert digest.subject.startswith("[page] ")
    assert digest.text.index("failed in crawl") < digest.text.index("has missed"), "the worst first"


def test_a_figure_is_never_cut() -> None:
    assert shortened("12345 articles where 67890 are usual", 25) == "12345 articles where…"
    long = finding("almasaa", "drifting", "x " * 290 + "1234567 articles where 2345678 are usual", now=NOW)
    assert len(long.detail) <= 600
    assert not re.search(r"\d…", long.detail)
    rows = Message("s", "\n".join(f"portal{number}: {number * 1001}" for number in range(999))).whole.splitlines()
    assert len("\n".join(rows)) <= 3_502
    number, figure = rows[-2].removeprefix("portal").split(": ")
    assert int(figure) == int(number) * 1001


def test_a_dead_mans_switch_is_called_after_a_look_and_its_address_is_no_secret_in_errors(
    web: Inbox, local_environ: dict[str, str]
) -> None:
    address = f"http://127.0.0.1:{web.port}/ping/{SECRET}"
    looked = warraq({**local_environ, "WARRAQ_ALERTS_PING": address}, "alert", "--json")
    assert looked.returncode == 0, looked.stderr
    assert web.paths == [f"/ping/{SECRET}"]
    web.status = 503
    refused = warraq({**local_environ, "WARRAQ_ALERTS_PING": address}, "alert", "--json")
    assert refused.returncode == 4
    assert SECRET not in refused.stdout + refused.stderr
    plain = warraq({**local_environ, "WARRAQ_ALERTS_PING": "http://example.org/x"}, "alert")
    assert (plain.returncode, "https" in plain.stderr) == (2, True)


def test_a_hostile_error_cannot_make_lines_headers_or_pages() -> None:
    said = message([failed(because="x\r\nBcc: evil@example.org\u202e\x1b[31m" + "y" * 99_999)], PLACE)
    assert "\nBcc" not in said.text
    assert not {"\u202e", "\x1b", "\r"} & set(said.text)
    assert len(said.text) < 1_200


def test_many_troubles_at_once_are_one_message_and_a_few_are_one_each(store: ObjectStore) -> None:
    told: list[int] = []

    def tell(found: Sequence[Trouble]) -> bool:
        told.append(len(found))
        return True

    few = [finding(f"few{number}", "silent", "x", now=NOW) for number in range(MAX_SINGLE)]
    take_steps(store, look(store, *few), tell=tell, tell_over=tell, now=NOW)
    assert told == [1] * MAX_SINGLE
    many = [finding(f"portal{number}", "silent", "x", now=NOW) for number in range(MAX_SINGLE + 1)]
    said = message(many, Place())
    take_steps(store, look(store, *few, *many), tell=tell, tell_over=tell, now=NOW)
    assert told[MAX_SINGLE:] == [MAX_SINGLE + 1]
    assert "6 new troubles of 6 portals" in said.subject
    assert "portal5 has published nothing new" in said.text


def test_the_end_says_what_is_over_and_how_long_it_took() -> None:
    said = over_message([replace(failed(), ended_at=NOW + timedelta(hours=3), times=24)], PLACE)
    assert "is well again" in said.subject
    assert "2025-01-10 14:00 Africa/Cairo to 2025-01-10 17:00 Africa/Cairo, seen 24 times" in said.text


# --- the commands ----------------------------------------------------------------------------------------------------


def warraq(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "warraq", *words]
    return subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, timeout=60)


def test_a_task_that_fails_again_and_again_sends_one_message_and_no_secret_shows(
    web: Inbox, local_environ: dict[str, str]
) -> None:
    environ = {**local_environ, "WARRAQ_ALERTS": slack(web)}
    ends = [warraq(environ, "alert", "failed", RUN, "--stage", "crawl", f"--because={DNS}", "--json") for _ in range(3)]
    ends.append(warraq(environ, "alert", "--list"))
    ends.append(warraq(environ, "alert", "--json"))
    assert [end.returncode for end in ends] == [0] * 5, [end.stderr for end in ends]
    assert len(web.received) == 1
    assert "بوابة المساء" in web.received[0]["text"]
    assert "almasaa" in ends[3].stdout
    assert not [end for end in ends if SECRET in end.stdout + end.stderr]


def test_a_refused_alert_exits_5_stays_open_and_goes_out_when_the_channel_is_right(
    web: Inbox, local_environ: dict[str, str]
) -> None:
    environ = {**local_environ, "WARRAQ_ALERTS": slack(web)}
    web.status = 403
    end = warraq(environ, "alert", "degraded", RUN, "--because=half of the pages have no date", "--json")
    assert end.returncode == 5, end.stderr
    assert SECRET not in end.stdout + end.stderr
    assert [one.told_at for one in read_troubles(open_store(read_settings(local_environ)))] == [None]


def test_an_archive_that_cannot_be_reached_is_told_once(
    web: Inbox, local_environ: dict[str, str], unused_port: int
) -> None:
    environ = {**local_environ, "WARRAQ_ALERTS": slack(web), "WARRAQ_ARCHIVE": "s3://archive/news"}
    environ |= {"AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{unused_port}", "AWS_MAX_ATTEMPTS": "1"}
    environ |= {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": SECRET}
    ends = [warraq(environ, "alert", "--json") for _ in range(2)]
    assert [end.returncode for end in ends] == [4, 4], [end.stderr for end in ends]
    assert len(web.received) == 1
    assert "cannot be reached" in web.received[0]["text"]
    assert SECRET not in web.received[0]["text"] + ends[0].stderr

    back = warraq({**environ, **local_environ}, "alert", "--json")
    assert back.returncode == 0, back.stderr
    assert "can be reached again" in web.received[1]["text"]


def test_silences_are_kept_listed_and_refused_without_their_parts(local_environ: dict[str, str]) -> None:
    day = (datetime.now(UTC) + timedelta(days=7)).strftime("%Y-%m-%d")
    assert warraq(local_environ, "silence", "almasaa", "--until", day).returncode == 2
    assert warraq(local_environ, "silence", "nosuch", "--until", day, "--reason", "x").returncode == 2
    assert warraq(local_environ, "silence", "almasaa", "--until", day, "--reason", "تصميم جديد").returncode == 0
    listed = json.loads(warraq(local_environ, "silence", "--list", "--json").stdout)["silences"]
    assert listed == [{"subject": "almasaa", "until": f"{day}T00Z", "reason": "تصميم جديد"}]


def test_a_key_cannot_be_made_of_what_a_task_says(local_environ: dict[str, str]) -> None:
    for name, stage in (("../../etc", "crawl"), ("almasaa", "../x"), ("Almasaa", "crawl")):
        assert warraq(local_environ, "alert", "failed", name, "--stage", stage, "--because=x").returncode == 2
    assert trouble_key("almasaa", "silent") == "alerts/open/portal=almasaa/silent.json"


@pytest.fixture
def unused_port() -> int:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        return int(server.server_address[1])

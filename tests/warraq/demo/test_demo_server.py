"""How the demo portal answers: spellings, conditions, encodings, faults, control, hits."""

from __future__ import annotations

import gzip
import http.client
import json
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, unquote, urlsplit

import pytest

from storage.errors import UsageError
from tests.fixtures.demo_visitor import visit
from warraq.demo.portal import DemoSite, plain_path
from warraq.demo.server.faults import Fault, FaultKind, Faults
from warraq.demo.server.server import ServedSite, serve


def _slugged(served: ServedSite) -> str:
    return next(served.site.path(served.site.card(n)) for n in range(20) if served.site.card(n).layout == "wordpress")


def test_one_slug_is_served_in_its_four_spellings(served: ServedSite) -> None:
    upper = _slugged(served)
    lower = upper.lower()
    double = quote(upper)
    raw = unquote(upper).encode().decode("latin-1")
    assert {plain_path(path) for path in (upper, lower, double, raw, unquote(upper))} == {upper}
    bodies = {visit(served.base_url + path).body for path in (upper, lower, double)}
    # http.client refuses raw letters, browsers and crawlers may send them.
    connection = http.client.HTTPConnection(urlsplit(served.base_url).netloc, timeout=10)
    connection.putrequest("GET", "/", skip_accept_encoding=True)
    connection._buffer[0] = b"GET " + unquote(upper).encode() + b" HTTP/1.1"  # type: ignore[attr-defined]
    connection.endheaders()
    bodies.add(connection.getresponse().read())
    connection.close()
    assert len(bodies) == 1
    assert [hit.path for hit in served.hits.all()] == [upper] * 4


def test_a_wrong_slug_or_path_is_an_honest_404(served: ServedSite) -> None:
    for path in (_slugged(served).replace("/2024/", "/2023/"), "/story/999999", "/nothing", "/archive/2024/13/99"):
        assert visit(served.base_url + path).status == 404


def test_a_known_page_costs_a_304_without_body(served: ServedSite) -> None:
    url = served.site.truth(2).url
    first = visit(url)
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    for headers in ({"If_None_Match": tag}, {"If_None_Match": f'"x", {tag}'}, {"If_Modified_Since": changed}):
        again = visit(url, **headers)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == tag
    assert visit(url, If_None_Match='"other"', If_Modified_Since=changed).status == 200
    assert visit(url, If_Modified_Since="Mon, 01 Jan 2024 00:00:00 GMT").status == 200
    assert [hit.conditional for hit in served.hits.all()] == [False, True, True, True, True, True]


def test_an_edited_page_is_no_longer_known(served: ServedSite) -> None:
    truth = served.site.truth(2)
    first = visit(truth.url)
    served.faults.add("edited@#2")
    again = visit(truth.url, If_None_Match=first.headers["etag"])
    assert again.status == 200
    assert again.headers["last-modified"] > ""
    assert again.headers["last-modified"] != first.headers["last-modified"]
    assert served.site.truth(2, edition=1).paragraphs[-1] in again.body.decode()
    lists = visit(served.base_url + "/sitemaps/2024-12-01.xml").body.decode()
    modified = served.site.truth(2, edition=1).modified_at
    assert modified is not None
    assert f"<lastmod>{modified.astimezone(served.site.card(2).local_time.tzinfo).isoformat()}</lastmod>" in lists


def test_gzip_is_given_to_those_who_accept_it(served: ServedSite) -> None:
    url = served.site.truth(0).url
    packed, plain = visit(url, Accept_Encoding="gzip, deflate"), visit(url, Accept_Encoding="identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body


def test_one_connection_carries_many_requests_and_head_has_no_body(served: ServedSite) -> None:
    connection = http.client.HTTPConnection(urlsplit(served.base_url).netloc, timeout=10)
    connection.connect()
    local = connection.sock.getsockname()
    for method in ("GET", "HEAD", "GET"):
        connection.request(method, "/robots.txt")
        response = connection.getresponse()
        assert bool(response.read()) == (method == "GET")
        assert connection.sock.getsockname() == local
    connection.close()


@pytest.mark.parametrize(
    ("fault", "status", "header", "value"),
    [
        ("500", 500, "content-type", "text/html; charset=utf-8"),
        ("503:7", 503, "retry-after", "7"),
        ("429", 429, "retry-after", "1"),
        ("410", 410, "content-type", "text/html; charset=utf-8"),
        ("redirect-off-domain:http://localhost:1/x", 302, "location", "http://localhost:1/x"),
        ("redirect-private", 302, "location", "http://169.254.169.254/latest/meta-data/"),
        ("not-html", 200, "content-type", "application/pdf"),
        ("wrong-charset", 200, "content-type", "text/html; charset=windows-1252"),
        ("html", 200, "content-type", "text/html; charset=utf-8"),
    ],
)
def test_a_fault_strikes_its_article_and_no_other(
    fault: str, status: int, header: str, value: str, served: ServedSite
) -> None:
    served.faults.add(f"{fault}@#3")
    reply = visit(served.site.truth(3).url)
    assert (reply.status, reply.headers[header]) == (status, value)
    other = visit(served.site.truth(0).url)
    assert (other.status, other.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_soft_404_says_in_words_what_its_status_does_not(served: ServedSite) -> None:
    served.faults.add("soft-404@#3")
    reply = visit(served.site.truth(3).url)
    assert reply.status == 200
    assert "غير موجودة" in reply.body.decode()
    assert served.site.truth(3).paragraphs[0] not in reply.body.decode()


def test_a_redirect_loop_never_ends(served: ServedSite) -> None:
    served.faults.add("redirect-loop@/story/live-1")
    served.faults.add("redirect-loop@every/1")
    seen, url = [], served.site.truth(3).url
    for _ in range(5):
        reply = visit(url)
        assert reply.status == 302
        url = served.base_url + reply.headers["location"]
        seen.append(url)
    assert len(set(seen)) == 2


def test_a_reset_and_a_cut_break_the_connection(served: ServedSite) -> None:
    served.faults.add("reset@#3", "cut@#4")
    with pytest.raises(ConnectionResetError):
        visit(served.site.truth(3).url)
    with pytest.raises(http.client.IncompleteRead):
        visit(served.site.truth(4).url)
    assert [hit.status for hit in served.hits.all()] == [0, 200]


def test_truncated_gzip_a_bomb_and_a_huge_body(served: ServedSite) -> None:
    served.faults.add("truncated-gzip@#3", "gzip-bomb:8@#4", "huge:3@#0")
    broken = visit(served.site.truth(3).url)
    with pytest.raises(EOFError):
        gzip.decompress(broken.body)
    bomb = visit(served.site.truth(4).url)
    assert len(bomb.body) < 50_000
    assert len(zlib.decompress(bomb.body, wbits=31)) == 8 << 20
    huge = visit(served.site.truth(0).url)
    assert len(huge.body) > 3 << 20


def test_slow_and_trickling_answers_take_their_time(served: ServedSite) -> None:
    served.faults.add("slow:0.3@#3", "trickle:0.3@#4")
    for number in (3, 4):
        started = time.monotonic()
        reply = visit(served.site.truth(number).url)
        assert time.monotonic() - started >= 0.28
        assert served.site.truth(number).title in reply.body.decode()


def test_a_fault_may_begin_late_and_end(served: ServedSite) -> None:
    served.faults.add("500+1*2@/feed/")
    assert [visit(served.base_url + "/feed/").status for _ in range(5)] == [200, 500, 500, 200, 200]


def test_robots_txt_may_deny_everything_or_fail(served: ServedSite) -> None:
    served.faults.add("deny@/robots.txt")
    assert "Disallow: /\n" in visit(served.base_url + "/robots.txt").body.decode()
    served.faults.clear()
    served.faults.add("500@/robots.txt")
    assert visit(served.base_url + "/robots.txt").status == 500


def test_faults_and_hits_can_be_reached_from_another_process(served: ServedSite) -> None:
    control = served.base_url + "/_demo/"
    assert visit(control + "faults", method="POST", body=b'["404@/feed/"]').status == 200
    assert visit(served.base_url + "/feed/").status == 404
    assert visit(control + "faults", method="DELETE").status == 200
    assert visit(served.base_url + "/feed/").status == 200
    data = json.loads(visit(control + "hits").body)
    assert [(hit["path"], hit["status"]) for hit in data["hits"]] == [("/feed/", 404), ("/feed/", 200)]
    assert data["most_at_once"] == 1
    refused = visit(control + "faults", method="POST", body=b'["nonsense"]')
    assert (refused.status, visit(control + "other").status) == (400, 404)


def test_hits_tell_how_polite_a_visitor_was(served: ServedSite) -> None:
    served.faults.add("slow:0.2@*")
    urls = [served.site.truth(number).url for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(visit, urls))
    assert served.hits.most_at_once == 4
    served.faults.clear()
    served.hits.clear()
    for url in urls:
        visit(url, User_Agent="polite/1")
        time.sleep(0.02)
    assert served.hits.most_at_once == 1
    assert min(served.hits.gaps()) >= 0.02
    assert {hit.user_agent for hit in served.hits.all()} == {"polite/1"}


@pytest.mark.parametrize("text", ["500", "418@/x", "@/x", "500*x@/x", ""])
def test_a_fault_that_is_none_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Fault.parse(text)
    assert "KIND" in caught.value.remedy


def test_every_kind_of_fault_can_be_typed_and_shown_again() -> None:
    for kind in FaultKind:
        assert Fault.parse(f"{kind}:5+2*3@#7") == Fault(kind, "#7", "5", 2, 3)
    assert Faults(["500@every/10"]).strike("/x", 20)
    assert not Faults(["500@every/10"]).strike("/x", 21)
    assert not Faults(["500@every/10"]).strike("/x", None)


def test_a_taken_port_is_a_users_mistake(served: ServedSite) -> None:
    port = urlsplit(served.base_url).port
    assert port
    with pytest.raises(UsageError, match=f"port {port}"), serve(DemoSite(articles=1), port=port):
        pass

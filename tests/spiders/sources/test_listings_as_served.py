"""Listings as servers, plugins and generators really print them: nothing is lost, or it is told."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from spiders.portal.definition import Feed, NewsSitemap, Section, Sitemap, Source, WordPress
from spiders.sources import discovery
from spiders.sources.reading import documents
from spiders.sources.records import MAX_LINKS_PER_RESPONSE, Discovery, SourceResponse
from tests.fixtures.site_walk import MARCH_FIFTH, NOW, ROOT, TODAY, Answer, Walk, answer, portal, walk

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
    'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"'
)
IN_MARCH = "<lastmod>2024-03-05T09:00:00Z</lastmod>"


def entry(path: str, more: str = IN_MARCH) -> str:
    return f"<url><loc>{ROOT}{path}</loc>{more}</url>"


def urlset(*entries: str, head: str = HEAD, names: str = NAMESPACES) -> str:
    return f"{head}<urlset {names}>{''.join(entries)}</urlset>"


def of(source: Source, content: Answer, **fields: object) -> Walk:
    address = portal().absolute(getattr(source, "url", ""))
    return walk(portal(source), {address: content}, MARCH_FIFTH if source.lists_past else TODAY, **fields)


def sitemap(content: Answer) -> Walk:
    return of(Sitemap("/map.xml"), content)


class TestSitemaps:
    @pytest.mark.parametrize(
        "head",
        [
            "\n\n" + HEAD,
            "\ufeff\ufeff" + HEAD,
            "\n\ufeff" + HEAD,
            "<br />\n<b>Notice</b>:  Undefined index in <b>/srv/map.php</b> on line <b>4</b><br />\n" + HEAD,
            "تحذير: الذاكرة < 5% & القرص ممتلئ\n" + HEAD,
            "<!-- made by <urlmaker> -->" + HEAD + "<!-- and <more> -->",
            "",
        ],
    )
    def test_what_stands_before_the_declaration_costs_nothing(self, head: str) -> None:
        found = sitemap(urlset(entry("a"), entry("b"), head=head))
        assert found.urls == [f"{ROOT}a", f"{ROOT}b"]
        assert found.losses == []

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    def test_encodings_are_recognised(self, encoding: str) -> None:
        text = urlset(entry("خبر"), head='<?xml version="1.0"?>')
        assert sitemap(text.encode(encoding)).urls == [f"{ROOT}خبر"]

    def test_images_and_videos_have_addresses_dates_and_titles_of_their_own(self) -> None:
        found = sitemap(
            urlset(
                f"<url><image:image><image:loc>{ROOT}a.jpg</image:loc></image:image><loc>{ROOT}a</loc>{IN_MARCH}</url>",
                entry(
                    "b",
                    f"<video:video><video:publication_date>2019-01-01</video:publication_date></video:video>{IN_MARCH}",
                ),
                entry(
                    "c",
                    "<video:video><video:title>فيديو</video:title></video:video><news:news><news:publication_date>"
                    "2024-03-05T10:00:00+02:00</news:publication_date><news:title>خبر</news:title></news:news>",
                ),
            )
        )
        assert found.urls == [f"{ROOT}a", f"{ROOT}b", f"{ROOT}c"]
        assert [link.listed_at for link in found.links] == [None, None, datetime(2024, 3, 5, 8, tzinfo=UTC)]
        assert [link.title for link in found.links] == [None, None, "خبر"]

    @pytest.mark.parametrize(
        "names",
        [
            "",
            'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"',
            'xmlns="https://www.google.com/schemas/sitemap/0.84"',
        ],
    )
    def test_prefixes_that_nothing_declares_are_read(self, names: str) -> None:
        dated = "<news:publication_date>2024-03-05</news:publication_date>"
        news = f"<news:news>{dated}<news:title>خبر</news:title></news:news>"
        (link,) = of(NewsSitemap("/map.xml"), urlset(entry("a", news), names=names)).links
        assert (link.listed_day, link.title) == (date(2024, 3, 5), "خبر")

    def test_a_prefix_for_the_protocol_itself_is_read(self) -> None:
        text = urlset(entry("a")).replace("xmlns=", "xmlns:sm=").replace("<", "<sm:").replace("<sm:/", "</sm:")
        assert sitemap(text.replace("<sm:?", "<?")).urls == [f"{ROOT}a"]

    def test_bare_signs_comments_and_relative_addresses_are_read(self) -> None:
        found = sitemap(
            urlset(
                f"<url>{IN_MARCH}<loc>/page?cat=7&id=1</loc></url>",
                f"<url><loc><!-- x -->{ROOT}b<!-- y --></loc>{IN_MARCH}<!-- z --></url>",
                entry("c", f"<news:news><news:title>الأسعار < 50 & أقل <جدا</news:title></news:news>{IN_MARCH}"),
                f"<url><loc><![CDATA[{ROOT}d?x=1&y=2]]></loc>{IN_MARCH}</url>",
                f"<url><loc>{ROOT}e</loc>{IN_MARCH}<url><loc>{ROOT}f</loc>{IN_MARCH}</url>",
            )
        )
        paths = ["page?cat=7&id=1", "b", "c", "d?x=1&y=2", "e", "f"]
        assert found.urls == [f"{ROOT}{path}" for path in paths]
        assert found.links[2].title == "الأسعار < 50 & أقل <جدا"

    @pytest.mark.parametrize(
        "written",
        [
            f"{ROOT}\n      2024/a?x=1&amp;y=2\n   ",
            f"{ROOT}2024/a?x=1&amp;amp;y=2",
            f'"{ROOT}2024/a?x=1&amp;y=2"',
            "news.example/2024/a?x=1&amp;y=2",
        ],
        ids=["over two lines", "escaped twice", "in quotation marks", "without scheme"],
    )
    def test_an_address_is_read_however_it_is_written(self, written: str) -> None:
        found = sitemap(urlset(f"<url><loc>{written}</loc>{IN_MARCH}</url>"))
        assert found.urls == [f"{ROOT}2024/a?x=1&y=2"]

    def test_a_child_whose_namespace_was_emptied_is_still_the_entrys(self) -> None:
        assert sitemap(urlset(f'<url><loc xmlns="">{ROOT}a</loc>{IN_MARCH}</url>')).urls == [f"{ROOT}a"]

    @pytest.mark.parametrize(
        "before",
        ["# our addresses\n", "\ufeff\n\n", "<br />\n<b>Warning</b>: no such file in <b>/srv/map.php</b><br />\n"],
    )
    def test_a_list_of_addresses_is_one_whatever_stands_before_it(self, before: str) -> None:
        found = sitemap(f"{before}HTTPS://news.example/2024/03/05/a\r\n{ROOT}2024/03/05/b\r\n")
        assert [link.url.lower() for link in found.links] == [f"{ROOT}2024/03/05/a", f"{ROOT}2024/03/05/b"]

    def test_every_member_of_a_gzip_file_is_read_and_padding_is_none(self) -> None:
        text = urlset(*(entry(str(n)) for n in range(9))).encode()
        members = b"".join(gzip.compress(text[at : at + 200]) for at in range(0, len(text), 200))
        for packed in (members, members + b"\0" * 512, members + b"\r\n", gzip.compress(members)):
            found = sitemap(packed)
            assert len(found.urls) == 9
            assert found.losses == []

    @pytest.mark.parametrize(
        ("damage", "told"),
        [
            (lambda whole: gzip.compress(whole)[:-20], "gzip cut off"),
            (lambda whole: gzip.compress(whole[:-400]) + b"<!-- page made in 3 s -->", "no gzip any more"),
            (lambda whole: whole[:-300], "ends in the middle"),
            (lambda whole: whole.replace(b"</url></urlset>", b"<![CDATA["), "ends in the middle"),
        ],
    )
    def test_what_is_damaged_gives_what_stands_before_and_is_told(
        self, damage: Callable[[bytes], bytes], told: str
    ) -> None:
        noise = "".join(f"<!-- {n * 7919 % 10007} -->" for n in range(400))  # else gzip would hide nothing in its end
        found = sitemap(
            damage(urlset(*(entry(f"{n}") for n in range(20)), noise, *(entry(f"z{n}") for n in range(9))).encode())
        )
        assert len(found.urls) >= 19
        assert any(told in loss for loss in found.losses), found.losses
        assert set(found.losses) <= set(found.problems)

    def test_entries_without_an_address_are_told(self) -> None:
        found = sitemap(urlset(entry("a"), "<url><loc></loc></url>", "<url><lastmod>2024-03-05</lastmod></url>"))
        assert (found.urls, found.left_out) == ([f"{ROOT}a"], 0)
        assert "2 entries without an address" in found.problems[0]

    def test_what_a_window_needs_is_found_wherever_it_stands(self) -> None:
        old = "".join(f"<url><loc>{ROOT}{n}</loc><lastmod>2023-01-0{n % 9 + 1}</lastmod></url>" for n in range(60_000))
        found = sitemap(urlset(old, entry("new")))
        assert found.urls == [f"{ROOT}new"]
        assert (found.left_out, found.losses) == (60_000, [])

    def test_a_list_of_addresses_is_read_to_its_end(self) -> None:
        lines = "\r\n".join([*(f"{ROOT}2023/01/02/{n}" for n in range(60_000)), "", f"{ROOT}2024/03/05/new", "# end"])
        found = sitemap(f"\ufeff{lines}")
        assert (found.urls, found.problems) == ([f"{ROOT}2024/03/05/new"], [])

    def test_links_beyond_the_bound_are_told(self) -> None:
        found = sitemap(
            urlset(
                *(entry(f"{n}") for n in range(MAX_LINKS_PER_RESPONSE)),
                *(entry(f"{n}", "<lastmod>2024-03-05T10:00:00Z</lastmod>") for n in range(-7, 0)),
            )
        )
        assert len(found.urls) == MAX_LINKS_PER_RESPONSE
        assert "7 are left out" in found.losses[0]

    def test_two_documents_one_after_the_other_are_both_read(self) -> None:
        assert sitemap(urlset(entry("a")) + urlset(entry("b"))).urls == [f"{ROOT}a", f"{ROOT}b"]
        assert sitemap(urlset(entry("a")).replace("</url></urlset>", "") + urlset(entry("b"))).urls[:1] == [f"{ROOT}a"]

    def test_a_reader_that_is_told_to_stop_says_what_is_missing(self) -> None:
        text = urlset(*(entry(f"{n}") for n in range(5_000)))
        calls = iter([False, True])
        task = Discovery(portal(Sitemap("/map.xml")), MARCH_FIFTH, NOW, must_stop=lambda: next(calls, True))
        (request,) = discovery.begin(task).requests
        listing = discovery.read(answer(request, text), task)
        assert 0 < len(listing.links) < 5_000
        assert "stopped before its end" in listing.losses[0]

    def test_a_body_that_lacks_its_end_is_told(self) -> None:
        task = Discovery(portal(Sitemap("/map.xml")), MARCH_FIFTH, NOW)
        (request,) = discovery.begin(task).requests
        response = SourceResponse(
            request, NOW, 200, request.url, (), urlset(entry("a")).encode(), cut="larger than 64 MB"
        )
        listing = discovery.read(response, task)
        assert [link.url for link in listing.links] == [f"{ROOT}a"]
        assert "larger than 64 MB: what stands behind is missing" in listing.losses[0]


RSS = "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/'>"
RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
    "xmlns:dc='http://purl.org/dc/elements/1.1/'>"
)
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'>"
STORY = "2024-03-05T10:00:00Z"
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [{"id": "1", "url": f"{ROOT}a", "title": "خبر", "date_published": "2024-03-05T12:00:00+02:00"}],
}


def item(inside: str, *, of: str = RSS) -> str:
    return f"{of}<channel><item>{inside}</item></channel></{of[1:].split(maxsplit=1)[0].strip('>')}>"


class TestFeeds:
    @pytest.mark.parametrize(
        "text",
        [
            item(f"<title>خبر</title><link>{ROOT}a</link><pubDate>Tue, 05 Mar 2024 12:00:00 EET</pubDate>"),
            item(f"<media:title>صورة</media:title><title>خبر</title><link>/a</link><dc:date>{STORY}</dc:date>"),
            item(
                f"<title>خبر</title><link>{ROOT}a</link><pubDate>2024-03-05 12:00 م</pubDate>",
                of="<rss version='0.91'>",
            ),
            item(f"<title><![CDATA[خبر]]></title><guid>{ROOT}a</guid><dc:date>{STORY}</dc:date>", of="<rss>"),
            f"{RDF}<channel rdf:about='{ROOT}'><title>موقع</title></channel><item rdf:about='{ROOT}x'>"
            f"<title>خبر</title><link>{ROOT}a</link><dc:date>2024-03-05T10:00:00+00:00</dc:date></item></rdf:RDF>",
            f"{ATOM}<title>موقع</title><entry><title type='html'>خبر</title><link rel='self' href='/feed'/>"
            f"<link href='{ROOT}a'/><published>{STORY}</published></entry></feed>",
            f"<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>خبر</title>"
            f"<link rel='alternate' href='{ROOT}a'/><issued>{STORY}</issued></entry></feed>",
            f"<atom:feed xmlns:atom='http://www.w3.org/2005/Atom' xml:base='{ROOT}'><atom:entry><atom:title>خبر"
            "</atom:title><atom:link href='a'/><atom:published>2024-03-05t10:00:00z</atom:published></atom:entry>"
            "</atom:feed>",
            json.dumps(JSON_FEED),
            f"{ATOM}<entry><title>خبر</title><link rel='http://www.iana.org/assignments/relation/alternate'"
            f" href='{ROOT}a'/><published>{STORY}</published></entry></feed>",
            item(f"<title>خبر<link>{ROOT}a</link><pubDate>Tue, 05 Mar 2024 13:00:00 +03</pubdate><guid>1</guid>"),
            item(f"<title>خبر</titel><link>{ROOT}a</link><pubDate>قريبا</pubDate><dc:date>{STORY}</dc:date>"),
            json.dumps({"version": "1", "items": [{**JSON_FEED["items"][0], "id": f"{ROOT}a", "url": None}]}),
        ],
        ids=[
            *["rss 2.0", "dublin core", "rss 0.91", "no prefix declared", "rdf", "atom", "atom 0.3", "base", "json"],
            *["relation in full", "an end missing", "an end misspelt", "address as id"],
        ],
    )
    def test_every_dialect_gives_address_title_and_instant(self, text: str) -> None:
        (link,) = of(Feed("/feed"), text).links
        assert (link.url, link.title, link.listed_at) == (f"{ROOT}a", "خبر", datetime(2024, 3, 5, 10, tzinfo=UTC))

    def test_a_guid_that_is_no_address_is_none(self) -> None:
        text = item(f"<guid isPermaLink='false'>12345</guid></item><item><link>{ROOT}b</link>")
        assert of(Feed("/feed"), text).urls == [f"{ROOT}b"]

    def test_a_large_feed_is_read_to_its_bound_and_the_rest_is_told(self) -> None:
        items = "".join(f"<item><link>{ROOT}{n}</link></item>" for n in range(MAX_LINKS_PER_RESPONSE + 3))
        found = of(Feed("/feed"), f"{RSS}<channel>{items}</channel></rss>")
        assert len(found.urls) == MAX_LINKS_PER_RESPONSE
        assert "3 are left out" in found.losses[0]

    def test_what_a_feed_dates_elsewhere_takes_no_room(self) -> None:
        old = f"<item><link>{ROOT}{{}}</link><pubDate>2020-01-01T10:00:00Z</pubDate></item>"
        items = "".join(map(old.format, range(MAX_LINKS_PER_RESPONSE + 3)))
        text = f"{RSS}<channel>{items}<item><link>{ROOT}new</link></item></channel></rss>"
        found = of(Feed("/feed"), text)
        assert f"{ROOT}new" in found.urls
        assert found.losses == []
        assert found.left_out > 40_000

    def test_a_json_feed_that_is_cut_off_gives_what_stands_before(self) -> None:
        whole = json.dumps({"version": "1", "items": [{"url": f"{ROOT}{n}"} for n in range(9)]})
        found = of(Feed("/feed"), whole[:-20])
        assert found.urls == [f"{ROOT}{n}" for n in range(8)]
        assert "ends in the middle" in found.losses[0]

    def test_a_feed_that_is_cut_off_is_told(self) -> None:
        found = of(Feed("/feed"), f"{RSS}<channel><item><link>{ROOT}a</link></item><item><title>خب")
        assert found.urls == [f"{ROOT}a"]
        assert "ends in the middle" in found.losses[0]


def posts(numbers: range, **more: object) -> list[dict[str, object]]:
    first = datetime(2024, 3, 5, 6, tzinfo=UTC)
    return [
        {"link": f"{ROOT}{n}/", "date_gmt": f"{first + timedelta(seconds=30 * n):%Y-%m-%dT%H:%M:%S}", **more}
        for n in numbers
    ]


def blog(url: str, *, count: int, page_size: int = 100, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    query = parse_qs(urlsplit(url).query)
    page = int(query["page"][0])
    rows = posts(range((page - 1) * page_size, min(count, page * page_size)))
    if not rows and page > 1:
        return 400, json.dumps({"code": "rest_post_invalid_page_number", "data": {"status": 400}}).encode(), ()
    return 200, json.dumps(rows).encode(), headers


class TestWordPress:
    @pytest.mark.parametrize(
        ("before", "behind"),
        [
            ("<br />\n<b>Warning</b>:  Undefined array key [0] in <b>/srv/x.php</b> on line <b>7</b><br />\n", ""),
            ("\ufeff\ufeff\n", ""),
            ("", "\n<!-- Cached page, 0.3 s -->"),
            ('Deprecated: use ["posts"] instead of {x} in y\n', "<!-- z -->"),
        ],
    )
    def test_noise_around_the_posts_is_told_and_costs_nothing(self, before: str, behind: str) -> None:
        body = f"{before}{json.dumps(posts(range(3)))}{behind}"
        content: Answer = (200, body.encode(), (("Content-Type", "text/html"), ("X-WP-TotalPages", "1")))
        found = walk(portal(WordPress()), lambda url: content, MARCH_FIFTH)
        assert found.urls == [f"{ROOT}{n}/" for n in range(3)]
        assert any("around the posts" in line for line in found.problems) is bool(before.strip("\ufeff\n") or behind)
        assert found.losses == []

    def test_posts_are_read_in_whatever_number_and_list_they_come(self) -> None:
        found = walk(portal(WordPress()), lambda url: blog(url, count=700, page_size=250), MARCH_FIFTH)
        assert len(set(found.urls)) == 700
        rows = posts(range(3))
        as_object = json.dumps({"0": rows[0], "2": rows[1], "5": {"id": 5}, "6": rows[2]})
        found = walk(portal(WordPress()), lambda url: as_object if "page=1" in url else "[]", MARCH_FIFTH)
        assert found.urls == [f"{ROOT}{n}/" for n in range(3)]
        assert "1 posts of 4 without an address" in found.problems[0]

    @pytest.mark.parametrize(
        ("damage", "count", "told"),
        [
            (lambda text: text[:-30], 2, "ends in the middle"),
            (lambda text: text[:-1] + ",]", 3, None),
            (lambda text: text.replace('"date', '"title": {"rendered": "سطر\n\tثان"}, "date'), 3, None),
            (lambda text: f'Notice: {{"file": "x.php"}} is late in [1]\n{text}', 3, "around the posts"),
        ],
        ids=["cut off", "a comma too many", "control characters", "a notice that quotes JSON"],
    )
    def test_posts_are_read_as_far_as_they_are_sound(
        self, damage: Callable[[str], str], count: int, told: str | None
    ) -> None:
        body = damage(json.dumps(posts(range(3))))
        found = walk(portal(WordPress()), lambda url: body if "page=1" in url else "[]", MARCH_FIFTH)
        assert found.urls == [f"{ROOT}{n}/" for n in range(count)]
        assert any(told in line for line in found.problems) if told else found.problems == []
        assert bool(found.losses) is (count < 3)

    def test_an_error_object_with_status_200_is_an_error(self) -> None:
        def site(url: str) -> Answer:
            if "rest_route" in url:
                return blog(url, count=5)
            return json.dumps({"code": "rest_no_route", "message": "x", "data": {"status": 404}})

        assert len(walk(portal(WordPress()), site, MARCH_FIFTH).urls) == 5
        refused = json.dumps({"code": "rest_forbidden", "data": {"status": 401}})
        found = walk(portal(WordPress()), lambda url: refused, MARCH_FIFTH)
        assert "rest_forbidden" in found.problems[0]

    @pytest.mark.parametrize(
        ("page_size", "headers"),
        [
            (100, (("X-WP-TotalPages", "1"), ("X-WP-Total", "100"))),
            (10, (("X-WP-TotalPages", "1"), ("X-WP-Total", "250"))),
            (10, ()),
            (100, (("X-WP-TotalPages", "900"),)),
        ],
        ids=["too low", "capped", "nothing said", "too high"],
    )
    def test_totals_that_lie_lose_nothing(self, page_size: int, headers: tuple[tuple[str, str], ...]) -> None:
        def site(url: str) -> Answer:
            return blog(url, count=250, page_size=page_size, headers=headers)

        found = walk(portal(WordPress()), site, MARCH_FIFTH)
        assert len(found.urls) == 250
        assert found.losses == []

    def test_pages_that_repeat_end_the_walk_and_are_told(self) -> None:
        headers = (("X-WP-TotalPages", "3"), ("X-WP-Total", "280"))

        def site(url: str) -> Answer:
            return 200, json.dumps(posts(range(100))).encode(), headers

        found = walk(portal(WordPress()), site, MARCH_FIFTH)
        assert (len(found.urls), len(found.asked)) == (100, 2)
        assert "page 2 repeats the page before it behind 100 posts of 280" in found.losses[0]

    def test_a_page_that_fails_in_the_middle_is_a_loss(self) -> None:
        def site(url: str) -> Answer:
            page = parse_qs(urlsplit(url).query)["page"][0]
            return blog(url, count=250, headers=(("X-WP-Total", "250"),)) if page == "1" else 500

        found = walk(portal(WordPress()), site, MARCH_FIFTH)
        assert len(found.urls) == 100
        assert "status 500" in found.losses[0]

    def test_the_sites_own_time_counts_where_utc_is_missing(self) -> None:
        rows = [{"link": f"{ROOT}1/", "date_gmt": "0000-00-00T00:00:00", "date": "2024-03-05T12:00:00"}]
        rows += [{"link": f"{ROOT}2/", "date_gmt": "2024-03-05T00:00:00"}]
        links = walk(portal(WordPress()), lambda url: json.dumps(rows), MARCH_FIFTH).links
        assert [link.listed_at for link in links] == [
            datetime(2024, 3, 5, 10, tzinfo=UTC),
            datetime(2024, 3, 5, tzinfo=UTC),
        ]


class TestPages:
    def test_all_links_of_a_page_are_taken(self) -> None:
        count = MAX_LINKS_PER_RESPONSE + 10
        text = "".join(f"<a href='/news/{n}'>عنوان طويل لخبر من أخبار المدينة</a>" for n in range(count))
        assert len(of(Section("/"), text).urls) == count

    @pytest.mark.parametrize(
        ("declared", "encoding"),
        [
            ("utf-8", "cp1256"),
            ("iso-8859-1", "utf-8"),
            ("utf-7", "utf-8"),
            ("idna", "utf-8"),
            ("utf-16", "utf-8"),
            ("", "utf-16"),
            ("", "utf-16-be"),
        ],
    )
    def test_a_page_of_links_is_read_in_the_encoding_it_has(self, declared: str, encoding: str) -> None:
        links = "".join(f"<a href='/news/{n}'>عنوان طويل لخبر من أخبار المدينة</a>" for n in range(5))
        found = of(Section("/"), f"<html><meta charset='{declared}'>{links}".encode(encoding))
        assert found.urls == [f"{ROOT}news/{n}" for n in range(5)]
        assert found.links[0].title == "عنوان طويل لخبر من أخبار المدينة"

    def test_what_stands_beyond_the_bound_of_a_page_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(documents, "MAX_PAGE_BYTES", 2_000)
        text = "".join(f"<a href='/news/{n}'>عنوان طويل لخبر من أخبار المدينة</a>" for n in range(100))
        found = of(Section("/"), text)
        assert 2 < len(found.urls) < 100
        assert "larger than 2000 bytes" in found.losses[0]

    def test_a_further_page_that_fails_is_a_loss(self) -> None:
        text = "".join(f"<a href='/news/{n}'>عنوان طويل لخبر من أخبار المدينة</a>" for n in range(9))
        site = {f"{ROOT}": text, f"{ROOT}p/2": 503}
        found = walk(portal(Section("/", page_url="/p/{page}", max_pages=3)), site, TODAY)
        assert len(found.urls) == 9
        assert "status 503" in found.losses[0]

"""One crawl in a process of its own, so that CPU time and peak memory are its alone; prints one JSON line."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import resource
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

CONCURRENCY = 8  # of the demo portal's definition
BEAT_SECONDS = 0.05  # as in our own crawl's heartbeat
KINDS = ("warraq", "scrapy", "scrapy+warcio", "news-please")
# What news-please's own configuration must say to crawl a whole portal at a loopback address: the default heuristics
# keep only pages with og:type, and its list of allowed domains holds a port, which Scrapy takes for another site.
_NEWS_PLEASE = {
    r"^working_path = .*": "working_path = {folder}/",
    r"^enabled_heuristics = .*": 'enabled_heuristics = {"crawler_contains_only_article_alikes": True}',
    r"^pass_heuristics_condition = .*": 'pass_heuristics_condition = "crawler_contains_only_article_alikes"',
    r"^LOG_LEVEL = .*": "LOG_LEVEL = ERROR",
    r"^CONCURRENT_REQUESTS_PER_DOMAIN=.*": f"CONCURRENT_REQUESTS_PER_DOMAIN={CONCURRENCY}",
    r"^\[Scrapy\]": (
        "[Scrapy]\nDOWNLOADER_MIDDLEWARES = {'scrapy.downloadermiddlewares.offsite.OffsiteMiddleware': None}\n"
        "TELNETCONSOLE_ENABLED = False\nREMOTE_CONTROL_ENABLED = False"
    ),
}


@dataclass(frozen=True)
class Measured:
    """What a crawl cost. CPU is user and system time of all threads, from after the imports to the end."""

    pages: int
    cpu_seconds: float
    wall_seconds: float
    peak_rss_megabytes: float
    lag_p99_seconds: float | None
    warc_megabytes: float


@dataclass
class _Tally:
    pages: int = 0
    lag_p99_seconds: float | None = None


def _warraq(url: str, day: str, folder: Path) -> _Tally:
    from spiders.crawl.run import crawl
    from spiders.links.options import CrawlProgress
    from spiders.portals.demo import PORTAL
    from storage.model.window import Window
    from storage.settings import read_settings

    tally = _Tally()

    def keep(progress: CrawlProgress) -> None:
        tally.lag_p99_seconds = progress.lag_p99_seconds

    settings = read_settings({"WARRAQ_ARCHIVE": str(folder), "WARRAQ_CACHE": str(folder / "cache")})
    # A day of Cairo begins on the evening before in UTC.
    noon = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    window = Window(noon - timedelta(hours=36), noon + timedelta(hours=12))
    portal = replace(PORTAL.at(url), politeness=replace(PORTAL.politeness, concurrency=CONCURRENCY))
    report = crawl(portal, window, settings, progress=keep)
    tally.pages = report.outcomes.get("captured", 0)
    return tally


def _scrapy(url: str, day: str, warc: Path | None) -> _Tally:
    """The sitemap of the day, then every page it lists; the callback counts, and writes a WARC if there is a path."""
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.http import Response

    from spiders.crawl.progress import percentile

    tally = _Tally()
    keep = _WarcioFile(warc) if warc else None
    lags: list[float] = []

    async def beat() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(BEAT_SECONDS)
            lags.append(time.monotonic() - before - BEAT_SECONDS)

    class Bare(Spider):
        name = "bare"

        async def start(self) -> AsyncIterator[Any]:
            self.beating = asyncio.get_running_loop().create_task(beat())
            yield Request(f"{url}sitemaps/{day}.xml", callback=self.parse_sitemap)

        def parse_sitemap(self, response: Response) -> Any:
            for address in re.findall(r"<loc>([^<]+)</loc>", response.text):
                yield Request(address, callback=self.parse_page)

        def parse_page(self, response: Response) -> None:
            tally.pages += 1
            if keep:
                keep.write(response)

        def closed(self, reason: str) -> None:
            self.beating.cancel()

    process = AsyncCrawlerProcess(
        {
            "LOG_LEVEL": "WARNING",
            "CONCURRENT_REQUESTS": CONCURRENCY,
            "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
            "DOWNLOAD_DELAY": 0,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
        }
    )
    process.crawl(Bare)
    process.start()
    if keep:
        keep.close()
    tally.lag_p99_seconds = percentile(lags, 0.99)
    return tally


def _news_please(url: str, folder: Path) -> _Tally:
    """news-please's own crawler over the sitemaps that robots.txt names; it extracts each page in its pipeline."""
    import newsplease
    from newsplease.single_crawler import SingleCrawler

    text = (Path(newsplease.__file__).parent / "config" / "config.cfg").read_text(encoding="utf-8")
    for pattern, wanted in _NEWS_PLEASE.items():
        text = re.sub(pattern, lambda _, wanted=wanted: wanted.replace("{folder}", str(folder)), text, flags=re.M)
    config, sites = folder / "config.cfg", folder / "sitelist.hjson"
    config.write_text(text, encoding="utf-8")
    sites.write_text(json.dumps({"base_urls": [{"url": url, "crawler": "SitemapCrawler"}]}), encoding="utf-8")
    SingleCrawler(str(config), str(sites), 0, False, False)
    return _Tally(pages=sum(1 for _ in folder.rglob("*.html.json")))


class _WarcioFile:
    """Request and response records, written where the response is: in the callback."""

    def __init__(self, path: Path) -> None:
        from warcio.warcwriter import WARCWriter

        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=True)

    def write(self, response: Any) -> None:
        import io

        from warcio.statusandheaders import StatusAndHeaders

        def headers_of(message: Any) -> list[tuple[str, str]]:
            return [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, values in message.headers.items()
                for value in values
            ]

        status = StatusAndHeaders(f"{response.status} OK", headers_of(response), protocol="HTTP/1.1")
        answer = self._writer.create_warc_record(
            response.url, "response", payload=io.BytesIO(response.body), http_headers=status
        )
        asked = StatusAndHeaders("GET / HTTP/1.1", headers_of(response.request), is_http_request=True)
        question = self._writer.create_warc_record(response.url, "request", http_headers=asked)
        self._writer.write_request_response_pair(question, answer)

    def close(self) -> None:
        self._file.close()


def run(kind: str, *, url: str, day: str, folder: Path) -> Measured:
    """Crawl and measure. Imports are made before the clock starts."""
    import scrapy.crawler  # noqa: F401 -- not to be counted

    import spiders.crawl.run  # noqa: F401 -- as above

    if kind == "news-please":
        import newsplease.single_crawler  # noqa: F401 -- as above
    started, cpu = time.monotonic(), _cpu_seconds()
    if kind == "warraq":
        tally = _warraq(url, day, folder)
    elif kind == "news-please":
        tally = _news_please(url, folder)
    else:
        tally = _scrapy(url, day, folder / "inline.warc.gz" if kind == "scrapy+warcio" else None)
    return Measured(
        pages=tally.pages,
        cpu_seconds=_cpu_seconds() - cpu,
        wall_seconds=time.monotonic() - started,
        peak_rss_megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        lag_p99_seconds=tally.lag_p99_seconds,
        warc_megabytes=sum(path.stat().st_size for path in folder.rglob("*.warc.gz")) / 1e6,
    )


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--url", required=True)
    parser.add_argument("--day", required=True, help="the day of the demo portal that holds all articles")
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    json.dump(asdict(run(asked.kind, url=asked.url, day=asked.day, folder=asked.folder)), sys.stdout)

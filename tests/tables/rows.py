"""Records written for the tests: distinct, deterministic, in Arabic."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from storage.model.records import ArticleText, Edition, Fetch, LinkRecord, RemovedBlock, Run, WarcPlace
from storage.model.window import RunId, Window
from storage.schema.arrow_and_iceberg import conform
from storage.schema.columns import TABLE_BY_NAME
from storage.schema.parquet import FileFacts, write_batches_checked

WORDS = [
    "المدينة",
    "السوق",
    "النهر",
    "الجسر",
    "المدرسة",
    "القطار",
    "الميناء",
    "الحقل",
    "المكتبة",
    "المصنع",
    "الشارع",
    "القرية",
    "الجامعة",
    "المسرح",
    "الملعب",
]


def run_id(portal: str = "almasaa", day: int = 25, *, hours: int = 24, month: int = 12) -> RunId:
    start = datetime(2024, month, day, tzinfo=UTC)
    return RunId(portal, Window(start, start + timedelta(hours=hours)))


def digest(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def sentence(seed: str, length: int = 9) -> str:
    picks = bytes.fromhex(digest(seed))
    return " ".join(WORDS[pick % len(WORDS)] for pick in picks[:length]) + f" {seed}."


def edition(
    run: RunId, number: int, *, text: str = "", captured_minutes: int | None = None, paragraphs: int = 3
) -> Edition:
    minutes = number if captured_minutes is None else captured_minutes
    published = run.window.start + timedelta(minutes=number)
    article = digest(run.portal, number, run.window.start.date())[:32]
    body = "\n".join(sentence(f"{run.portal} {number} {text} {n}") for n in range(paragraphs))
    return Edition(
        article_id=article,
        edition_id=digest(article, body)[:32],
        url=f"https://{run.portal}.example/{run.window.start:%Y/%m/%d}/{number}",
        portal=run.portal,
        country="EG",
        text=ArticleText(
            title=sentence(f"{number} {text}", 5),
            body=body,
            tags=("اقتصاد", "نقل"),
            authors=("سلمى حداد",),
            language="ar",
            word_count=len(body.split()),
            published_at=published,
            published_precision="minute",
            published_source="json_ld",
            published_confidence=0.9,
            published_raw="٢٥ ديسمبر ٢٠٢٤",
            removed_blocks=(RemovedBlock("related", "أخبار متعلقة"),),
            quality=0.8,
            flags=("short",),
            text_simhash=-(number + 1),
        ),
        captured_at=run.window.start + timedelta(minutes=minutes, seconds=30),
        run_id=str(run),
        window_start=run.window.start,
        window_end=run.window.end,
        place=WarcPlace(f"raw/{run.portal}.warc.gz", number * 100, 100, digest("payload", run, number, text)),
        extractor_version="1",
    )


def fetch(edition_: Edition, *, outcome: str = "new") -> Fetch:
    return Fetch(
        link=LinkRecord(
            url=edition_.url,
            link_id=digest(edition_.url)[:32],
            source="feed",
            source_url="https://example/feed",
            outcome="captured",
            http_status=200,
            captured_at=edition_.captured_at,
            bytes_received=1000,
            etag=f'"{edition_.edition_id[:8]}"',
            place=edition_.place,
        ),
        portal=edition_.portal,
        run_id=edition_.run_id,
        window_start=edition_.window_start,
        window_end=edition_.window_end,
        outcome=outcome,
        article_id=edition_.article_id,
        edition_id=edition_.edition_id,
    )


def lost_fetch(run: RunId, number: int, *, outcome: str = "http_4xx") -> Fetch:
    url = f"https://{run.portal}.example/lost/{number}"
    return Fetch(
        link=LinkRecord(url=url, link_id=digest(url)[:32], source="sitemap", source_url=None, outcome=outcome),
        portal=run.portal,
        run_id=str(run),
        window_start=run.window.start,
        window_end=run.window.end,
        outcome=outcome,
    )


def run_row(run: RunId, fetches: list[Fetch], *, verdict: str = "ok") -> Run:
    outcomes: dict[str, int] = {}
    for row in fetches:
        outcomes[row.outcome] = outcomes.get(row.outcome, 0) + 1
    return Run(
        run_id=str(run),
        portal=run.portal,
        window_start=run.window.start,
        window_end=run.window.end,
        verdict=verdict,
        findings=("سطر واحد",),
        links=len(fetches),
        outcomes=outcomes,
        articles_new=outcomes.get("new", 0),
        editions=outcomes.get("edition", 0),
        rejected=0,
        baseline_articles=None,
        rounds=1,
        attempts=1,
        requests=len(fetches),
        bytes_received=1000 * len(fetches),
        crawl_seconds=1.5,
        started_at=run.window.end,
        finished_at=run.window.end + timedelta(minutes=5),
        extractor_version="1",
        code_version="0.1.0",
    )


def records(run: RunId, articles: int, *, lost: int = 1, text: str = "") -> tuple[list[Edition], list[Fetch], Run]:
    editions = [edition(run, number, text=text) for number in range(articles)]
    fetches = [fetch(row) for row in editions] + [lost_fetch(run, number) for number in range(lost)]
    return editions, fetches, run_row(run, fetches)


@dataclass(frozen=True)
class TableRows:
    """Rows of the three tables as they are, to be put in the place of a run's: damaged ones, or those of another."""

    tables: Mapping[str, pa.Table]

    def count(self, table: str) -> int:
        return int(self.tables[table].num_rows)

    def write(self, table: str, path: Path) -> FileFacts:
        spec = TABLE_BY_NAME[table]
        return write_batches_checked(spec, [conform(spec, self.tables[table])], path)

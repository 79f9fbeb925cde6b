"""Synthetic rows for the archive's benchmarks: distinct Arabic texts of news length, the same for the same seed."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from storage.columns import ARTICLES
from storage.records import ArticleText, Edition, Fetch, LinkRecord, RemovedBlock, Run, WarcPlace
from storage.schema import arrow_schema, table_of
from storage.window import RunId

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويةى"
VOCABULARY = 30_000
SENTENCES = 20_000
WORDS_IN_A_SENTENCE = 14
SENTENCES_IN_A_BODY = (8, 24)


class Texts:
    """Sentences whose words are as frequent as those of a language (Zipf), so that they compress like one."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        words = ["".join(self.chance.choices(LETTERS, k=self.chance.randint(2, 8))) for _ in range(VOCABULARY)]
        weights = [1 / (rank + 2) for rank in range(VOCABULARY)]
        picks = self.chance.choices(words, weights, k=SENTENCES * WORDS_IN_A_SENTENCE)
        self.sentences = [
            " ".join(picks[start : start + WORDS_IN_A_SENTENCE]) + "."
            for start in range(0, len(picks), WORDS_IN_A_SENTENCE)
        ]

    def body(self) -> str:
        """Paragraphs, never the same twice: the last one is numbered by chance."""
        count = self.chance.randint(*SENTENCES_IN_A_BODY)
        return "\n".join([*self.chance.choices(self.sentences, k=count), f"{self.chance.getrandbits(64):x}"])

    def hex(self, digits: int) -> str:
        return f"{self.chance.getrandbits(digits * 4):0{digits}x}"


def editions_of(run: RunId, count: int, texts: Texts) -> list[Edition]:
    """Articles of one window, spread over its time."""
    seconds = (run.window.end - run.window.start).total_seconds()
    times = sorted(run.window.start + timedelta(seconds=int(texts.chance.random() * seconds)) for _ in range(count))
    return [_edition(run, number, at, texts) for number, at in enumerate(times)]


def _edition(run: RunId, number: int, at: datetime, texts: Texts) -> Edition:
    body = texts.body()
    return Edition(
        article_id=texts.hex(32),
        edition_id=texts.hex(32),
        url=f"https://{run.portal}.example/{at:%Y/%m/%d}/{texts.hex(8)}",
        portal=run.portal,
        country="EG",
        text=ArticleText(
            title=texts.chance.choice(texts.sentences)[:70],
            body=body,
            description=texts.chance.choice(texts.sentences),
            section="اقتصاد",
            tags=("اقتصاد", "نقل"),
            authors=("سلمى حداد",),
            language="ar",
            canonical_url=f"https://{run.portal}.example/{texts.hex(8)}",
            word_count=body.count(" ") + 1,
            published_at=at,
            published_precision="minute",
            published_source="json_ld",
            published_confidence=0.9,
            published_raw=at.isoformat(),
            removed_blocks=(RemovedBlock("related", texts.chance.choice(texts.sentences)),),
            quality=0.9,
            text_simhash=texts.chance.getrandbits(63),
        ),
        captured_at=at + timedelta(minutes=20),
        run_id=str(run),
        window_start=run.window.start,
        window_end=run.window.end,
        place=WarcPlace(
            f"raw/portal={run.portal}/{run.window}/r01-a01-00000.warc.gz", number * 9000, 9000, texts.hex(64)
        ),
        extractor_version="1",
    )


def fetches_of(editions: list[Edition]) -> list[Fetch]:
    """A link for each article."""
    return [
        Fetch(
            link=LinkRecord(
                url=row.url,
                link_id=row.article_id,
                source="sitemap",
                source_url="https://example/sitemap.xml",
                outcome="captured",
                http_status=200,
                content_type="text/html; charset=utf-8",
                bytes_received=30_000,
                fetch_seconds=0.3,
                captured_at=row.captured_at,
                etag=f'"{row.edition_id[:16]}"',
                place=row.place,
            ),
            portal=row.portal,
            run_id=row.run_id,
            window_start=row.window_start,
            window_end=row.window_end,
            outcome="new",
            article_id=row.article_id,
            edition_id=row.edition_id,
        )
        for row in editions
    ]


def run_of(run: RunId, count: int) -> Run:
    """The run's own row."""
    return Run(
        run_id=str(run),
        portal=run.portal,
        window_start=run.window.start,
        window_end=run.window.end,
        verdict="ok",
        findings=(),
        links=count,
        outcomes={"new": count},
        articles_new=count,
        editions=0,
        rejected=0,
        baseline_articles=None,
        rounds=1,
        attempts=1,
        requests=count,
        bytes_received=count * 30_000,
        crawl_seconds=60.0,
        started_at=run.window.end,
        finished_at=run.window.end,
        extractor_version="1",
        code_version="bench",
    )


def many_rows(run: RunId, count: int, texts: Texts) -> pa.Table:
    """Rows of `news.articles` for a long window, built column by column: a million must not take all day."""
    start = int(run.window.start.timestamp())
    seconds = int((run.window.end - run.window.start).total_seconds())
    times = sorted(start + texts.chance.randrange(seconds) for _ in range(count))
    at = [datetime.fromtimestamp(second, UTC) for second in times]
    bodies = [texts.body() for _ in range(count)]
    varied: dict[str, list[object]] = {
        "article_id": [texts.hex(32) for _ in at],
        "edition_id": [texts.hex(32) for _ in at],
        "url": [f"https://{run.portal}.example/{texts.hex(8)}" for _ in at],
        "title": [texts.chance.choice(texts.sentences)[:70] for _ in at],
        "body": list(bodies),
        "word_count": [body.count(" ") + 1 for body in bodies],
        "published_at": list(at),
        "captured_at": [moment + timedelta(minutes=20) for moment in at],
        "text_simhash": [texts.chance.getrandbits(63) for _ in at],
        "warc_offset": [number * 9000 for number in range(count)],
        "payload_sha256": [texts.hex(64) for _ in at],
    }
    (model,) = (row for row in editions_of(run, 1, texts))
    constant = table_of(ARTICLES, [model]).to_pylist()[0]
    columns = []
    for field in arrow_schema(ARTICLES):
        if field.name in varied:
            columns.append(pa.array(varied[field.name], field.type))
        else:
            columns.append(pa.array([constant[field.name]] * count, field.type))
    return pa.Table.from_arrays(columns, schema=arrow_schema(ARTICLES))

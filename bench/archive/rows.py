"""Synthetic rows for the archive's benchmarks: distinct Arabic texts of news length, the same for the same seed."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from storage.model.outcomes import Outcome
from storage.model.records import ArticleText, Edition, Fetch, LinkRecord, RemovedBlock, Run, WarcPlace
from storage.model.window import RunId
from storage.schema.arrow_and_iceberg import arrow_schema, table_of
from storage.schema.columns import ARTICLES
from storage.search.word_forms import forms

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
STEMS = 3_000
FORMS_OF_A_STEM = 10
SENTENCES = 20_000
WORDS_IN_A_SENTENCE = 14
SENTENCES_IN_A_BODY = (8, 24)


class Texts:
    """Sentences whose words and forms are as frequent as those of a language (Zipf), so that they compress like one.

    `stems` are the words without their forms, the most frequent first.
    """

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.stems = ["".join(self.chance.choices(LETTERS, k=self.chance.randint(3, 7))) for _ in range(STEMS)]
        words, weights = list[str](), list[float]()
        for rank, stem in enumerate(self.stems):
            itself, *others = forms(stem)
            some = [itself, *self.chance.sample(others, k=min(len(others), FORMS_OF_A_STEM - 1))]
            words += some
            weights += [1 / (rank + 2) / (place + 1) for place in range(len(some))]
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
                outcome=Outcome.CAPTURED,
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
    chance = np.random.default_rng(texts.chance.getrandbits(64))
    seconds = int((run.window.end - run.window.start).total_seconds())
    at = np.sort(chance.integers(0, seconds, count)) + int(run.window.start.timestamp())
    sentences = pa.array(texts.sentences)
    bodies = _bodies(chance, count, sentences)
    titles = pc.utf8_slice_codeunits(sentences.take(pa.array(chance.integers(0, len(sentences), count))), 0, 70)
    address = pc.binary_join_element_wise(f"https://{run.portal}.example/", _hex(chance, count, 8), "")
    varied = {
        "article_id": _hex(chance, count, 32),
        "edition_id": _hex(chance, count, 32),
        "url": address,
        "title": titles,
        "body": bodies,
        "word_count": pc.add(pc.count_substring(bodies, " "), 1),
        "published_at": pa.array(at * 1_000_000),
        "captured_at": pa.array((at + 1200) * 1_000_000),
        "text_simhash": pa.array(chance.integers(0, 1 << 62, count)),
        "warc_offset": pa.array(np.arange(count) * 9000),
        "payload_sha256": _hex(chance, count, 64),
    }
    (model,) = editions_of(run, 1, texts)
    constant = table_of(ARTICLES, [model])
    columns = []
    for field in arrow_schema(ARTICLES):
        if field.name in varied:
            columns.append(varied[field.name].cast(field.type))
        else:
            columns.append(constant[field.name].take(pa.array(np.zeros(count, np.int64))).combine_chunks())
    return pa.Table.from_arrays(columns, schema=arrow_schema(ARTICLES))


def _bodies(chance: np.random.Generator, count: int, sentences: pa.Array) -> pa.Array:
    """Paragraphs, never the same twice: the last one is a number by chance."""
    least, most = SENTENCES_IN_A_BODY
    lengths = chance.integers(least, most + 1, count)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
    picks = sentences.take(pa.array(chance.integers(0, len(sentences), int(lengths.sum()))))
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, picks), "\n")
    return pc.binary_join_element_wise(joined, _hex(chance, count, 16), "\n")


def _hex(chance: np.random.Generator, count: int, digits: int) -> pa.Array:
    """So many hexadecimal numbers."""
    text = chance.bytes(count * digits // 2).hex()
    return pa.array([text[start : start + digits] for start in range(0, len(text), digits)], pa.string())

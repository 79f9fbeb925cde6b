"""The pages of outcomes and flags, from their closed lists."""

from __future__ import annotations

from spiders.http.retry_policy import (
    FIRST_WAIT_SECONDS,
    MAX_WAIT_WITHIN_RUN_SECONDS,
    RULES,
    TRIES,
    UNREACHABLE_AFTER,
    UNSTATED_WAIT_SECONDS,
)
from storage.errors import ExitCode
from storage.model.meanings import DATE_SOURCES, FLAGS, OUTCOMES, PRECISIONS, REJECTIONS, VERDICTS, Meaning, word_table
from storage.model.outcomes import Outcome

EXIT_CODES = {
    ExitCode.DONE: Meaning("done", "تم"),
    ExitCode.USAGE: Meaning("the request is wrong: correct it", "الطلب خاطئ: صححه"),
    ExitCode.DEGRADED: Meaning("done, and somebody should look", "تم، وينبغي أن ينظر أحد"),
    ExitCode.RETRY_LATER: Meaning("not now: try again later", "ليس الآن: أعد المحاولة لاحقًا"),
    ExitCode.FAILED: Meaning("failed for good: a person has to look", "فشل نهائي: يلزم إنسان"),
}
_GENERATED = "<!-- Generated: `make docs`. -->"


def outcomes() -> str:
    """How a link, a page, a run and a command can end."""
    return "\n".join(
        [
            "# Outcomes · النهايات",
            "",
            _GENERATED,
            "",
            "## A link · الرابط",
            "",
            "Every link of a run ends in exactly one: `fetches.outcome`, and counted in `runs.outcomes`.",
            "`captured` is in no table: extraction turns it into `new`, `edition`, `unchanged` or `rejected`.",
            "",
            *_links(),
            "",
            "## A page that is no article · صفحة ليست مقالًا",
            "",
            "The reason stands behind the colon: `rejected:listing`.",
            "",
            *word_table("reason", REJECTIONS),
            "",
            "## A run · التشغيل",
            "",
            "What the audit says: `runs.verdict`.",
            "",
            *word_table("verdict", VERDICTS),
            "",
            "## A command · الأمر",
            "",
            "Airflow retries 4, fails at once on 2 and 5, and shows the task `passed_audit` skipped on 3.",
            "",
            *word_table("exit code", {str(int(code)): meaning for code, meaning in EXIT_CODES.items()}),
            "",
        ]
    )


def _links() -> list[str]:
    """What each outcome means, and what follows from it."""
    waits = ", ".join(f"{FIRST_WAIT_SECONDS * 2**tried:g} s" for tried in range(TRIES - 1))
    rows = []
    for outcome in Outcome:
        rule, said = RULES[outcome], OUTCOMES[outcome]
        rows.append(f"| `{outcome}` | {said.en} | {said.ar} | {rule.group.value} | {rule.tries} | {rule.exit_code:d} |")
    return [
        f"Pages, listings and robots.txt are tried again alike, after {waits}. 429, and 503 with Retry-After,",
        "silence all requests to the portal for as long as is asked",
        f"({UNSTATED_WAIT_SECONDS:g} s after a 429 that does not say). More than {MAX_WAIT_WITHIN_RUN_SECONDS:g} s,",
        f"{UNREACHABLE_AFTER} links in a row without any answer, or a robots.txt without one, end the run with exit",
        "code 4. The last column is the exit code of a run that reached nothing as most of its links ended so.",
        "The policy is one table: `spiders/http/retry_policy.py`.",
        "",
        "| outcome | meaning | المعنى | counts as | tries | exit code |",
        "| --- | --- | --- | --- | --- | --- |",
        *rows,
    ]


def flags() -> str:
    """What may be unusual about a text or its date."""
    return "\n".join(
        [
            "# Flags, and words about dates · الأعلام وكلمات التواريخ",
            "",
            _GENERATED,
            "",
            "## `articles.flags`",
            "",
            "How they are set: [extraction](../explain/extraction.md), [dates](../explain/dates.md).",
            "",
            *word_table("flag", FLAGS),
            "",
            "## `articles.published_source`",
            "",
            *word_table("source", DATE_SOURCES),
            "",
            "## `articles.published_precision`",
            "",
            *word_table("precision", PRECISIONS),
            "",
        ]
    )

"""The views and macros that queries see: derived from the tables at reading time, never stored."""

from __future__ import annotations

from storage.identity.arabic_folding_sql import fold_macro
from storage.model.rights import OPT_OUT
from storage.read.gone_view import GONE
from storage.read.series_macros import SERIES

# The row that stands for an article: the newest text, by its first capture. That an older one came back stands in
# fetches only, which to read for this too would make every query slow; `edits` does. Rows are told apart by edition and
# run, because windows that overlap may each have captured the same edition. The narrow pass over the ids lets filters
# reach the wide one; it keeps a number of each article, and more of those only that have several rows.
LATEST = """
SELECT rows.* FROM {rows} AS rows ANTI JOIN (
    SELECT article_id, max({{'at': captured_at, 'edition': edition_id, 'run': run_id}}) AS last FROM {rows}
    WHERE hash(article_id) IN (SELECT hash(article_id) FROM {rows} GROUP BY ALL HAVING count(*) > 1)
    GROUP BY article_id HAVING count(*) > 1
) AS several ON rows.article_id = several.article_id
    AND {{'at': rows.captured_at, 'edition': rows.edition_id, 'run': rows.run_id}} <> several.last
"""

# What crawls cover of each day, overlapping windows counted once, and whether an audit found a run degraded. A run that
# sent no request was only imported: some pages of its day, and nobody asked for the others.
_ARCHIVED_DAYS = """
CREATE VIEW archived_days AS
WITH begun AS (
    SELECT *, window_start > max(window_end) OVER (
        PARTITION BY portal ORDER BY window_start, window_end ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS gap FROM runs WHERE verdict <> 'failed' AND requests > 0
), spans AS (
    SELECT portal, window_start, window_end, count(*) FILTER (coalesce(gap, true)) OVER (
        PARTITION BY portal ORDER BY window_start, window_end
    ) AS span FROM begun
), whole AS (SELECT portal, min(window_start) AS begins, max(window_end) AS ends FROM spans GROUP BY portal, span),
days AS (
    SELECT portal, begins, ends, unnest(generate_series(
        date_trunc('day', begins), date_trunc('day', ends - INTERVAL 1 microsecond), INTERVAL 1 day
    ))::DATE AS day FROM whole
), covered AS (
    SELECT portal, day,
        sum(epoch(least(ends, (day + 1)::TIMESTAMPTZ) - greatest(begins, day::TIMESTAMPTZ)) / 3600) AS hours
    FROM days GROUP BY ALL
), imported AS (
    -- One that only tells of pages that are gone brought nothing of its day.
    SELECT DISTINCT portal, window_start::DATE AS day FROM runs WHERE verdict <> 'failed' AND requests = 0
        AND links > rejected + coalesce(outcomes['gone'], 0) + coalesce(outcomes['legal_block'], 0)
), faults AS (
    SELECT DISTINCT portal, unnest(generate_series(
        date_trunc('day', window_start), date_trunc('day', window_end - INTERVAL 1 microsecond), INTERVAL 1 day
    ))::DATE AS day FROM runs WHERE verdict = 'degraded'
)
SELECT portal, day, coalesce(hours, 0) AS hours, faults.day IS NOT NULL AS is_degraded,
    CASE WHEN hours >= 24 AND faults.day IS NULL THEN 'archived' ELSE 'partial' END AS state
FROM covered FULL JOIN imported USING (portal, day) LEFT JOIN faults USING (portal, day)
"""

# Articles whose page or site reserved text and data mining when they were fetched: the fetch says so in one line.
# Rows say it of their capture, fetches also of later ones that brought no other text.
OPT_OUTS_OF_ROWS = """
SELECT article_id, portal, edition_id, captured_at AS stated_at, opt_out AS statement
FROM editions WHERE opt_out IS NOT NULL
"""
OPT_OUTS = f"""{OPT_OUTS_OF_ROWS}
UNION
SELECT article_id, portal, edition_id, captured_at, statement FROM (
    SELECT *, regexp_extract(detail, '{OPT_OUT}', 1) AS statement FROM fetches
    WHERE article_id IS NOT NULL AND outcome IN ('new', 'edition', 'unchanged')
) WHERE statement <> ''
"""  # noqa: S608 - constants only

VIEWS = (
    f"CREATE VIEW articles AS {LATEST.format(rows='editions')}",
    # A run counts on the day its window starts; `hours` says how much of the day windows cover.
    """
    CREATE VIEW coverage AS
    SELECT portal, CAST(window_start AS DATE) AS day, count(*) AS runs,
        sum(date_diff('minute', window_start, window_end)) / 60.0 AS hours,
        CASE WHEN bool_or(verdict = 'degraded') THEN 'degraded' ELSE 'ok' END AS verdict,
        sum(links)::BIGINT AS links, sum(articles_new)::BIGINT AS articles_new, sum(editions)::BIGINT AS editions,
        sum(rejected)::BIGINT AS rejected, sum(baseline_articles) AS baseline_articles,
        sum(bytes_received)::BIGINT AS bytes_received
    FROM runs GROUP BY ALL
    """,
    _ARCHIVED_DAYS,
    f"CREATE VIEW opt_outs AS {OPT_OUTS}",
    GONE,
)

# The runs of four words of each text and the whole of it, as hashes; half the bits tell the runs of two texts apart.
_SHINGLED = """
    SELECT article_id, happened, whole, list_distinct(list_transform(range(1, len(w) - 2),
        i -> (hash(w[i], w[i + 1], w[i + 2], w[i + 3]) & 4294967295)::UINTEGER)) AS runs
    FROM (
        SELECT article_id, coalesce(published_at, captured_at) AS happened,
            hash(ar_fold(title || ' ' || body)) AS whole, string_split(ar_fold(body), ' ') AS w FROM articles {some}
    )
"""

# Articles of one story: texts that share most of their runs of four words, within some days of each other, by whichever
# portal. Candidates share three of the twelve least hashes of such runs, so not all pairs are compared; then at least
# three quarters of the shorter must be in the longer one and nearly half of both in common (near_duplicates.md).
# Texts are read once for these twelve, and those of candidates once more: all runs of all texts are more than memory.
# One hash is shared by chance, as each text is with a sentence that stands in many.
_STORIES = f"""CREATE MACRO stories_within(within_days := 7) AS TABLE
WITH RECURSIVE marked AS MATERIALIZED (
    SELECT row_number() OVER () AS number, article_id, epoch(happened) AS happened, whole,
        list_append(list_slice(list_sort(runs), 1, 12), whole) AS marks
    FROM ({_SHINGLED.format(some="")})
), marks AS (SELECT number, happened, mark, mark = whole AS is_whole FROM (
    SELECT number, happened, whole, unnest(marks) AS mark FROM marked
)), telling AS MATERIALIZED (
    SELECT * FROM marks WHERE mark IN (SELECT mark FROM marks GROUP BY mark HAVING count(*) BETWEEN 2 AND 500)
), near AS MATERIALIZED (
    SELECT a.number AS one, b.number AS other
    FROM telling AS a JOIN telling AS b ON a.mark = b.mark AND a.number < b.number
    WHERE abs(a.happened - b.happened) <= 86400 * CASE WHEN within_days > 0 THEN within_days
        ELSE error('within_days is a number of days above 0 — 1 for a day') END
    GROUP BY ALL HAVING count(*) >= 3 OR bool_or(a.is_whole)
), numbers AS MATERIALIZED (
    SELECT number, article_id FROM marked WHERE number IN (SELECT one FROM near UNION SELECT other FROM near)
), shingled AS MATERIALIZED (
    SELECT number, whole, runs FROM numbers JOIN (
        {_SHINGLED.format(some="WHERE article_id IN (SELECT article_id FROM numbers)")}
    ) USING (article_id)
), weighed AS (
    SELECT one, other, a.whole = b.whole AS is_same, len(a.runs) AS n, len(b.runs) AS m,
        len(list_intersect(a.runs, b.runs)) AS shared
    FROM near JOIN shingled AS a ON a.number = one JOIN shingled AS b ON b.number = other
), copies AS MATERIALIZED (
    SELECT a.article_id AS one, b.article_id AS other
    FROM weighed JOIN numbers AS a ON a.number = one JOIN numbers AS b ON b.number = other
    WHERE is_same OR (least(n, m) >= 8 AND shared >= 0.75 * least(n, m) AND shared >= 0.45 * (n + m - shared))
), links AS (SELECT one, other FROM copies UNION ALL SELECT other, one FROM copies),
reach AS (
    SELECT one AS article_id, other FROM links
    UNION SELECT reach.article_id, links.other FROM reach JOIN links ON links.one = reach.other
), grouped AS (
    SELECT article_id, min(other) AS label FROM (
        SELECT article_id, other FROM reach UNION ALL SELECT DISTINCT article_id, article_id FROM reach
    ) GROUP BY article_id
), members AS (
    SELECT coalesce(label, article_id) AS label, article_id, portal, country, agency, published_at, captured_at,
        title, url
    FROM articles LEFT JOIN grouped USING (article_id)
)
SELECT first_value(article_id) OVER story AS story_id, count(*) OVER (PARTITION BY label) AS copies,
    row_number() OVER story AS place, article_id, portal, country,
    agency, first_value(agency IGNORE NULLS) OVER story AS story_agency, published_at, title, url
FROM members
WINDOW story AS (PARTITION BY label ORDER BY published_at NULLS LAST, captured_at, article_id
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
"""  # noqa: S608 - constants only

# One row a change. The steps of an article are its texts in the order of their first capture, and those that came back:
# only fetches tell of them, each at its address, because two addresses of one article may differ all the time.
# What is between braces lets a release ask for those of its months, without comparing all other texts.
EDITS = """
WITH several AS (
    SELECT article_id FROM editions WHERE {articles} GROUP BY article_id HAVING count(DISTINCT edition_id) > 1
), texts AS (
    SELECT article_id, edition_id, min(captured_at) AS captured_at, arg_min(portal, captured_at) AS portal,
        arg_min(url, captured_at) AS url, arg_min(title, captured_at) AS title, arg_min(body, captured_at) AS body,
        min(published_at) AS published_at
    FROM editions SEMI JOIN several USING (article_id) GROUP BY article_id, edition_id
), sights AS (
    SELECT article_id, edition_id, url AS address, captured_at FROM editions SEMI JOIN several USING (article_id)
    UNION SELECT article_id, edition_id, coalesce(final_url, url), captured_at
    FROM fetches SEMI JOIN several USING (article_id)
    WHERE outcome IN ('new', 'edition', 'unchanged') AND captured_at IS NOT NULL
), returned AS (
    SELECT article_id, edition_id, captured_at FROM sights
    QUALIFY lag(edition_id) OVER (PARTITION BY article_id, address ORDER BY captured_at, edition_id) <> edition_id
), seen AS (
    SELECT article_id, edition_id, captured_at FROM texts UNION SELECT * FROM returned
), steps AS (
    SELECT article_id, portal, url, edition_id, seen.captured_at, title, body, texts,
        coalesce(first_published, first_captured) AS happened,
        lag(title) OVER step AS title_before, lag(body) OVER step AS body_before,
        lag(edition_id) OVER step AS edition_before
    FROM seen JOIN texts USING (article_id, edition_id) JOIN (
        SELECT article_id, count(*) AS texts, min(published_at) AS first_published, min(captured_at) AS first_captured
        FROM texts GROUP BY article_id
    ) USING (article_id)
    WINDOW step AS (PARTITION BY article_id ORDER BY seen.captured_at, edition_id)
), told AS (
    SELECT * EXCLUDE (change), change.* FROM (
        SELECT article_id, portal, url, edition_before, edition_id AS edition_after, captured_at AS seen_at,
            date_diff('minute', happened, captured_at) AS minutes_after, title, texts,
            unnest(from_json(edition_changes(title_before, body_before, title, body),
            '[{{"kind":"VARCHAR","paragraph":"INTEGER","words":"INTEGER","removed":"VARCHAR","added":"VARCHAR"}}]'
            )) AS change
        FROM steps WHERE edition_before <> edition_id AND {steps}
    )
), lost AS (
    SELECT article_id, portal, url, edition_id AS edition_before, NULL::VARCHAR AS edition_after, gone_at AS seen_at,
        date_diff('minute', coalesce(published_at, last_seen_at), gone_at) AS minutes_after, title,
        NULL::BIGINT AS texts, 'article ' || how AS kind, NULL::INTEGER AS paragraph, word_count AS words,
        NULL::VARCHAR AS removed, NULL::VARCHAR AS added
    FROM gone WHERE {lost}
)
SELECT * EXCLUDE (texts), coalesce(texts >= 8, false)
    OR regexp_matches(ar_fold(title), '(^| )(مباشر|لحظه بلحظه|تغطيه مستمره|بث مباشر)( |$)') AS is_live_page
FROM (SELECT * FROM told UNION ALL BY NAME SELECT * FROM lost)
"""

# What is no phrase is refused, as Python does it; of a constant it is asked once.
_HOLDS = """CASE WHEN phrase_refusal(phrase) IS NULL THEN ar_contains(title || ' ¤ ' || body, phrase, word := true)
        ELSE error(phrase_refusal(phrase))::BOOLEAN END"""

MACROS = (
    fold_macro(),
    # Whether a text holds a phrase, however either is vowelled or spelled: anywhere, or as whole words in any of their
    # forms. A phrase of signs only is in no text.
    """CREATE MACRO ar_contains(t, phrase, word := false) AS CASE
        WHEN word THEN coalesce(regexp_matches(' ' || ar_fold(t) || ' ', ar_pattern(phrase)), t IS NULL AND NULL)
        ELSE contains(ar_fold(t), ar_fold(phrase)) AND ar_pattern(phrase) IS NOT NULL END""",
    # The archive as it was: of each article the newest text captured before an instant. A backfill of today also brings
    # captures of then, so an answer to cite is of a release, or of the commits (`--as-of`, `open_archive(as_of=)`).
    f"""CREATE MACRO as_of(instant) AS TABLE
    WITH seen AS (SELECT * FROM editions WHERE captured_at <= CAST(instant AS TIMESTAMPTZ))
    {LATEST.format(rows="seen")}""",  # noqa: S608 - constants only
    # How many articles a day hold a phrase in any of its forms, by portal; articles without a date stand under null.
    f"""CREATE MACRO day_series(phrase) AS TABLE
    SELECT CAST(published_at AS DATE) AS day, portal, count(*) AS articles
    FROM articles WHERE {_HOLDS}
    GROUP BY ALL ORDER BY day, portal""",  # noqa: S608 - constants only
    # Articles that hold a phrase, oldest first; a date of precision `day` may be any time of that day.
    f"""CREATE MACRO first_report(phrase, portal := NULL, since := NULL, most := 20) AS TABLE
    SELECT published_at, published_precision, published_confidence, articles.portal, agency, title, url, article_id
    FROM articles WHERE {_HOLDS} AND published_at IS NOT NULL
        AND (portal IS NULL OR articles.portal = portal)
        AND (since IS NULL OR published_at >= CAST(since AS TIMESTAMPTZ))
    QUALIFY row_number() OVER (ORDER BY published_at, captured_at, article_id) <= most
    ORDER BY published_at, captured_at, article_id""",  # noqa: S608 - constants only
    *SERIES,
    _STORIES,
    "CREATE VIEW stories AS SELECT * FROM stories_within()",
    # Stories that several portals tell.
    """CREATE MACRO wire_copies(days := 3) AS TABLE
    SELECT story_id AS group_id, copies, first_value(portal) OVER (PARTITION BY story_id ORDER BY place)
        AS first_portal, portal, agency, published_at, title, url, article_id
    FROM stories_within(within_days := days)
    QUALIFY count(DISTINCT portal) OVER (PARTITION BY story_id) > 1 ORDER BY copies DESC, group_id, place""",
    f"CREATE VIEW edits AS {EDITS.format(articles='true', steps='true', lost='true')}",
)

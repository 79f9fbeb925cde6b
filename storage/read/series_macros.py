"""The SQL functions that count a term period by period, with what of each period is archived: no gap is a silence."""

from __future__ import annotations

_PERIODS = """CREATE MACRO known_period(per) AS CASE
    WHEN per IN ('day', 'week', 'month', 'quarter', 'year') THEN per::VARCHAR
    ELSE error(concat(coalesce(per, 'NULL'), ' is no period — per is day, week, month, quarter or year')) END"""

# How often a term stands, also as a share of all articles, each period and portal of the archive's time told, also
# those without any: a period whose days no run covers is `not archived`, and its nulls are no silence.
_SERIES = """CREATE MACRO {name}per := 'month', since := NULL, until := NULL) AS TABLE
    WITH stated AS (
        SELECT portal, min(day) AS first, max(day) AS last FROM (FROM archived_days {asked}) GROUP BY portal
    ), dated AS (
        SELECT min(published_at)::DATE AS first, max(published_at)::DATE AS last FROM articles
    ), held AS (
        -- An import's articles are older than its run.
        SELECT count(portal) AS portals, least(min(stated.first), any_value(dated.first)) AS earliest,
            greatest(max(stated.last), any_value(dated.last)) AS latest
        FROM dated LEFT JOIN stated ON true
    ), spans AS (
        -- Without bounds whole periods: a month of which nine days are in no run is `partial`.
        SELECT *, coalesce(CAST(since AS DATE), date_trunc(period, earliest)::DATE) AS first,
            coalesce(CAST(CAST(until AS TIMESTAMPTZ) - INTERVAL 1 microsecond AS DATE),
                (date_trunc(period, latest) + step - INTERVAL 1 day)::DATE) AS last
        FROM (
            SELECT *, known_period(per) AS period, CASE per WHEN 'day' THEN INTERVAL 1 day
                WHEN 'week' THEN INTERVAL 7 days WHEN 'month' THEN INTERVAL 1 month
                WHEN 'quarter' THEN INTERVAL 3 months ELSE INTERVAL 1 year END AS step
            FROM held
        )
    ), bounds AS (
        SELECT period, first, CASE {refused}
            WHEN earliest IS NULL AND (portals = 0 OR first IS NULL OR last IS NULL)
                THEN error('nothing is archived yet, so there are no periods — warraq archive PORTAL')
            WHEN first > last AND since IS NOT NULL AND until IS NOT NULL
                THEN error('the time it begins with must be before the one it ends with — exchange the two')
            WHEN first > last THEN error(concat(
                'nothing is archived ',
                CASE WHEN until IS NULL THEN 'from ' || first || ' on' ELSE 'until ' || last END,
                ' — the archive has days from ', earliest, ' to ', latest,
                '; with a beginning and an end each period between them is told as not archived'
            ))
            ELSE last END AS last
        FROM spans
    ), days AS (
        SELECT portal, unnest(generate_series(bounds.first, bounds.last, INTERVAL 1 day))::DATE AS day
        FROM stated, bounds
    ), periods AS (
        SELECT date_trunc((SELECT period FROM bounds), day)::DATE AS period, portal, count(*) AS days,
            count(*) FILTER (state = 'archived') AS archived_days, count(*) FILTER (state = 'partial') AS partial_days
        FROM days LEFT JOIN archived_days USING (portal, day) GROUP BY ALL
    ), found AS (
        SELECT date_trunc(known_period(per), published_at)::DATE AS period, portal, count(*) AS total,
            count(*) FILTER ({holds}) AS articles
        FROM articles WHERE published_at IS NOT NULL
            AND (since IS NULL OR published_at >= CAST(since AS TIMESTAMPTZ))
            AND (until IS NULL OR published_at < CAST(until AS TIMESTAMPTZ))
        GROUP BY ALL
    )
    SELECT period, portal, {term}::VARCHAR AS term,
        CASE WHEN is_archived OR total IS NOT NULL THEN coalesce(articles, 0) END AS articles,
        CASE WHEN is_archived OR total IS NOT NULL THEN coalesce(total, 0) END AS total,
        CASE WHEN is_archived THEN articles / total END AS share,
        days, archived_days, partial_days,
        CASE WHEN NOT is_archived THEN 'not archived' WHEN archived_days = days THEN 'archived' ELSE 'partial' END
            AS state
    FROM (
        SELECT period, portal, articles, total, coalesce(days, 0) AS days, coalesce(archived_days, 0) AS archived_days,
            coalesce(partial_days, 0) AS partial_days, coalesce(archived_days + partial_days, 0) > 0 AS is_archived
        FROM periods FULL JOIN found USING (period, portal)
    ) ORDER BY period, portal"""

SERIES = (
    _PERIODS,
    _SERIES.format(
        name="series(term, ",
        asked="",
        refused="WHEN phrase_refusal(term) IS NOT NULL THEN error(phrase_refusal(term))",
        holds="ar_contains(title || ' ¤ ' || body, term, word := true)",
        term="term",
    ),
    # The same without a term, which stands beside counts of the index, and of some portals also where nothing of them
    # is archived.
    _SERIES.format(
        name="series_of_all(asked, ",
        asked="UNION ALL BY NAME SELECT unnest(asked) AS portal",
        refused="",
        holds="false",
        term="NULL",
    ),
)

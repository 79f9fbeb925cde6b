"""The view of articles that are gone."""

from __future__ import annotations

from storage.model.asked_again import ASKED_AGAIN

# Articles that were not at their address any more when it was asked for again, until it shows them again. What may only
# be trouble of that hour (errors of the server, refusals of a robot) says nothing.
GONE_ROWS = f"""
WITH told AS (
    SELECT portal, url, coalesce(captured_at, window_end) AS asked_at, article_id, final_url, http_status, outcome
    FROM fetches
    UNION ALL
    SELECT portal, url, try_cast(again.at AS TIMESTAMPTZ), article_id, nullif(again.address, ''),
        nullif(again.status, '')::INTEGER, again.outcome
    FROM (
        SELECT *, regexp_extract(detail, '{ASKED_AGAIN}', ['at', 'outcome', 'status', 'address']) AS again
        FROM fetches WHERE outcome IN ('new', 'edition', 'unchanged') AND detail LIKE '%asked again at %'
    )
), asked AS (
    SELECT portal, url, asked_at, article_id, final_url, http_status, CASE
        WHEN http_status = 451 OR outcome = 'legal_block' THEN 'withheld'
        WHEN outcome IN ('gone', 'rejected:soft_404') OR http_status IN (404, 410) THEN 'removed'
        WHEN outcome IN ('http_3xx', 'off_domain') OR outcome LIKE 'rejected:%' AND final_url <> url THEN 'redirected'
        WHEN outcome = 'rejected:paywall' OR http_status IN (401, 402) THEN 'hidden' END AS how
    FROM told
), shown AS (
    SELECT articles.*, greatest(captured_at, coalesce(last, captured_at)) AS last_seen_at FROM articles LEFT JOIN (
        SELECT article_id, max(asked_at) AS last FROM asked WHERE article_id IS NOT NULL AND how IS NULL GROUP BY ALL
    ) USING (article_id)
)
SELECT shown.article_id, shown.portal, shown.url, title, published_at, edition_id, word_count, last_seen_at,
    min(asked_at) AS gone_at, arg_min(how, asked_at) AS how, arg_min(http_status, asked_at) AS http_status,
    arg_min(asked.final_url, asked_at) AS final_url, max(asked_at) AS asked_last_at
FROM shown JOIN asked ON asked.portal = shown.portal AND asked.url = shown.url
WHERE how IS NOT NULL AND asked_at > last_seen_at GROUP BY ALL
"""  # noqa: S608 - constants only
GONE = f"CREATE VIEW gone AS {GONE_ROWS}"

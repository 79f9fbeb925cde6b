"""A notebook over an archive: after `make demo`, `make notebook` opens it on what the demo archived.

It is a plain Python file too: `python docs/how_to/notebook.py` runs all of it.
"""

import marimo

app = marimo.App(width="medium", app_title="Warraq")


@app.cell
def _():
    import os
    from pathlib import Path

    import marimo as mo

    import warraq

    demo = Path("archive-demo", "archive")  # where `make demo` puts it
    place = os.environ.get("WARRAQ_ARCHIVE") or demo
    archive = warraq.open_archive(place)
    mo.md(f"# {archive.articles().count():,} articles\n\nin `{place}`. Cite it as: {archive.cite()}")
    return archive, mo


@app.cell
def _(archive, mo):
    coverage = archive.coverage()
    mo.vstack([mo.md("## What was archived / ما أُرشف"), mo.ui.table(coverage.to_pylist())])
    return (coverage,)


@app.cell
def _(archive, mo):
    articles = archive.articles(columns=["published_at", "portal", "title", "section", "word_count", "url"])
    mo.vstack([mo.md("## Articles / الأخبار"), mo.ui.table(articles.to_arrow().to_pylist())])
    return (articles,)


@app.cell
def _(mo):
    query = mo.ui.text(value="المدينة", label="search / بحث", full_width=True)
    query
    return (query,)


@app.cell
def _(archive, mo, query):
    found = archive.search(query.value or "المدينة", limit=10)
    hits = [{"published": hit.published_at, "title": hit.title, "passage": hit.snippet} for hit in found.hits]
    mo.vstack([mo.md(f"{found.total:,} articles, found by {found.how}"), mo.ui.table(hits)])
    return (found,)


@app.cell
def _(archive, mo, query):
    # A day that was not archived has no counts: it is a gap, and no silence.
    series = archive.series(query.value or "المدينة", by="day").to_arrow()
    mo.vstack([mo.md("## Attention by day / الاهتمام بحسب اليوم"), mo.ui.table(series.to_pylist())])
    return (series,)


@app.cell
def _(archive, mo):
    edits, stories = archive.edits(), archive.stories(least_copies=2)
    mo.vstack(
        [
            mo.md("## What was changed, and what was copied / ما عُدّل وما نُسخ"),
            mo.ui.table(edits.to_pylist()),
            mo.ui.table(stories.to_pylist()),
        ]
    )
    return edits, stories


if __name__ == "__main__":
    app.run()

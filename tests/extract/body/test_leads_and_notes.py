"""What belongs to a text beside its paragraphs, in languages that are not Arabic too: leads, points, code, notes."""

from __future__ import annotations

import pytest

from tests.extract.fields.test_other_scripts import LATIN, article

LEAD = "Campaigners say that boats will go without a light for two more winters"
CODE = """def lamp(level):
    now = time.time()
    with harbour:
        harbour.execute("DELETE FROM lamps WHERE lit > ?", (now - level,))
        count, = harbour.execute("SELECT count(*) FROM lamps WHERE dark = ?", (level,))
        if count > 9:
            return False
    return lamp(level)"""


def body(*, below_headline: str = "", amid: str = "", behind: str = "") -> list[str]:
    first, *rest = (f"<p>{line}</p>" for line in LATIN)
    return article(byline=below_headline, text=(f"</p>{first}{amid}{''.join(rest)}{behind}<p>",)).body.splitlines()


@pytest.mark.parametrize(
    "lead",
    [
        f'<div data-gu-name="standfirst" class="x-1k"><p>{LEAD}</p></div>',
        f'<h3 class="subtitle">{LEAD}</h3>',
        f'<div class="HeaderDek-bIq">{LEAD}.</div>',
        f'<div class="story-sum">{LEAD}</div>',
    ],
)
@pytest.mark.parametrize("between", ["", "<div>By Nora Lindqvist</div><div>2 December 2024</div>"])
def test_what_is_called_a_lead_is_one_whatever_it_ends_with(lead: str, between: str) -> None:
    assert [line.rstrip(".") for line in body(below_headline=lead + between)[:1]] == [LEAD]


def test_the_day_below_a_lead_is_the_storys() -> None:
    lead = f'<p class="subtitle">{LEAD}, and that the town has paid for a lamp which nobody has lit.</p>'
    record = article(byline=f"{lead}<div>By Nora Lindqvist</div><div>2 December 2024</div>")
    assert record.published_at is not None
    assert record.authors == ("Nora Lindqvist",)


def test_a_list_right_below_the_headline_has_the_storys_points() -> None:
    points = ("The lamp has been dark since a storm in March", "Ferry companies promised a share of the money")
    items = "".join(f'<li class="class"><strong>{point}</strong></li>' for point in points)
    assert body(below_headline=f"<ul>{items}</ul><p>By NORA LINDQVIST</p>") == [*points, *LATIN]


@pytest.mark.parametrize(
    "items",
    [
        ("Published on Monday 2 December 2024", "Updated on Tuesday 3 December 2024"),
        ("Harbour", "By Nora Lindqvist"),
        (
            '<a href="/1">Ferry companies raise their fares again</a>',
            '<a href="/2">Storm shuts the coast road again</a>',
        ),
    ],
)
def test_days_names_and_links_are_no_points(items: tuple[str, ...]) -> None:
    assert body(below_headline=f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>") == list(LATIN)


def test_source_code_is_whole() -> None:
    found = body(amid=f"<figure><pre><code>{CODE}</code></pre></figure>")
    assert found == [LATIN[0], *(line.strip() for line in CODE.splitlines()), *LATIN[1:]]


def test_a_note_that_a_star_in_the_text_leads_to_is_the_texts() -> None:
    note = "* The harbour office counts the storms of each winter by hand, in a book that it has kept since 1911."
    assert (
        body(amid="<p>Nine storms have passed over the old harbour wall since then*</p>", behind=f"<p>{note}</p>")[-1]
        == note
    )
    assert body(behind="<p>* Nora Lindqvist writes on the sea and those who live by it.</p>") == list(LATIN)

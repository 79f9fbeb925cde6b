"""Rules, scorecard and trafilatura choose the blocks of a text together."""

from __future__ import annotations

from extract.body.block_features import BLOCK_FEATURES, block_features
from extract.body.text_card import JOINS, TEXT_CARD
from extract.body.voices import beside_found, choose, in_other_boxes, is_arabic, is_known, sure_of, votes
from extract.html.block import Block
from extract.html.blocks import read_blocks
from extract.html.parsing import parse_html

SENTENCE = "مضى الحارس إلى آخر الممر ثم عاد يحمل مصباحا صغيرا، وقال إن الباب كان مفتوحا منذ المساء."
PAGE = (
    f"<html><body><main><h1>باب مفتوح</h1>{f'<p>{SENTENCE}</p>' * 6}</main><footer>جميع الحقوق</footer></body></html>"
)


def blocks_of(html: str) -> list[Block]:
    return read_blocks(parse_html(html))


def test_each_block_has_each_feature_once() -> None:
    blocks = blocks_of(PAGE)
    vectors = block_features(blocks, blocks[0])
    assert len(vectors) == len(blocks)
    assert {len(vector) for vector in vectors} == {len(BLOCK_FEATURES)}
    assert [weight.name for weight in TEXT_CARD.weights] == list(BLOCK_FEATURES)


def test_each_weight_has_its_support() -> None:
    assert 25 <= len(TEXT_CARD.weights) <= 40
    assert all(weight.pages > 0 for weight in TEXT_CARD.weights)


def test_the_scorecard_says_why() -> None:
    blocks = blocks_of(PAGE)
    decision = TEXT_CARD.decide(block_features(blocks, blocks[0])[2])
    assert decision.value is True
    assert "is_p" in {piece.name for piece in decision.evidence}


def test_paragraphs_are_running_text_and_labels_are_none() -> None:
    blocks = blocks_of(f"<p>{SENTENCE}</p><p>اقرأ أيضا</p><p><a href='/1'>{SENTENCE}</a></p>")
    assert [block.running > 0 for block in blocks] == [True, False, False]


def test_rules_that_find_little_are_in_doubt_and_those_that_agree_with_the_scorecard_are_not() -> None:
    blocks = blocks_of(PAGE)
    vectors = block_features(blocks, blocks[0])
    texts = [block for block in blocks if block.tag == "p"]
    assert votes(blocks, vectors, texts).doubt is None
    assert votes(blocks, vectors, texts[:1]).doubt == "thin_text"


def test_what_the_rules_keep_is_chosen_on_an_arabic_page() -> None:
    blocks = blocks_of(PAGE)
    texts = [block for block in blocks if block.tag == "p"]
    said = votes(blocks, block_features(blocks, blocks[0]), texts)
    assert set(map(id, texts)) <= set(map(id, choose(blocks, said)))
    assert is_arabic(blocks)
    assert not is_arabic(blocks_of("<p>The lamp was small and the door had been open since dusk.</p>"))


def test_word_rules_know_what_a_block_is_and_places_do_not() -> None:
    assert is_known("related.read_also")
    assert is_known("shape.repeated")
    assert not is_known("class.related")
    assert not is_known("shape.trailing_label")


def test_the_voices_are_joined_for_each_kind_of_page() -> None:
    assert set(JOINS) == {(False, False), (False, True), (True, False), (True, True)}
    assert all(join.rules > 0 > join.bias for join in JOINS.values())


def test_lines_beside_running_text_that_was_found_are_not_outvoted_in_arabic() -> None:
    text = "قال مدير المعهد إن الطلاب سيتدربون في الفصل المقبل على أدوات البرمجة الحرة وعلى كتابة أوامرها."
    root = parse_html(
        f"<body><div><p>{text}</p><p>والنهر شاهد</p><p><a href='/x'>المزيد</a></p></div><p>خارج النص</p></body>"
    )
    blocks = read_blocks(root)
    found = [block for block in blocks if block.running]
    assert [blocks[order].text for order in sorted(beside_found(blocks, found))] == [text, "والنهر شاهد"]
    english = blocks_of(
        "<body><p>The director said that students learn it in the coming term.</p><p>So be it</p></body>"
    )
    assert beside_found(english, english[:1]) == set()


def test_leads_code_notes_and_questions_with_an_answer_are_text_whatever_the_other_voices_say() -> None:
    note = "If two lamps share a mast, add a flag to the second one."
    blocks = blocks_of(
        "<div><p>Boats wait for a lamp</p><div>How many lamps?</div><div>Three, if it rains little.</div>"
        f"<pre>lamp = 3</pre><div class='callout'><div>{note}</div></div>"
        "<h3>Why?</h3><p>For the sea.</p><div>By N. L.</div></div>"
    )
    sure = sure_of(blocks, {0})
    assert [block.text for block in blocks if block.order in sure] == [
        "Boats wait for a lamp",
        "How many lamps?",
        "lamp = 3",
        note,
    ]


def test_a_line_below_the_heading_of_another_box_behind_the_text_is_none() -> None:
    said = "The Coast Post shall stand for truth, and what it prints shall matter to those who read it."
    page = "<div>{0}</div><div>{0}</div><div class='trust'><h4>How we work</h4><p>{1}</p></div>"
    for line, number in ((said, 1), (SENTENCE, 0)):  # in Arabic the rules know
        blocks = blocks_of(page.format(line, line))
        texts = [block for block in blocks if not block.is_heading]
        assert len(in_other_boxes(blocks, texts, {0, 1})) == number
        assert not in_other_boxes(blocks, blocks, {0, 1}), "the heading is text too"

"""JSON-LD is read as portals write it, broken or not."""

from __future__ import annotations

import pytest

from extract.html.json_ld import article_node, read_json_ld, resolve, strings
from extract.html.own_story import own_story


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","headline":"عنوان"}',
        '{"@type":"NewsArticle","headline":"عنوان",}',
        '{"@graph":[{"@type":"WebSite"},{"@type":["Article","NewsArticle"],"headline":"عنوان"}]}',
        '[{"@type":"BreadcrumbList"},{"@type":"http://schema.org/NewsArticle","headline":"عنوان"}]',
        '{"@type":"WebSite"}{"@type":"NewsArticle","headline":"عنوان"}',
        '<!-- {"@type":"NewsArticle","headline":"عنوان"} -->',
        '{"@type":"NewsArticle","headline":"عنوان","description":"سطر\nوسطر"}',
        '{"@type":"NewsArticle","headline":"عنوان","articleBody":"cut in the mid',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"عنوان"}\n//]]>',
    ],
)
def test_the_headline_is_found(script: str) -> None:
    node = article_node(read_json_ld([script]), own_story(["عنوان"], []))
    assert node is not None
    assert node["headline"] == "عنوان"


def test_references_are_followed_within_the_graph() -> None:
    nodes = read_json_ld(
        ['{"@graph":[{"@type":"Article","author":{"@id":"#w"}},{"@id":"#w","@type":"Person","name":"سلمى الخطاط"}]}']
    )
    article = article_node(nodes, own_story([], []))
    assert article is not None
    assert strings(resolve(article["author"], nodes)) == ["سلمى الخطاط"]


@pytest.mark.parametrize("script", ["", "[" * 5000, "null", "{", '{"@type":[[[["x"]]]]}', "17", '"text"'])
def test_what_is_no_article_gives_none(script: str) -> None:
    assert article_node(read_json_ld([script]), own_story(["عنوان"], [])) is None


def test_a_recipe_is_the_pages_own_article() -> None:
    script = '{"@type":"Recipe","name":"الأرز باللحم على الطريقة الحجازية","datePublished":"2025-12-30"}'
    node = article_node(read_json_ld([script]), own_story(["طريقة عمل الأرز باللحم على الطريقة الحجازية"], []))
    assert node is not None
    assert node["datePublished"] == "2025-12-30"


def test_a_review_that_names_the_page_is_its_article_and_a_readers_is_not() -> None:
    review = '{"@type":"Review",%s"author":{"@type":"Person","name":"سلمى الخطاط"},"datePublished":"2025-12-30"}'
    story = own_story(["قراءة في رواية الخيط الأبيض"], [])
    named = article_node(read_json_ld([review % '"headline":"قراءة في رواية الخيط الأبيض",']), story)
    assert named is not None
    assert strings(named["author"]) == ["سلمى الخطاط"]
    assert article_node(read_json_ld([review % ""]), story) is None


@pytest.mark.parametrize(
    "key", ['"@id":"https://sidra.example/n/9#article"', '"isPartOf":{"@id":"https://sidra.example/n/9"}']
)
def test_a_node_without_a_headline_that_names_another_address_is_not_the_pages(key: str) -> None:
    script = f'{{"@type":"NewsArticle",{key},"datePublished":"2019-03-03"}}'
    story = own_story(["قرية السدرة تحفر بئرها الأولى"], ["https://sidra.example/n/71"])
    assert article_node(read_json_ld([script]), story) is None
    own = script.replace("/n/9", "/n/71")
    assert article_node(read_json_ld([own]), story) is not None

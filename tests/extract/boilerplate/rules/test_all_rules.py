"""Each rule removes its example and spares its counter-example, in a page that gives the evidence asked for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.boilerplate.rules.all_rules import RULES
from extract.boilerplate.rules.rule import LEADING, LINE, NO_STOP, BoilerplateRule
from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import ArticleText

BEFORE = (
    "<p>قال رئيس المجلس المحلي إن العمل في الطريق الجديد يبدأ صباح الأحد، بعد تأخير دام ثلاثة أشهر كاملة.</p>"
    "<p>وأضاف أن الشركة المنفذة التزمت بتسليم المرحلة الأولى قبل حلول الشتاء، وفق جدول اتفق عليه الطرفان.</p>"
)
AFTER = "<p>وختم حديثه بالقول إن الأهالي شركاء في المتابعة، وإن أبواب المجلس مفتوحة لكل من لديه ملاحظة.</p>"


def article(*, leading: str = "", middle: str = "", trailing: str = "") -> ArticleText:
    html = (
        "<html><head><title>بدء العمل في الطريق الجديد صباح الأحد - صدى الوادي</title></head><body>"
        "<h1>بدء العمل في الطريق الجديد صباح الأحد</h1>"
        f"<div class='entry-content'>{leading}{BEFORE}{middle}{AFTER}{trailing}</div></body></html>"
    )
    result = extract_article(Page(html.encode(), datetime(2024, 12, 25, tzinfo=UTC)))
    assert isinstance(result, ArticleText), result
    return result


def rule_name(rule: BoilerplateRule) -> str:
    return rule.id


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("rule", RULES, ids=rule_name)
def test_a_rule_removes_its_example_and_keeps_the_article(rule: BoilerplateRule) -> None:
    if rule.needs[0] is LEADING:
        found = article(leading=rule.removes)
    elif rule.ends_article or not {LINE, NO_STOP} & set(rule.needs):
        found = article(trailing=rule.removes)
    else:
        found = article(middle=rule.removes)
    assert found.body == article().body, f"{rule.id} left something of its example, or took something of the article"
    removed = {block.rule for block in found.removed_blocks}
    assert rule.id in removed, f"removed by {removed} and not by {rule.id}: is the rule still needed?"


@pytest.mark.parametrize("rule", RULES, ids=rule_name)
def test_a_rule_spares_a_sentence_that_only_begins_like_boilerplate(rule: BoilerplateRule) -> None:
    found = article(middle=rule.spares)
    assert found.body.count("\n") == article().body.count("\n") + 1, found.removed_blocks
    assert not found.removed_blocks


@pytest.mark.parametrize("rule", RULES, ids=rule_name)
def test_a_rule_is_bounded_and_says_what_it_needs(rule: BoilerplateRule) -> None:
    assert rule.needs
    assert 0 < rule.max_words <= 80

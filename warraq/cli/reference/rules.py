"""The page of boilerplate rules, each with the example that it removes and the one that it spares."""

from __future__ import annotations

from itertools import groupby

from extract.boilerplate.rules.all_rules import RULES
from extract.boilerplate.rules.rule import BoilerplateRule

_HEAD = """# Boilerplate rules

<!-- Generated: `make docs`. -->

{count} rules, in the order in which they are tried, from `extract/boilerplate/rules/`; both examples of each are tests.
What a rule removed stands in `articles.removed_blocks` under its id. How they work, and what `class.*`, `shape.*` and
`learnt:*` mean: [extraction](../explain/extraction.md). A rule of your own: [add a rule](../how_to/add_a_rule.md).
"""
_COLUMNS = "| id | form | evidence: one is enough | removes | spares |\n| --- | --- | --- | --- | --- |"


def render() -> str:
    """One table a family: the word before the dot."""
    parts = [_HEAD.format(count=len(RULES))]
    for family, rules in groupby(RULES, key=lambda rule: rule.id.partition(".")[0]):
        parts += [f"## {family}", "", _COLUMNS, *(_row(rule) for rule in rules), ""]
    return "\n".join(parts)


def _row(rule: BoilerplateRule) -> str:
    needs = ", ".join(f"`{need}`" for need in rule.needs)
    return f"| `{rule.id}` | `{rule.form}` | {needs} | {_code(rule.removes)} | {_code(rule.spares)} |"


def _code(html: str) -> str:
    return f"`{' '.join(html.split()).replace('|', chr(92) + '|').replace('`', '')}`"

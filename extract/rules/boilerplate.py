"""All boilerplate rules, in the order in which they are tried."""

from __future__ import annotations

from extract.rules.comments import COMMENTS_RULES
from extract.rules.controls import CONTROLS_RULES
from extract.rules.labels import LABELS_RULES
from extract.rules.promotion import PROMOTION_RULES
from extract.rules.related import RELATED_RULES
from extract.rules.rule import BoilerplateRule

RULES: tuple[BoilerplateRule, ...] = (
    *RELATED_RULES,
    *PROMOTION_RULES,
    *CONTROLS_RULES,
    *COMMENTS_RULES,
    *LABELS_RULES,
)

"""All boilerplate rules, in the order in which they are tried."""

from __future__ import annotations

from extract.boilerplate.rules.comments import COMMENTS_RULES
from extract.boilerplate.rules.controls import CONTROLS_RULES
from extract.boilerplate.rules.labels import LABELS_RULES
from extract.boilerplate.rules.offers import OFFERS_RULES
from extract.boilerplate.rules.pleas import PLEAS_RULES
from extract.boilerplate.rules.promotion import PROMOTION_RULES
from extract.boilerplate.rules.related import RELATED_RULES
from extract.boilerplate.rules.rule import BoilerplateRule

RULES: tuple[BoilerplateRule, ...] = (
    *RELATED_RULES,
    *COMMENTS_RULES,
    *PROMOTION_RULES,
    *OFFERS_RULES,
    *PLEAS_RULES,
    *CONTROLS_RULES,
    *LABELS_RULES,
)

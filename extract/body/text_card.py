"""Which blocks are text: fitted weights. Written by `make fit`; do not edit."""

from __future__ import annotations

from dataclasses import dataclass

from extract.decide.scorecard import VectorScorecard, Weight


@dataclass(frozen=True)
class Join:
    """How voices are added to the scorecard's log-odds of a block."""

    rules: float
    trafilatura: float
    bias: float


TEXT_CARD = VectorScorecard(
    "text",
    -1.682,
    (
        Weight("characters", 1.524, pages=641, worth=0.0176),
        Weight("linked", -0.064, pages=627, worth=0.0001),
        Weight("has_link", -0.506, pages=627, worth=0.0017),
        Weight("ends_like_sentence", 0.952, pages=638, worth=0.0067),
        Weight("is_label", -0.501, pages=629, worth=0.0017),
        Weight("is_heading", 1.339, pages=637, worth=0.0064),
        Weight("is_h2_or_h3", 0.853, pages=576, worth=0.0017),
        Weight("is_p", 0.856, pages=631, worth=0.0052),
        Weight("is_li", 1.691, pages=590, worth=0.0114),
        Weight("is_cell", 0.958, pages=81, worth=0.0003),
        Weight("in_list", 0.825, pages=609, worth=0.0035),
        Weight("in_main", 0.373, pages=343, worth=0.0006),
        Weight("depth", 0.487, pages=642, worth=0.0014),
        Weight("depth_apart", -0.790, pages=642, worth=0.0031),
        Weight("pruned", -1.728, pages=602, worth=0.0244),
        Weight("in_comments", -5.451, pages=97, worth=0.0059),
        Weight("in_footer", -2.958, pages=530, worth=0.0047),
        Weight("before_headline", -1.697, pages=609, worth=0.0077),
        Weight("text_before", -1.599, pages=639, worth=0.0069),
        Weight("before_text", -1.282, pages=634, worth=0.0054),
        Weight("behind_text", -1.108, pages=593, worth=0.0019),
        Weight("linked_around", -1.840, pages=626, worth=0.0167),
        Weight("before_link", -0.389, pages=625, worth=0.0010),
        Weight("twins", 0.407, pages=642, worth=0.0073),
        Weight("twins_are_text", -1.167, pages=639, worth=0.0078),
        Weight("twins_share", 1.389, pages=639, worth=0.0082),
        Weight("class_share", 0.571, pages=639, worth=0.0017),
        Weight("parent_share", 1.107, pages=639, worth=0.0052),
        Weight("parent_is_text", 0.185, pages=639, worth=0.0002),
        Weight("siblings", -0.053, pages=642, worth=-0.0014),
    ),
)
# By (is the page Arabic, is it in doubt).
JOINS = {
    (False, False): Join(rules=3.0, trafilatura=0.0, bias=-2.25),
    (False, True): Join(rules=1.0, trafilatura=1.5, bias=-1.0),
    (True, False): Join(rules=8.0, trafilatura=0.0, bias=-6.0),
    (True, True): Join(rules=8.0, trafilatura=1.5, bias=-5.7),
}

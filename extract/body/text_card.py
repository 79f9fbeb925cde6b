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
    -1.654,
    (
        Weight("characters", 1.484, pages=644, worth=0.0163),
        Weight("linked", -0.081, pages=628, worth=-0.0000),
        Weight("has_link", -0.514, pages=628, worth=0.0019),
        Weight("ends_like_sentence", 0.967, pages=641, worth=0.0065),
        Weight("is_label", -0.504, pages=631, worth=0.0016),
        Weight("is_heading", 1.292, pages=640, worth=0.0060),
        Weight("is_h2_or_h3", 0.916, pages=578, worth=0.0019),
        Weight("is_p", 0.844, pages=634, worth=0.0051),
        Weight("is_li", 1.689, pages=591, worth=0.0117),
        Weight("is_cell", 0.988, pages=81, worth=0.0009),
        Weight("in_list", 0.815, pages=610, worth=0.0035),
        Weight("in_main", 0.371, pages=345, worth=0.0003),
        Weight("depth", 0.505, pages=644, worth=0.0013),
        Weight("depth_apart", -0.793, pages=644, worth=0.0030),
        Weight("pruned", -1.753, pages=600, worth=0.0245),
        Weight("in_comments", -5.412, pages=97, worth=0.0059),
        Weight("in_footer", -2.920, pages=534, worth=0.0042),
        Weight("before_headline", -1.686, pages=610, worth=0.0069),
        Weight("text_before", -1.595, pages=642, worth=0.0070),
        Weight("before_text", -1.306, pages=636, worth=0.0055),
        Weight("behind_text", -1.128, pages=596, worth=0.0018),
        Weight("linked_around", -1.860, pages=628, worth=0.0164),
        Weight("before_link", -0.393, pages=627, worth=0.0010),
        Weight("twins", 0.378, pages=644, worth=0.0065),
        Weight("twins_are_text", -1.170, pages=642, worth=0.0081),
        Weight("twins_share", 1.498, pages=642, worth=0.0095),
        Weight("class_share", 0.581, pages=642, worth=0.0016),
        Weight("parent_share", 0.919, pages=642, worth=0.0031),
        Weight("parent_is_text", 0.173, pages=642, worth=0.0000),
    ),
)
# By (is the page Arabic, is it in doubt).
JOINS = {
    (False, False): Join(rules=3.0, trafilatura=0.0, bias=-2.25),
    (False, True): Join(rules=1.0, trafilatura=1.5, bias=-0.75),
    (True, False): Join(rules=8.0, trafilatura=0.0, bias=-6.0),
    (True, True): Join(rules=8.0, trafilatura=3.0, bias=-5.5),
}

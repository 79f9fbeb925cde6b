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
    -1.646,
    (
        Weight("characters", 1.487, pages=644, worth=0.0164),
        Weight("linked", -0.080, pages=628, worth=-0.0000),
        Weight("has_link", -0.516, pages=628, worth=0.0019),
        Weight("ends_like_sentence", 0.964, pages=641, worth=0.0065),
        Weight("is_label", -0.505, pages=631, worth=0.0016),
        Weight("is_heading", 1.291, pages=640, worth=0.0060),
        Weight("is_h2_or_h3", 0.907, pages=578, worth=0.0018),
        Weight("is_p", 0.837, pages=634, worth=0.0051),
        Weight("is_li", 1.680, pages=591, worth=0.0116),
        Weight("is_cell", 0.983, pages=81, worth=0.0009),
        Weight("in_list", 0.816, pages=610, worth=0.0035),
        Weight("in_main", 0.372, pages=345, worth=0.0003),
        Weight("depth", 0.498, pages=644, worth=0.0013),
        Weight("depth_apart", -0.792, pages=644, worth=0.0030),
        Weight("pruned", -1.735, pages=604, worth=0.0241),
        Weight("in_comments", -5.426, pages=97, worth=0.0060),
        Weight("in_footer", -2.935, pages=533, worth=0.0043),
        Weight("before_headline", -1.673, pages=612, worth=0.0068),
        Weight("text_before", -1.599, pages=642, worth=0.0070),
        Weight("before_text", -1.322, pages=636, worth=0.0056),
        Weight("behind_text", -1.119, pages=596, worth=0.0018),
        Weight("linked_around", -1.849, pages=628, worth=0.0162),
        Weight("before_link", -0.395, pages=627, worth=0.0010),
        Weight("twins", 0.378, pages=644, worth=0.0065),
        Weight("twins_are_text", -1.163, pages=642, worth=0.0081),
        Weight("twins_share", 1.487, pages=642, worth=0.0094),
        Weight("class_share", 0.587, pages=642, worth=0.0017),
        Weight("parent_share", 0.928, pages=642, worth=0.0032),
        Weight("parent_is_text", 0.162, pages=642, worth=-0.0000),
    ),
)
# By (is the page Arabic, is it in doubt).
JOINS = {
    (False, False): Join(rules=3.0, trafilatura=0.0, bias=-2.25),
    (False, True): Join(rules=1.0, trafilatura=1.5, bias=-0.75),
    (True, False): Join(rules=8.0, trafilatura=0.0, bias=-6.0),
    (True, True): Join(rules=8.0, trafilatura=3.0, bias=-5.5),
}

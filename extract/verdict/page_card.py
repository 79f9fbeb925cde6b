"""Is a page one article or a list: fitted weights. Written by `make fit`; do not edit."""

from __future__ import annotations

from extract.decide.scorecard import Scorecard

# On publishers left out of the fitting: arabic lost 0.0000, arabic kept out 1.0000, demo lost 0.0000, fundus
# lost 0.0000, made lost 0.0000, made kept out 0.7361, saved lost
# 0.0000, saved kept out 1.0000, wcxb lost 0.0053, wcxb kept out 0.7250
# Worth: mean log-likelihood on publishers left out that is lost without the feature.
PAGE_CARD = Scorecard(
    "article",
    bias=-1.329,
    weights={
        "excerpts_only": -2.823,  # 51 pages, worth +0.0108
        "headline_long": 1.997,  # 702 pages, worth +0.0224
        "json_ld_article": 0.865,  # 302 pages, worth +0.0001
        "json_ld_list": -1.381,  # 30 pages, worth +0.0016
        "json_ld_product": -1.928,  # 14 pages, worth +0.0002
        "named_region": 0.585,  # 461 pages, worth -0.0009
        "og_article": 1.255,  # 421 pages, worth +0.0070
        "og_website": -0.730,  # 131 pages, worth +0.0010
        "open_story_links": -0.449,  # 652 pages, worth +0.0072
        "path_article": 0.944,  # 456 pages, worth +0.0025
        "path_front": -2.333,  # 40 pages, worth +0.0035
        "path_short": -0.980,  # 127 pages, worth +0.0018
        "published_time": 0.927,  # 261 pages, worth +0.0022
        "stops": 1.694,  # 804 pages, worth +0.0067
        "story_links": -0.609,  # 865 pages, worth +0.0052
        "teaser_share": -2.004,  # 174 pages, worth +0.0022
        "text_share": 0.657,  # 813 pages, worth -0.0006
        "texts_beside": 0.884,  # 816 pages, worth +0.0220
    },
)

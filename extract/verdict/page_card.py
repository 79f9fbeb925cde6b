"""Is a page one article or a list: fitted weights. Written by `make fit`; do not edit."""

from __future__ import annotations

from extract.decide.scorecard import Scorecard

# On publishers left out of the fitting: arabic lost 0.0000, arabic kept out 1.0000, demo lost 0.0000, fundus
# lost 0.0000, made lost 0.0000, made kept out 0.7500, saved lost
# 0.0000, saved kept out 1.0000, wcxb lost 0.0053, wcxb kept out 0.7500
# Worth: mean log-likelihood on publishers left out that is lost without the feature.
PAGE_CARD = Scorecard(
    "article",
    bias=-1.246,
    weights={
        "excerpts_only": -2.954,  # 47 pages, worth +0.0099
        "heading_share": -0.482,  # 529 pages, worth +0.0000
        "headline_long": 1.884,  # 704 pages, worth +0.0171
        "json_ld_article": 1.030,  # 302 pages, worth +0.0014
        "json_ld_list": -1.314,  # 30 pages, worth +0.0012
        "json_ld_product": -1.907,  # 14 pages, worth +0.0004
        "kept_linked": -2.085,  # 460 pages, worth -0.0008
        "named_region": 0.525,  # 461 pages, worth -0.0009
        "og_article": 1.356,  # 422 pages, worth +0.0080
        "og_website": -0.789,  # 131 pages, worth +0.0012
        "open_story_links": -0.387,  # 654 pages, worth +0.0046
        "path_article": 0.919,  # 456 pages, worth +0.0021
        "path_front": -2.287,  # 40 pages, worth +0.0031
        "path_short": -0.925,  # 127 pages, worth +0.0012
        "published_time": 0.805,  # 261 pages, worth +0.0009
        "stops": 1.656,  # 802 pages, worth +0.0060
        "story_links": -0.578,  # 865 pages, worth +0.0042
        "teaser_share": -1.982,  # 172 pages, worth +0.0011
        "text_share": 0.748,  # 810 pages, worth -0.0004
        "texts_beside": 0.861,  # 813 pages, worth +0.0208
    },
)

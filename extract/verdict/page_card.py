"""Is a page one article or a list: fitted weights. Written by `make fit`; do not edit."""

from __future__ import annotations

from extract.decide.scorecard import Scorecard

# On publishers left out of the fitting: arabic lost 0.0000, arabic kept out 0.8333, demo lost 0.0000, fundus
# lost 0.0000, made lost 0.0000, made kept out 0.6667, saved lost
# 0.0000, saved kept out 1.0000, wcxb lost 0.0053, wcxb kept out 0.7667
# Worth: mean log-likelihood on publishers left out that is lost without the feature.
PAGE_CARD = Scorecard(
    "article",
    bias=-1.216,
    weights={
        "class_front": -0.166,  # 27 pages, worth -0.0038
        "class_list": -1.081,  # 52 pages, worth -0.0011
        "class_single": 0.597,  # 218 pages, worth -0.0001
        "excerpts_only": -2.729,  # 47 pages, worth +0.0050
        "heading_share": -0.728,  # 549 pages, worth +0.0024
        "headline_long": 1.834,  # 702 pages, worth +0.0083
        "json_ld_article": 0.918,  # 302 pages, worth +0.0017
        "json_ld_list": -1.537,  # 30 pages, worth +0.0022
        "json_ld_product": -1.399,  # 14 pages, worth +0.0007
        "kept_linked": -2.241,  # 477 pages, worth +0.0003
        "list_title": -0.828,  # 41 pages, worth -0.0006
        "named_region": 0.557,  # 461 pages, worth +0.0020
        "next_page": -0.513,  # 18 pages, worth -0.0012
        "og_article": 1.215,  # 420 pages, worth +0.0048
        "og_website": -0.797,  # 130 pages, worth +0.0010
        "open_story_links": -0.304,  # 652 pages, worth +0.0029
        "path_article": 0.932,  # 456 pages, worth +0.0024
        "path_front": -2.318,  # 40 pages, worth +0.0111
        "path_short": -1.031,  # 127 pages, worth +0.0019
        "published_time": 0.672,  # 260 pages, worth +0.0006
        "stops": 1.627,  # 799 pages, worth +0.0074
        "story_links": -0.515,  # 863 pages, worth +0.0021
        "story_links_before": -0.286,  # 315 pages, worth -0.0019
        "teaser_share": -2.023,  # 178 pages, worth +0.0006
        "text_share": 0.556,  # 812 pages, worth +0.0013
        "texts_beside": 0.810,  # 813 pages, worth +0.0193
        "title_witness": 0.222,  # 826 pages, worth -0.0021
    },
)

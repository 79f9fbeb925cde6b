"""A portal's selectors help where a page misleads, and removed elements leave what follows them."""

from __future__ import annotations

from datetime import UTC, datetime

from extract.extractor import extract_article
from extract.page import Page
from extract.profile import PortalProfile
from storage.model.records import ArticleText

HTML = (
    """<html><head><title>صدى الوادي</title></head><body>
<div class="x1"><b class="x2">ترميم الجسر الحجري ينتهي غدا</b></div><div class="x3"><i>سلمى الخطاط</i></div>
<div class="x4">انتهى عمال الترميم من رصف الجسر الحجري القديم.<em class="x5">إعلان عن شقق</em>
ويفتح الجسر صباح الغد أمام المشاة، بعد عام من الإغلاق.</div><div class="x6">ثقافة</div>
<div class="x7">"""
    + "نص جانبي طويل عن تاريخ المدينة وأسواقها القديمة التي يزورها الناس. " * 20
    + "</div></body></html>"
)


def test_selectors_find_title_body_author_and_section() -> None:
    profile = PortalProfile(
        name="echo", title=(".none", ".x2"), body=(".x4",), author=(".x3",), section=(".x6",), remove=(".x5",)
    )
    result = extract_article(Page(HTML.encode(), datetime(2024, 12, 25, tzinfo=UTC)), profile)
    assert isinstance(result, ArticleText), result
    assert result.title == "ترميم الجسر الحجري ينتهي غدا"
    assert result.body == (
        "انتهى عمال الترميم من رصف الجسر الحجري القديم. ويفتح الجسر صباح الغد أمام المشاة، بعد عام من الإغلاق."
    )
    assert result.authors == ("سلمى الخطاط",)
    assert result.section == "ثقافة"

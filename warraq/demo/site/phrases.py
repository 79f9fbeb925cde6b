"""The set phrases around articles, in the many spellings of real portals; a page takes one of each kind."""

from __future__ import annotations

from warraq.demo.site import words

# In one line with a headline, between or after paragraphs.
READ_ALSO = (
    *("اقرأ أيضا:", "اقرأ أيضاً:", "اقرأ أيضًا..", "إقرأ أيضا :", "إقرأ أيضاً", "إقـــرأ أيضاً:", "اقرأ ايضا|"),
    *("شاهد:", "شاهد أيضا:", "طالع أيضا:", "لقراءة المزيد:", "لا يفوتك:", "ذات صلة:", "اقرأ كذلك:", "مواضيع ذات صلة:"),
)
# Above a list of links.
RELATED = (
    *("أخبار متعلقة", "أخبار متعلقة :", "أخبار ذات صلة", "موضوعات متعلقة", "موضوعات ذات صلة", "مواضيع ذات علاقة"),
    *(
        "مقالات ذات صلة",
        "قد يهمك أيضا",
        "قد يعجبك أيضاً",
        "اقرأ أيضا",
        "إقرأ أيضاً",
        "المزيد من الأخبار",
        "الأخبار المرتبطة",
    ),
)
FOLLOW = (
    "تابعوا آخر أخبار الميزان عبر Google News",
    "تابعونا على شبكات التواصل الاجتماعي",
    "تابع الميزان على واتساب ليصلك كل جديد",
    "لمزيد من الأخبار تابعوا صفحتنا على فيسبوك",
    "لمتابعة آخر الأخبار اضغط هنا",
)
SHARE = (
    "شارك هذا الخبر مع أصدقائك",
    "شارك الخبر على مواقع التواصل",
    "مشاركة الخبر عبر البريد الإلكتروني",
    "انسخ رابط الخبر",
)
COMMENTS = (
    "اترك تعليقك على هذا الخبر",
    "أضف تعليقك وشاركنا الرأي",
    "لا توجد تعليقات على هذا الخبر بعد",
    "التعليقات تعبر عن رأي أصحابها فقط",
)
POPULAR = ("الأكثر قراءة", "الأكثر مشاهدة", "الأكثر تعليقا", "آخر الأخبار", "الأكثر تصفحاً", "شريط الأخبار")
BYLINES = ("{wrote}: {name}", "{wrote} - {name}", "{wrote}/ {name}", "بقلم: {name}", "تحرير: {name}", "إعداد: {name}")


def byline(name: str, form: str) -> str:
    """Who wrote it, with a verb of the right gender."""
    wrote = "كتبت" if name.split(maxsplit=1)[0] in words.FEMALE_NAMES else "كتب"
    return form.format(wrote=wrote, name=name)

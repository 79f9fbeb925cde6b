"""Is a page one article: lists, front pages, log-ins and errors of proxies stay out, and no article is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bench.fit.arabic_pages import LISTS, Maker, Shape, short_article
from extract.extractor import extract_article
from extract.page import Page
from extract.verdict.page_card import PAGE_CARD
from storage.model.outcomes import Rejection
from storage.model.records import ArticleText, Rejected
from warraq.demo.portal import DemoSite
from warraq.demo.server.listings import Listings

CAPTURED_AT = datetime(2026, 11, 1, tzinfo=UTC)
BASE = "https://portal.example"
# Seeds that no fitting has seen.
SEEDS = (90_001, 90_002, 90_003, 90_004)


def extracted(body: bytes, *, path: str | None = None, status: int = 200) -> ArticleText | Rejected:
    url = BASE + path if path else None
    return extract_article(Page(body, CAPTURED_AT, url=url, content_type="text/html; charset=utf-8", status=status))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", LISTS, ids=lambda shape: shape.__name__)
def test_an_arabic_list_is_no_article(shape: Shape, seed: int) -> None:
    path, body = shape(Maker(seed))
    result = extracted(body, path=path)
    assert isinstance(result, Rejected)
    assert result.reason in (Rejection.LISTING, Rejection.FRONT_PAGE, Rejection.NO_TEXT)
    assert bool(result.removed_blocks) or shape.__name__ == "_ticker", (
        "what was seen is kept, so that a later look can bring it back"
    )


EXCERPTS = (
    ("موسم الحصاد", "انطلق موسم حصاد القمح في السهل وسط توقعات بإنتاج وفير هذا العام بعد أمطار الشتاء."),
    ("اتفاق المياه", "وقعت ثلاث بلديات اتفاقا لتقاسم مياه السد الجديد وتمديد شبكة الري إلى القرى الشمالية."),
    ("معرض الكتاب", "يشارك أكثر من مئة ناشر في معرض الكتاب الذي افتتح أمس في قصر الثقافة بحضور كتّاب."),
)


def excerpts(title: str, *, more: str = "", own: str = "") -> bytes:
    cards = "".join(
        f'<article><h2><a href="/n/{n}">{head}</a></h2><time>{n} مايو 2026</time><p>{text}</p>{more}</article>'
        for n, (head, text) in enumerate(EXCERPTS, start=1)
    )
    return (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{own}<div>{cards}</div></body></html>".encode()
    )


@pytest.mark.parametrize(
    ("title", "more"),
    [
        ("وسم: الزهراء", ""),
        ("نتائج البحث عن: ميناء", ""),
        ("أرشيف المقالات", ""),
        ("ليلى الحداد من مدينة الزهراء", '<a href="/n/1">اقرأ المزيد</a>'),
        ("ليلى الحداد من مدينة الزهراء", '<a href="/n/1">متابعة القراءة</a>'),
    ],
)
def test_a_short_list_that_calls_itself_one_or_offers_the_rest_of_each_story_is_no_article(
    title: str, more: str
) -> None:
    result = extracted(excerpts(title, more=more), path="/tag/2026-zahra-stories-of-may")
    assert isinstance(result, Rejected)
    assert result.reason is Rejection.LISTING
    assert result.removed_blocks


@pytest.mark.parametrize("classes", ["rtl archive category category-sports", "archive tag tag-7", "archive author"])
def test_what_wordpress_calls_an_archive_is_none_though_its_theme_calls_all_pages_articles(classes: str) -> None:
    own = "<p>كل ما يخص كرة القدم المحلية والعالمية وألعاب القوى.</p>"
    page = excerpts("رياضة", more='<a href="/n/1">اقرأ المزيد</a>', own=own).decode()
    head = '<meta property="og:type" content="article"></head>'
    page = page.replace("</head>", head).replace("<body>", f'<body class="{classes}">')
    result = extracted(page.encode(), path="/category/sports")
    assert isinstance(result, Rejected)
    assert result.reason is Rejection.LISTING
    assert isinstance(
        extracted(short_article(Maker(SEEDS[0]))[1].replace(b"<body", b'<body class="single archive tag"', 1)),
        ArticleText,
    )


def test_short_headlines_of_a_list_that_calls_itself_one_are_headlines_too() -> None:
    rows = "".join(f'<li><a href="/n/{n}">{head}</a><p>{text}</p></li>' for n, (head, text) in enumerate(EXCERPTS))
    page = "<html><head><title>{0}</title></head><body><h1>{0}</h1><ol>{1}</ol></body></html>"
    result = extracted(page.format("نتائج البحث عن: ميناء", rows).encode(), path="/search")
    assert isinstance(result, Rejected)
    assert result.reason is Rejection.LISTING


@pytest.mark.parametrize("text", ["لا توجد مواد منشورة في هذا القسم حاليا.", "لا توجد نتائج مطابقة لبحثك."])
def test_a_section_without_anything_in_it_is_a_list(text: str) -> None:
    page = f"<html><head><title>كاريكاتير - المرفأ</title></head><body><h1>كاريكاتير</h1><p>{text}</p></body></html>"
    result = extracted(page.encode(), path="/category/cartoon")
    assert isinstance(result, Rejected)
    assert result.reason is Rejection.LISTING


@pytest.mark.parametrize(
    ("title", "lines", "reason"),
    [
        ("الخبر", ("لا يوجد خبر بهذا الرقم، أو أنه لم ينشر بعد. الرجاء اختيار خبر آخر.",), Rejection.SOFT_404),
        ("المرفأ", ("الصفحة اللي تدور عليها مو موجودة، ممكن تكون انحذفت أو تغير رابطها.",), Rejection.SOFT_404),
        ("شكرا لاشتراكك", ("أرسلنا إلى بريدك رسالة تأكيد. اضغط على الرابط الموجود فيها.",), Rejection.FRONT_PAGE),
        ("هل تؤيد الدوام الصيفي؟", ("نعم 61%", "لا 39%", "عدد المصوتين: 4,210 من القراء"), Rejection.NO_TEXT),
    ],
)
def test_what_a_site_tells_its_reader_is_no_article(title: str, lines: tuple[str, ...], reason: Rejection) -> None:
    text = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<html><head><title>{title} - المرفأ</title></head><body><h1>{title}</h1>{text}</body></html>"
    result = extracted(page.encode(), path="/p/12")
    assert isinstance(result, Rejected)
    assert result.reason is reason


PORTRAIT = "<p>كاتب وأكاديمي، يدرّس تخطيط المدن في جامعة الساحل، وصدر له كتابان عن موانئ الخليج القديمة.</p>"
COLUMNS = "".join(
    f'<div><a href="/w/{n}">{title}</a> <i>{n} مايو 2026</i></div>'
    for n, title in enumerate(("أرصفة بلا مشاة", "حديقة خلف السور", "جسر بين حيين"), start=1)
)


@pytest.mark.parametrize(
    ("title", "path"),
    [("سالم الحجري، مقالات الكاتب | المرفأ", "/w/7"), ("سالم الحجري - المرفأ", "/writers/7")],
)
def test_a_writers_page_is_a_list_and_a_column_below_such_an_address_is_not(title: str, path: str) -> None:
    page = f"<html><head><title>{title}</title></head><body><h1>سالم الحجري</h1>{{}}{COLUMNS}</body></html>"
    result = extracted(page.format(PORTRAIT).encode(), path=path)
    assert isinstance(result, Rejected)
    assert result.reason is Rejection.LISTING
    assert isinstance(
        extracted(page.format("".join(f"<p>{sentence}</p>" for sentence in COLUMN)).encode(), path=path), ArticleText
    )


def test_a_story_that_begins_like_a_lists_title_is_not_lost_beside_cards() -> None:
    own = "".join(f"<p>{sentence}</p>" for sentence in COLUMN)
    page = excerpts("البحث عن مفقودين في النهر", more='<a href="/n/1">اقرأ المزيد</a>', own=own)
    assert isinstance(extracted(page, path="/2026/05/1/search"), ArticleText)


@pytest.mark.parametrize("seed", [*SEEDS, *range(90_100, 90_130)])
def test_a_short_arabic_article_among_cards_is_not_lost(seed: int) -> None:
    path, body, text = short_article(Maker(seed))
    result = extracted(body, path=path)
    assert isinstance(result, ArticleText), result
    assert result.body.split("\n")[0] == text.split("\n")[0]


def test_the_demo_portals_lists_stay_out() -> None:
    lists = Listings(DemoSite(seed=91, articles=60, days=3))
    day = lists.site.first_day
    for path, body in (("/", lists.front_page()), (f"/archive/{day}", lists.archive_day(day, page=1))):
        assert body is not None
        assert isinstance(extracted(body, path=path), Rejected)


def test_no_article_of_the_demo_portal_is_lost() -> None:
    site = DemoSite(seed=92, articles=20, days=3, hashed_css=True)
    for number in range(20):
        page = site.page(number)
        result = extract_article(Page(page.body, site.calendar.clock, content_type=page.content_type))
        assert isinstance(result, ArticleText), (number, result)


PROXY = (
    "<html><head><title>ERROR: The request could not be satisfied</title></head><body><h1>403 ERROR</h1>"
    "<h2>The request could not be satisfied.</h2><p>Request blocked. We cannot connect to the server for this app or "
    "website at this time. There might be too much traffic or a configuration error. Try again later, or contact the "
    "owner of the website, and tell them what you were doing when this page came up.</p></body></html>"
)
FORBIDDEN = (
    "<html><body><h1>Sorry about that</h1><p>Your visit looks unusual to our edge, so we stopped it before it reached "
    "the site. Please wait for a little while, and then load the page that you wanted to read.</p></body></html>"
)


@pytest.mark.parametrize(("html", "status"), [(PROXY, 200), (PROXY, 403), (FORBIDDEN, 403), (FORBIDDEN, 503)])
def test_an_error_of_a_proxy_is_no_article(html: str, status: int) -> None:
    result = extracted(html.encode(), path="/news/1", status=status)
    assert isinstance(result, Rejected)
    assert result.reason is Rejection.BLOCK_PAGE


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("ERROR: The requested URL could not be retrieved", "Connection to 10.0.0.1 failed. The host may be down."),
        (
            "خطأ: تعذر استرجاع الرابط المطلوب",
            "فشل الاتصال بالخادم. قد تكون الشبكة متوقفة عن العمل، أعد المحاولة لاحقا.",
        ),
        ("خطأ: تعذر الحصول على العنوان المطلوب", "فشل الاتصال بـ 10.1.2.3. قد تكون الشبكة البعيدة متوقفة عن العمل."),
        ("تم حجب الطلب", "رصد جدار الحماية نشاطا غير معتاد من عنوانكم. راسلوا الإدارة مع ذكر رقم الحادثة 0.8d3f1."),
        ("خطأ في قاعدة البيانات", "هذا يعني أن اسم المستخدم غير صحيح أو أنه لا يمكننا الاتصال بالخادم في localhost."),
        ("تم تعليق هذا الحساب", "يرجى التواصل مع مزود الاستضافة لمزيد من المعلومات وإعادة تفعيل الموقع."),
        ("تحقق أمني", "نتأكد من أن الطلب صادر عن شخص حقيقي. اكتب الأحرف الظاهرة في الصورة ثم اضغط متابعة."),
        ("تأكيد العمر", "قد لا تناسب مواد هذه الصفحة بعض القراء. يرجى تأكيد عمرك للمتابعة إلى الموقع."),
        ("الخدمة غير متاحة", "نعتذر عن هذا الخلل، ستعود الصفحات قريبا. شكرا لصبركم، ويمكنكم المحاولة بعد دقائق."),
        ("طلب مرفوض", "تم رفض طلبك من قبل جدار الحماية. تواصل مع الدعم الفني وزوده برقم المرجع 8823991022."),
        ("خطأ في البوابة", "الخادم يستغرق وقتا طويلا في الاستجابة. حاول مجددا بعد دقائق أو اتصل بمزود الاستضافة."),
        ("الخدمة غير متوفرة مؤقتا", "الخادم غير قادر على معالجة طلبك بسبب الضغط الزائد. حاول مرة أخرى بعد قليل."),
        ("سنعود قريبا", "نقوم حاليا بأعمال صيانة للموقع لتحسين تجربتكم. نعتذر عن الإزعاج ونشكر لكم صبركم."),
        ("الموقع محجوب", "تم حجب هذه الصفحة وفقا لأنظمة الدولة. لطلب رفع الحجب املأ النموذج وأرسله إلى الجهة."),
    ],
)
def test_an_error_of_a_proxy_that_says_200_is_no_article(title: str, text: str) -> None:
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    result = extracted(html.encode(), path="/news/1")
    assert isinstance(result, Rejected)
    assert result.reason is Rejection.BLOCK_PAGE


@pytest.mark.parametrize("sign", ["عذرا، المادة غير موجودة", "لا شيء هنا", "عفوا، لم نعثر على ما تبحث عنه"])
def test_a_page_whose_story_is_gone_is_no_article(sign: str) -> None:
    gone = "المادة التي تبحث عنها ربما تم حذفها أو نقلها، ويمكنك العودة إلى الصفحة الأولى أو استخدام صندوق البحث."
    html = f"<html><head><title>{sign}</title></head><body><h1>{sign}</h1><p>{gone}</p></body></html>"
    result = extracted(html.encode(), path="/2024/12/1/a-story-that-was-here")
    assert isinstance(result, Rejected)
    assert result.reason is Rejection.SOFT_404


def test_a_short_article_that_cites_an_error_is_not_lost() -> None:
    title = "بنك النيل يعتذر عن رسالة خطأ 404 لعملائه"
    text = (
        "اشتكى عملاء بنك النيل من ظهور رسالة «الصفحة غير موجودة» عند الدخول إلى حساباتهم مساء أمس. وقال البنك إن موقعه "
        "كان يخضع للصيانة، وإن الخدمة عادت."
    )
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    assert isinstance(extracted(html.encode(), path="/news/52"), ArticleText)


def test_a_story_told_in_pictures_is_not_lost() -> None:
    told = (
        "تاجر يعرض جماله على المشترين مع أول ضوء للشمس.",
        "صبي يقود قطيعا صغيرا نحو المورد القريب من السوق.",
        "مساومة طويلة تنتهي بمصافحة بين البائع والمشتري.",
        "شاحنات تنتظر حمولتها عند بوابة السوق الشرقية.",
        "مقهى السوق يستقبل القادمين من السودان منذ نصف قرن.",
    )
    slides = "".join(f"<div class='slide'><img src='{n}.jpg'><p>{line}</p></div>" for n, line in enumerate(told))
    html = f"<html><body><h1>صور من سوق دراو</h1><div class='gallery'>{slides}</div></body></html>"
    assert isinstance(extracted(html.encode(), path="/photos/45"), ArticleText)


def test_an_article_beside_a_log_in_form_is_not_lost() -> None:
    path, body, _ = short_article(Maker(90_500))
    form = "<form><h5>تسجيل الدخول</h5><input type='text'><input type='password'></form></main>"
    assert isinstance(extracted(body.replace(b"</main>", form.encode()), path=path), ArticleText)


def test_a_log_in_page_is_no_article() -> None:
    body = (
        "<html lang='ar'><head><title>الدخول إلى الحساب</title></head><body><h1>سجل الدخول</h1><p>أهلا بك، أدخل رقم "
        "هاتفك وكلمة المرور لتتابع القراءة وتصل إلى مقالاتك المحفوظة كلها.</p><form><input type='tel'>"
        "<input type='PASSWORD'></form></body></html>"
    )
    result = extracted(body.encode(), path="/account")
    assert isinstance(result, Rejected)
    assert result.reason is Rejection.PAYWALL


def test_the_scorecard_has_few_inputs() -> None:
    assert len(PAGE_CARD.weights) < 30


WALLS = (
    "<h1>نحن نهتم بخصوصيتك</h1><p>نستخدم نحن وشركاؤنا ملفات تعريف الارتباط لتخزين المعلومات على جهازك.</p>",
    "<h1>خصوصيتك تهمنا</h1><p>بالضغط على «موافق» فإنك تقبل معالجة بياناتك من قبلنا ومن قبل شركائنا وعددهم 842.</p>",
    "<p>وفق اللائحة العامة لحماية البيانات نحتاج إلى موافقتكم قبل عرض المحتوى.</p>",
    "<p>يرجى تفعيل ملفات تعريف الارتباط في متصفحك لمتابعة تصفح الموقع.</p>",
    "<h1>We value your privacy</h1><p>We and our 842 partners store and/or access information on a device.</p>",
    "<h1>Please enable cookies</h1><p>This site requires cookies to be enabled in your browser.</p>",
    "<h1>Avec votre accord</h1><p>Nos partenaires et nous utilisons des cookies pour mesurer l'audience.</p>",
)


@pytest.mark.parametrize("wall", WALLS)
def test_a_page_that_only_asks_for_consent_is_a_cookie_wall(wall: str) -> None:
    page = f"<html><head><title>صحيفة المثال</title></head><body><div>{wall}<button>OK</button></div></body></html>"
    result = extracted(page.encode(), path="/news/1")
    assert isinstance(result, Rejected)
    assert result.reason is Rejection.COOKIE_WALL


@pytest.mark.parametrize("banner", WALLS)
def test_an_article_beside_a_question_of_consent_stays_one(banner: str) -> None:
    story = "".join(
        f"<p>أعلنت الهيئة أن قانون حماية البيانات رقم {n} يلزم المواقع بطلب موافقة قرائها قبل حفظ ما يخصهم.</p>"
        for n in range(5)
    )
    page = f"<html><head><title>قانون جديد</title></head><body><div>{banner}</div><article><h1>قانون جديد للبيانات</h1>"
    assert isinstance(extracted(f"{page}{story}</article></body></html>".encode(), path="/news/1"), ArticleText)


SENTENCES = (
    "افتح الموقع الرسمي للجامعة من المتصفح ثم اضغط على خانة الدخول في أعلى الصفحة.",
    "اكتب رقم الطالب وكلمة المرور التي وصلتك في رسالة القبول ثم اضغط زر المتابعة.",
    "إذا نسيت كلمة المرور فاطلب رمزا جديدا يصل إلى هاتفك خلال دقائق معدودة.",
)
ABOUT = (
    "جريدة المرفأ صحيفة يومية مستقلة تأسست عام 1998 في مدينة الميناء وتصدر عن دار المرفأ للصحافة والنشر.",
    "نسعى إلى تقديم خبر دقيق ومهني لقرائنا في كل مكان، ونلتزم بميثاق الشرف الصحفي وأخلاقيات المهنة.",
)
LOGIN_FORM = '<form><input name="user"><input type="password"><button>دخول</button></form>'


def titled(title: str, *sentences: str, before: str = "", behind: str = "") -> ArticleText | Rejected:
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    page = (
        f'<html lang="ar"><head><meta charset="utf-8"><title>{title} | جريدة المرفأ</title></head><body>'
        f"<h1>{title}</h1>{before}<div>{text}</div>{behind}</body></html>"
    )
    return extracted(page.encode(), path="/p/12")


@pytest.mark.parametrize(
    "title", ["تسجيل الدخول إلى منصة مدرستي بالخطوات", "طريقة تسجيل الدخول إلى بوابة الجامعة برقم الطالب"]
)
def test_a_short_story_that_tells_how_to_log_in_is_one_beside_the_sites_own_form(title: str) -> None:
    assert isinstance(titled(title, *SENTENCES, behind=LOGIN_FORM), ArticleText)


@pytest.mark.parametrize(
    "title",
    ["تسجيل الدخول", "تسجيل الدخول إلى حسابك في الجريدة", "Sign in to your account", "Log in to your library account"],
)
def test_the_page_of_the_form_is_none(title: str) -> None:
    result = titled(title, *SENTENCES[1:], behind=LOGIN_FORM)
    assert isinstance(result, Rejected)
    assert result.reason is Rejection.PAYWALL


@pytest.mark.parametrize("title", ["من نحن", "من نحن؟", "اتصل بنا", "سياسة الخصوصية", "هيئة التحرير", "About us"])
def test_what_a_site_says_of_itself_is_no_article(title: str) -> None:
    result = titled(title, *ABOUT)
    assert isinstance(result, Rejected)
    assert result.reason is Rejection.FRONT_PAGE
    assert result.removed_blocks


def test_a_dated_column_of_that_title_and_a_headline_that_begins_so_are_articles() -> None:
    assert isinstance(titled("من نحن؟", *ABOUT, before="<div>3 ديسمبر 2024</div>"), ArticleText)
    assert isinstance(titled("من نحن لنحكم على أحلام الآخرين", *ABOUT), ArticleText)


COLUMN = (
    "سألني صديق قديم ونحن نعبر الجسر: من نحن حقا؟ ولم أجد جوابا سهلا، فالسؤال أكبر من أن تحمله جملة واحدة.",
    "نحن أبناء مدينة تعبت من الأسئلة، ومع ذلك لا تكف عن طرحها كل صباح في المقاهي وعلى أرصفة المحطات.",
    "هكذا لا أملك إلا أن أقول إننا ما نفعله حين لا يرانا أحد، وما نتركه خلفنا حين نمضي في آخر النهار.",
)


def test_an_undated_column_of_that_title_is_an_article_where_it_is_signed_or_speaks_of_something_else() -> None:
    assert isinstance(titled("من نحن؟", *COLUMN), ArticleText)
    copyright = "<footer><p>© 2024 جميع الحقوق محفوظة</p></footer>"
    assert isinstance(titled("من نحن؟", *ABOUT, behind=copyright), Rejected), "a copyright line dates no column"
    assert isinstance(titled("من نحن؟", *ABOUT, before="<div>بقلم: عادل المنصوري</div>"), ArticleText)

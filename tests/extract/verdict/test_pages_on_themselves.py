"""Pages that sites have beside their stories: errors, works, walls, lists of a writer or subject, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.outcomes import Rejection
from storage.model.records import ArticleText, Rejected

TEXT = (
    "كانت نساء القرية يمشين ساعتين قبل شروق الشمس كي يعدن بصفيحتين من ماء عكر من غدير بعيد عن بيوتهن.",
    "واختار الأهالي لجنة من خمس نساء لإدارة المضخة، وتدفع كل أسرة ما تقدر عليه لصندوق الصيانة كل شهر.",
    "وخلال الأشهر الثلاثة الأولى عادت إحدى وعشرون فتاة إلى المدرسة، وهو ما لم يكن في أهداف المشروع كلها.",
)
WHOLE = "".join(f"<p>{line}</p>" for line in TEXT)
STORIES = "".join(
    f'<h3><a href="/n/{n}">عنوان خبر من أخبار المدينة رقم {n}</a></h3><p>قال الأهالي إنهم ينتظرون منذ عام كامل.</p>'
    for n in range(5)
)


def extracted(body: str, *, title: str, head: str = "", path: str = "/n/71") -> ArticleText | Rejected:
    page = f'<html lang="ar"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'
    return extract_article(Page(page.encode(), datetime(2026, 11, 20, tzinfo=UTC), url=f"https://sidra.example{path}"))


def reason(body: str, *, title: str, head: str = "", path: str = "/n/71") -> Rejection | None:
    result = extracted(body, title=title, head=head, path=path)
    return result.reason if isinstance(result, Rejected) else None


OG_ARTICLE = '<meta property="og:type" content="article">'


@pytest.mark.parametrize(
    ("body", "title", "path", "said"),
    [
        # Paragraphs of the site's own on an error; the whole title says what it is.
        (
            f"<h1>عذرا، هذه الصفحة خرجت ولم تعد</h1><article><p>ربما تغير عنوانها بعد انتقال الموقع إلى نظام جديد، "
            f"وربما وصلت إلينا من رابط قديم.</p><p>تأكد من كتابة العنوان بصورة صحيحة، أو استخدم مربع البحث، أو عد إلى "
            f"الصفحة الأولى حيث تجد أخبار اليوم كلها مرتبة.</p></article>{STORIES}",
            "الصفحة غير موجودة (404) | السدرة",
            "/2019/06/old-story-4471",
            Rejection.SOFT_404,
        ),
        (
            "<h1>الموقع قيد الصيانة</h1><p>ننقل الخوادم ونحدث قاعدة البيانات، وتستمر الأعمال حتى السادسة من صباح "
            "الغد.</p><p>خلال هذه المدة لن تتمكنوا من تصفح الأرشيف، ويمكنكم متابعة أهم الأخبار على صفحاتنا.</p>",
            "نعود إليكم بعد قليل | السدرة",
            "/economy/87113",
            Rejection.BLOCK_PAGE,
        ),
        (
            "<h1>خصوصيتك تهمنا، ومانع الإعلانات يوقفنا</h1><p>نلاحظ أنك تستخدم برنامجا لحجب الإعلانات، ومنها تعيش "
            "السدرة.</p><p>نحن وشركاؤنا نخزن معلومات على جهازك أو نصل إليها، مثل المعرفات الفريدة، لمعالجة البيانات "
            "وقياس الأداء وتطوير الخدمات، ويمكنك أن ترفض في أي وقت تشاء.</p>",
            "موافقة على ملفات تعريف الارتباط | السدرة",
            "/reportage/5531",
            Rejection.COOKIE_WALL,
        ),
        (
            f"<h1>سلمى الخطاط</h1>{WHOLE}{STORIES}",
            "سلمى الخطاط | السدرة",
            "/authors/salma",
            Rejection.LISTING,
        ),
        (f"<h1>سد الوحدة</h1>{WHOLE}{STORIES}", "سد الوحدة: أخبار | السدرة", "/tag/سد-الوحدة", Rejection.LISTING),
        (
            f"<h1>بحر نظيف، ومورد يدوم</h1>{WHOLE}{STORIES}",
            "الصفحة الرئيسية | هيئة السدرة",
            "/ar/Pages/default.aspx",
            Rejection.FRONT_PAGE,
        ),
        (
            f"<h1>فنجان السابعة: نشرتك الصباحية</h1><p>بدأت النشرة قبل أعوام، وتصل اليوم إلى آلاف القراء في "
            f"بيوتهم.</p>{WHOLE}",
            "فنجان السابعة | اشترك مجانا",
            "/newsletters/finjan",
            Rejection.FRONT_PAGE,
        ),
        (
            f"<h1>عذرا، لم نجد الصفحة التي تبحث عنها</h1><article class=entry-content><p>ربما تغير عنوانها بعد انتقال "
            f"الموقع إلى نظام جديد، وربما وصلت إلينا من رابط قديم.</p><p>تأكد من كتابة العنوان بصورة صحيحة، أو استخدم "
            f"مربع البحث، أو عد إلى الصفحة الأولى حيث تجد أخبار اليوم كلها مرتبة.</p></article>{STORIES}",
            "لم يتم العثور على الصفحة - السدرة",
            "/2019/06/old-story-4471",
            Rejection.SOFT_404,
        ),
        (
            "<h1>لقد قرأت موادك المجانية لهذا الشهر</h1><p>الصحافة الجيدة تحتاج إلى وقت ومال، وخلف كل تحقيق محرر قضى "
            "أسابيع في القراءة.</p><p>باشتراكك في السدرة تساعدنا على أن نبقى مستقلين، وتحصل على الأرشيف كله.</p>"
            f"{STORIES}",
            "اشترك في السدرة",
            "/subscribe",
            Rejection.PAYWALL,
        ),
        (
            f"<h2>العدد 3341 - الأحد 17 تشرين الثاني 2024</h2><p>اضغط على صورة الصفحة لفتحها، ويمكن تنزيل العدد كاملا "
            f"في ملف واحد.</p>{STORIES}",
            "النسخة الورقية - السدرة",
            "/pdf",
            Rejection.LISTING,
        ),
        (
            "<h1>الموقع قيد الصيانة</h1><p>نعمل هذه الليلة على نقل موقع الوكالة إلى خوادم جديدة لنخدمكم بسرعة "
            "أكبر.</p><p>يمكنكم في هذه الأثناء متابعة الأخبار العاجلة عبر قناتنا أو الاتصال بغرفة الأخبار.</p>",
            "قريبا نعود | وكالة السدرة",
            "/news/4471",
            Rejection.BLOCK_PAGE,
        ),
        (
            "<h1>Connectez-vous pour lire la suite</h1><p>Cet article est réservé à nos abonnés. Vous avez déjà un "
            "compte ?</p><h2>Essentiel</h2><p>Tous les articles en illimité, sans engagement.</p>",
            "Connexion - La Sidra",
            "/enquete/4471",
            Rejection.PAYWALL,
        ),
        (
            "<h1>أسعار الإعلانات</h1><p>يزور موقع السدرة كل شهر آلاف القراء من مدن الساحل ومن قرى الجبل البعيدة.</p>"
            "<p>نوفر للمعلنين فريق تصميم وتقريرا أسبوعيا بعدد مرات الظهور.</p>",
            "أسعار الإعلانات | السدرة",
            "/rates",
            Rejection.FRONT_PAGE,
        ),
    ],
)
def test_what_a_site_says_beside_its_stories_is_no_story(body: str, title: str, path: str, said: Rejection) -> None:
    assert reason(body, title=title, path=path) is said


@pytest.mark.parametrize(
    ("body", "title", "head", "path"),
    [
        (
            f"<h1>الموقع قيد الصيانة: كيف فقدت القرية أرشيفها</h1>{WHOLE}",
            "كيف فقدت القرية أرشيفها",
            OG_ARTICLE,
            "/n/71",
        ),
        (f"<h1>خطأ 404 يربك عملاء المصرف</h1>{WHOLE}", "خطأ 404 يربك عملاء المصرف", "", "/n/71"),
        (
            f"<h1>قرية السدرة تحفر بئرها</h1>{WHOLE}{STORIES}",
            "قرية السدرة تحفر بئرها",
            "",
            "/category/mahaliyat/102933",
        ),
        (
            f"<h1>قرية السدرة تحفر بئرها الأولى</h1>{WHOLE}{STORIES}",
            "قرية السدرة تحفر بئرها الأولى",
            '<meta property="article:published_time" content="2024-11-28T10:00:00Z">',
            "/tag/sidra",
        ),
    ],
)
def test_a_story_of_such_a_thing_or_at_such_an_address_is_one(body: str, title: str, head: str, path: str) -> None:
    assert reason(body, title=title, head=head, path=path) is None


VACANCIES = "".join(
    f"<div><h2><a href='/j/{n}'>محاسب {n}</a></h2><p>تطلب الشركة محاسبا بخبرة {n} سنوات ويجيد لغتين.</p>"
    f"<div><span>قبل {n} ساعات</span> <a href='/j/{n}/apply'>قدم الآن</a></div></div>"
    for n in range(2, 8)
)
SCORES = "".join(f"<div><b>الوحدات</b> {n} - 1 <b>الفيصلي</b></div><a href='/m/{n}'>التفاصيل</a>" for n in range(6))


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (f"<h1>وظائف شاغرة اليوم في صلالة ومسقط</h1>{WHOLE}{VACANCIES}", "وظائف شاغرة اليوم في صلالة ومسقط | السدرة"),
        (f"<h1>مباريات اليوم: نتائج وأهداف</h1>{SCORES}{WHOLE}", "مباريات اليوم: نتائج وأهداف | السدرة"),
    ],
)
def test_a_board_has_the_same_button_below_each_of_its_entries_and_nothing_dates_it(body: str, title: str) -> None:
    assert reason(body, title=title, path="/board") is Rejection.LISTING
    published = '<meta property="article:published_time" content="2024-11-28T10:00:00Z">'
    assert reason(body, title=title, path="/board", head=published) is None
    dated = body.replace("</h1>", "</h1><div>الخميس 28 نوفمبر 2024</div>", 1)
    assert reason(dated, title=title, path="/board") is None


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("مصرع سائق في انقلاب شاحنة", "تجاوزت الشاحنة السرعة المسموح بها على المنحنى، وفق بيان المرور."),
        ("توزيع كتب على تلاميذ القرية", "وبلغت الكتب المجانية ألف كتاب، وتكفي تلاميذ المدارس الثلاث كلها."),
        ("اشترك في جريمة: الحكم على حارس", "وكان المتهم يعمل حارسا في موقع البناء، وله هاتف باسم غيره."),
        ("الجريدة الورقية: هل ماتت في القرى", "تصل الجريدة إلى القرية بعد الظهر، ويقرؤها الشيوخ في المقهى الوحيد."),
        ("نتائج الشهادة الإعدادية - PDF", "أعلنت المديرية نتائج الشهادة، ويمكن تنزيلها من الموقع في ملف واحد."),
    ],
)
def test_words_of_walls_and_indexes_in_a_short_story_that_states_nothing_do_not_reject_it(
    title: str, said: str
) -> None:
    told = f"<h1>{title}</h1><div><p>{TEXT[0]}</p><p>{said}</p><p>{TEXT[1]}</p></div>"
    assert reason(told, title=f"{title} | السدرة") is None


def test_a_policy_is_the_sites_whatever_its_theme_states_and_a_story_of_one_is_none() -> None:
    said = "<p>نحترم في السدرة زوار موقعنا، وتوضح هذه الصفحة بياناتك التي نجمعها وكيف نستخدمها.</p>"
    stated = '<script type="application/ld+json">{"@type": "BlogPosting", "headline": "سياسة الخصوصية"}</script>'
    assert reason(f"<h1>سياسة الخصوصية</h1>{said}{WHOLE}", title="سياسة الخصوصية - السدرة", head=stated) is not None
    of_it = stated.replace("سياسة الخصوصية", "سياسة الخصوصية: ما الذي تغير")
    story = f"<h1>سياسة الخصوصية: ما الذي تغير</h1>{said}{WHOLE}"
    assert reason(story, title="سياسة الخصوصية: ما الذي تغير - السدرة", head=of_it) is None
    signed = f"<h1>من نحن</h1><p>بقلم: سلمى الخطاط</p>{said}{WHOLE}"
    assert reason(signed, title="من نحن - السدرة", head=stated.replace("سياسة الخصوصية", "من نحن")) is None


def test_a_day_below_a_headline_of_two_words_makes_it_a_storys() -> None:
    others = "".join(
        f"<dt><a href='/n/{n}'>عنوان خبر من أخبار المدينة رقم {n}</a></dt><dd>حذرت الأرصاد للمرة {n} من تشكل الضباب في "
        f"ساعات الفجر، وطالبت السائقين بترك {n} أمتار بينهم.</dd>"
        for n in range(12)
    )
    told = (
        "<p>ورد في الصفحة الثالثة من عدد أمس أن الشركة أوقفت رحلاتها إلى الشرق، والصحيح أنها خفضت عددها إلى النصف "
        "حتى نهاية الموسم.</p><p>تعتذر الصحيفة للشركة وللقراء عن هذا الخطأ.</p>"
    )
    day = "<div>الإثنين 14 أكتوبر 2024</div>"
    html = f"<h2>تصويب واعتذار</h2>{day}{told}<div><h3>من العدد نفسه</h3><dl>{others}</dl></div>"
    found = extracted(html, title="تصويب واعتذار - جريدة السدرة")
    assert isinstance(found, ArticleText)
    assert found.title == "تصويب واعتذار"


def test_two_sentences_beside_a_film_are_a_story_where_the_title_is_theirs() -> None:
    title = "شاهد.. باعة الثلج في السدرة: مهنة تذوب ولا تموت"
    head = '<meta property="og:type" content="video.other">'
    told = (
        "<p>قبل الفجر بساعة يصطف الباعة أمام مصنع الثلج الوحيد في المدينة، ويحمل كل منهم ما يكفي عشرين بيتا. "
        "وما زالت الألواح تقطع بالمنشار وتلف بالخيش كما كانت قبل نصف قرن.</p>"
    )
    film = "<video src='/1.mp4'></video>"
    assert reason(f"{film}<h1>{title}</h1>{told}", title=f"{title} | السدرة", head=head) is None
    caption = "<p>باعة الثلج أمام المصنع الوحيد في المدينة قبل شروق الشمس بساعة كاملة.</p>"
    assert reason(f"{film}<h1>{title}</h1>{caption}", title=f"{title} | السدرة", head=head) is Rejection.VIDEO


def test_a_long_sentence_beside_a_film_is_a_story_and_a_line_is_none() -> None:
    title = "شاهد.. صياد ينقذ دلفينا علق في شباكه قبالة السدرة"
    head = '<meta property="og:type" content="video.other">'
    line = "وثق صيادون قبالة السدرة لحظة تحرير دلفين صغير علق في شباك أحدهم"
    told = f"{line}، قبل أن يعود إلى البحر وسط هتاف الواقفين على المركب، ويقول صاحبه إنها المرة الثالثة في هذا العام."
    film = "<video src='/1.mp4'></video>"
    assert reason(f"{film}<h1>{title}</h1><p>{told}</p>", title=f"{title} | السدرة", head=head) is None
    assert reason(f"{film}<h1>{title}</h1><p>{line}.</p>", title=f"{title} | السدرة", head=head) is Rejection.VIDEO


def test_a_signed_story_of_an_error_page_whose_title_is_the_errors_number_is_an_article() -> None:
    body = (
        "<h1>«خطأ 404».. بوابة الخدمات الحكومية تتعطل يوما كاملا</h1><div>كتب عدنان الحوراني</div>"
        "<div>الأحد، 18 كانون الثاني 2026 17:05</div><div><p>فوجئ آلاف المراجعين، صباح الأحد، بعبارة «404 - الصفحة غير "
        "موجودة» حين حاولوا حجز مواعيدهم.</p><p>وأوضحت الوزارة في بيان أن الخلل نجم عن نقل البوابة إلى خادم جديد.</p>"
        "<p>وقال موظف إن مكتبه أعاد أكثر من مئة مراجع إلى بيوتهم.</p></div>"
    )
    assert isinstance(extracted(body, title="404"), ArticleText)
    assert isinstance(extracted(body.replace("كتب عدنان الحوراني", "").replace("2026", ""), title="404"), Rejected)


def test_what_a_content_system_calls_a_heading_is_one_on_a_page_whose_title_is_a_number() -> None:
    cell = "<tr><td class='contentheading'>«خطأ 404».. بوابة الخدمات الحكومية تتعطل يوما كاملا</td></tr>"
    day = "<tr><td class='createdate'>الأحد، 18 كانون الثاني 2026 17:05</td></tr>"
    text = (
        "<tr><td><p>فوجئ آلاف المراجعين، صباح الأحد، بعبارة «404 - الصفحة غير موجودة» حين حاولوا حجز مواعيدهم.</p>"
        "<p>وأوضحت الوزارة في بيان أن الخلل نجم عن نقل البوابة إلى خادم جديد.</p>"
        "<p>وقال موظف إن مكتبه أعاد أكثر من مئة مراجع إلى بيوتهم.</p></td></tr>"
    )
    result = extracted(f"<table>{cell}{day}{text}</table>", title="404")
    assert isinstance(result, ArticleText)
    assert result.title == "«خطأ 404».. بوابة الخدمات الحكومية تتعطل يوما كاملا"


@pytest.mark.parametrize(
    ("body", "title", "head"),
    [
        (
            "<h1>Politique de confidentialité</h1><p>Dernière mise à jour : 9 janvier 2026</p><p>Vous nous confiez des "
            f"informations lorsque vous lisez notre journal.</p>{WHOLE}",
            "Politique de confidentialité – Le Plateau",
            '<meta property="article:published_time" content="2026-01-09T10:00:00+00:00">',
        ),
        (
            "<h1>جدول البرامج والبث المباشر</h1><table><tr><td>06:00</td><td>صباح السواحل</td><td>مجلة يومية تجمع "
            "أخبار الطقس وحالة الطرق مع ضيف في الاستوديو.</td></tr><tr><td>09:30</td><td>من أرض الميناء</td><td>وثائقي "
            "قصير عن عمال الأرصفة في أربع مدن.</td></tr></table>",
            "جدول البرامج والبث المباشر | تلفزيون السواحل",
            "",
        ),
        (
            f"<h1>أسعار الذهب والعملات اليوم</h1><p>{TEXT[0]}</p>",
            "أسعار الذهب والعملات اليوم في مصر لحظة بلحظة - سوق السدرة",
            "",
        ),
    ],
)
def test_policies_and_boards_whatever_they_are_called(body: str, title: str, head: str) -> None:
    assert reason(body, title=title, head=head) is not None


def test_a_body_that_is_called_an_error_is_one() -> None:
    told = f"<h1>We lost it</h1><p>{TEXT[0]}</p><p>{TEXT[1]}</p>"
    page = f'<html><head><meta charset="utf-8"><title>Sidra</title></head><body class="x error404">{told}</body></html>'
    found = extract_article(Page(page.encode(), datetime(2026, 11, 20, tzinfo=UTC), url="https://sidra.example/n/1"))
    assert isinstance(found, Rejected)
    assert found.reason is Rejection.SOFT_404
    dated = page.replace("<title>", '<meta property="article:published_time" content="2026-11-02T10:00:00Z"><title>')
    story = Page(dated.encode(), datetime(2026, 11, 20, tzinfo=UTC), url="https://sidra.example/n/1")
    assert isinstance(extract_article(story), ArticleText)


def test_the_day_on_a_page_of_a_proxy_makes_it_no_story() -> None:
    said = (
        "<h1>Connection timed out <span>Error code 522</span></h1><div>2026-06-02 07:41:55 UTC</div>"
        "<h2>What happened?</h2><p>The initial connection between the network and the origin web server timed out, so "
        "the page cannot be shown.</p><p>Please try again in a few minutes, or contact your provider and tell them.</p>"
    )
    assert reason(said, title="sidra.example | 522: Connection timed out") is Rejection.BLOCK_PAGE
    told = f"<p>{TEXT[0]}</p><p>وظهرت للزوار رسالة connection timed out.</p>{WHOLE}"
    title = "خدمات البنك تعود بعد ساعتين من التوقف"
    assert reason(f"<h1>{title}</h1>{told}", title=f"{title} - السدرة", head=OG_ARTICLE) is None


HOME = "<h1>أهلا بكم في مدرسة النور</h1><div>" + WHOLE + "</div>"


@pytest.mark.parametrize("path", ["/", "/index.php", "/?lang=ar", "/ar/home"])
def test_a_sites_own_address_with_neither_day_nor_writer_is_no_article(path: str) -> None:
    website = '<meta property="og:type" content="website">'
    assert reason(HOME, title="مدرسة النور", head=website, path=path) is Rejection.FRONT_PAGE


@pytest.mark.parametrize(
    ("head", "path"),
    [
        (OG_ARTICLE, "/"),
        ("", "/?p=123"),
        ("", "/n/71"),
        ('<meta property="article:published_time" content="2026-11-02">', "/"),
    ],
)
def test_an_article_at_such_an_address_stays(head: str, path: str) -> None:
    title = "قرية السدرة تحفر بئرها الأولى بعد عقدين"
    assert reason(f"<h1>{title}</h1><div>{WHOLE}</div>", title=title, head=head, path=path) is None


DATED = f'{OG_ARTICLE}<meta property="article:published_time" content="2026-11-02T10:00:00Z">'


@pytest.mark.parametrize(
    "sentence", ["فاز الهلال على النصر 3-1.", "عاجل: استقالة وزير النقل من منصبه.", "Harbour two, Hill one."]
)
def test_a_sentence_of_a_few_words_is_an_article_where_headline_kind_and_day_are_stated(sentence: str) -> None:
    title = "قرية السدرة تحفر بئرها الأولى بعد عقدين"
    body = f'<h1>{title}</h1><div class="article-body"><p>{sentence}</p></div>'
    assert reason(body, title=title, head=DATED) is None
    assert reason(body, title=title) is Rejection.NO_TEXT
    film = body.replace("</p>", '</p><video src="v.mp4"></video>')
    assert reason(film, title=title, head=DATED) is Rejection.VIDEO


@pytest.mark.parametrize(
    ("title", "text", "said"),
    [
        (
            "Page introuvable",
            "La page que vous cherchez n'existe plus ou a été déplacée. Vérifiez l'adresse.",
            Rejection.SOFT_404,
        ),
        ("صفحه یافت نشد", "صفحه مورد نظر شما یافت نشد. ممکن است این صفحه حذف شده باشد.", Rejection.SOFT_404),
        (
            "sidra.example",
            "This domain name is for sale. Interested parties can make an offer below.",
            Rejection.BLOCK_PAGE,
        ),
        ("تنبيه", "إن الموقع الذي تحاول الوصول إليه محظور بموجب أنظمة هيئة الاتصالات في الدولة.", Rejection.BLOCK_PAGE),
        (
            "Not available",
            "You are attempting to access this website from a country where it is not available in your region.",
            Rejection.BLOCK_PAGE,
        ),
    ],
)
def test_errors_and_blocks_in_other_words(title: str, text: str, said: Rejection) -> None:
    assert reason(f"<h1>{title}</h1><p>{text}</p>", title=title, path="/story/123") is said


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("منطقة الأعضاء", "هذه الصفحة متاحة للأعضاء المسجلين فقط، يرجى إدخال اسم المستخدم وكلمة السر للمتابعة."),
        ("Giriş Yap", "Haberin devamını okumak için lütfen hesabınıza giriş yapın veya ücretsiz üye olun."),
        ("ورود به سایت", "برای ادامه مطالعه این مطلب لطفا وارد حساب کاربری خود شوید یا ثبت نام کنید."),
    ],
)
def test_walls_in_other_words(title: str, text: str) -> None:
    form = '<form><input name="u"><input type="password"></form>'
    assert reason(f"<h1>{title}</h1><p>{text}</p>{form}", title=title, path="/story/123") is Rejection.PAYWALL


FOUND = "".join(
    f'<div><a href="/n/{n}">Kopalnia soli otwiera nową trasę numer {n}</a><p>Górnicy z kopalni otwierają nową trasę '
    f"dla zwiedzających, która prowadzi przez komorę numer {n} sprzed dwóch wieków.</p></div>"
    for n in range(6)
)


@pytest.mark.parametrize(
    "title", ["Wyniki wyszukiwania: kopalnia", "Suchergebnisse", "Résultats de recherche pour sel"]
)
def test_results_of_a_search_in_other_words(title: str) -> None:
    assert reason(f"<h1>{title}</h1>{FOUND}", title=title, path="/szukaj?q=kopalnia") is Rejection.LISTING


def test_a_release_in_japanese_is_measured_by_its_letters() -> None:
    """No blanks stand between its words."""
    title = "熊対策に柿の木の伐採費用を補助します"
    text = (
        "源市では、昨年秋に市街地での目撃が過去最多に達したことを受け、放置された柿の木を切る費用の一部を補助する制度を始めます。",
        "熊は一度覚えた餌場に繰り返し現れます。実のなる季節の前に木を減らすことが、最も確実な対策です。",
        "伐採した枝は市の炭焼き体験施設で活用し、冬には希望する世帯へ炭として配ります。",
    )
    links = "".join(f'<li><a href="/p/{n}">水道料金の改定についてのお知らせ</a></li>' for n in range(6))
    body = f"<ul>{links}</ul><h1>{title}</h1>{''.join(f'<p>{line}</p>' for line in text)}<ul>{links}</ul>"
    result = extracted(body, title=f"源市／{title}", path="/kohyo/kuma.html")
    assert isinstance(result, ArticleText), result
    assert (result.title, result.body.splitlines()) == (title, list(text))

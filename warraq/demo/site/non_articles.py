"""Pages of the demo portal that are no articles, each with the rejection that is right; and three that are, oddly shaped."""

# ruff: noqa: E501 -- markup is wrapped where a reader of markup expects it

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from html import escape

from storage.model.outcomes import Rejection
from warraq.demo.site import words
from warraq.demo.site.furniture import Surroundings, paragraphs
from warraq.demo.site.sentences import say
from warraq.demo.site.truth import Story, Stub
from warraq.demo.site.written_times import egyptian_line

STUBS = {
    stub.path: stub
    for stub in (
        Stub("/story/gallery-1", "بالصور.. ألوان السوق القديمة في يوم العيد", Rejection.GALLERY),
        Stub("/story/video-1", "بالفيديو.. لحظة عبور السفينة من الممر الضيق", Rejection.VIDEO),
        Stub("/story/paywall-1", "ملف خاص: ما لم تقله تقارير الموانئ", Rejection.PAYWALL),
        Stub("/story/missing-1", "الصفحة غير موجودة", Rejection.SOFT_404),
        Stub("/story/block-1", "Just a moment...", Rejection.BLOCK_PAGE),
        Stub("/story/cookies-1", "قبل أن تواصل القراءة", Rejection.COOKIE_WALL),
        Stub("/story/script-1", "خريطة تفاعلية لأسعار القمح", Rejection.SCRIPT_BODY),
    )
}


def render_stub(stub: Stub, around: Surroundings) -> str:
    """The page of a stub; a block page and a cookie wall have none of the site's furniture."""
    if stub.expected is Rejection.BLOCK_PAGE:
        return (
            '<!DOCTYPE html><html lang="en"><head><title>Just a moment...</title><meta name="robots" content="noindex"></head>'
            "<body><h1>Checking your browser before accessing the site</h1><p>Verify you are human by completing the action "
            'below.</p><div id="challenge-form" class="cf-turnstile"></div><p>Ray ID: 8f0a1b2c3d4e5f60</p></body></html>'
        )
    if stub.expected is Rejection.COOKIE_WALL:
        return (
            f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><title>{stub.title}</title></head><body><div id="consent-wall">'
            f"<h2>{stub.title}</h2><p>نستخدم ملفات تعريف الارتباط لتحسين تجربتك. يجب قبول ملفات تعريف الارتباط للمتابعة إلى الموقع.</p>"
            "<button>قبول الكل</button><button>رفض</button><a href='/page/3'>سياسة الخصوصية</a></div></body></html>"
        )
    return _framed(stub.title, _INSIDES[stub.expected](stub, around), around)


def _gallery(stub: Stub, around: Surroundings) -> str:
    frames = "".join(
        f'<figure><img src="/static/gallery/{n}.jpg" alt=""><figcaption>صورة {n} من 24</figcaption></figure>'
        for n in range(1, 25)
    )
    return f'<h1>{stub.title}</h1><div class="gallery photo-album">{frames}</div>'


def _video(stub: Stub, around: Surroundings) -> str:
    return (
        f'<h1>{stub.title}</h1><div class="player"><iframe src="https://player.example/embed/1" allowfullscreen></iframe>'
        '<video controls src="/static/v1.mp4"></video></div><p>مدة الفيديو 01:24</p>'
    )


def _paywall(stub: Stub, around: Surroundings) -> str:
    ld = '{"@context":"https://schema.org","@type":"NewsArticle","isAccessibleForFree":false}'
    lead = say("sentence", 3, seed=97, template=4)
    return (
        f'<script type="application/ld+json">{ld}</script><h1>{stub.title}</h1><p>{escape(lead[:70])}…</p>'
        '<div class="paywall"><h3>هذا المحتوى للمشتركين فقط</h3><p>اشترك الآن لقراءة المقال كاملا، أو سجل الدخول إذا كنت مشتركا.</p>'
        '<a href="/subscribe">اشترك</a></div>'
    )


def _missing(stub: Stub, around: Surroundings) -> str:
    return f"<h1>{stub.title}</h1><p>عذرا، الصفحة التي تبحث عنها غير موجودة أو تم حذفها.</p><a href='/'>العودة إلى الرئيسية</a>"


def _script(stub: Stub, around: Surroundings) -> str:
    return (
        f'<h1>{stub.title}</h1><div id="article-root" data-id="9931"></div><noscript>يرجى تفعيل جافا سكريبت لعرض المقال</noscript>'
        '<script>fetch("/api/article/9931").then(r=>r.json()).then(a=>{document.getElementById("article-root").innerHTML=a.body})</script>'
    )


_INSIDES: dict[Rejection, Callable[[Stub, Surroundings], str]] = {
    Rejection.GALLERY: _gallery,
    Rejection.VIDEO: _video,
    Rejection.PAYWALL: _paywall,
    Rejection.SOFT_404: _missing,
    Rejection.SCRIPT_BODY: _script,
}


def _framed(title: str, inside: str, around: Surroundings) -> str:
    return (
        f'<!DOCTYPE html><html lang="ar" dir="rtl">{around.head(title=f"{title} | {words.SITE_SHORT}")}<body>'
        f"<header>{around.menu()}<span>{around.header_clock()}</span></header><main>{inside}</main>"
        f"<aside>{around.popular()}</aside><footer>{around.footer()}</footer></body></html>"
    )


PERSIAN = (
    "وزارت راه اعلام کرد که ساخت بندر تازه در کرانه جنوبی از ماه آینده آغاز می‌شود و سه سال به درازا می‌کشد.",
    "به گفته مهندس کیوان راستین، این بندر می‌تواند روزانه ۴۲ کشتی کوچک را پذیرا باشد و گذر کالا را آسان کند.",
    "ماهیگیران شهر می‌گویند پیش از هر چیز باید راه روستایی گسترش یابد تا بار آنان زودتر به بازار برسد.",
    "گزارش‌ها نشان می‌دهد که هزینه این طرح نزدیک به ۱۸ میلیون دلار است و نیمی از آن را صندوق توسعه می‌پردازد.",
)
ENGLISH = (
    "The harbour authority of the demo coast said on Monday that ferries will run every forty minutes from next month.",
    "Engineer Nabil Haddad said the two new piers were finished eleven weeks early because the winter had been mild.",
    "Fishermen asked for a separate channel, arguing that last year's collisions cost them more than 300 working days.",
    "The council is expected to vote on the channel in March, after a survey of the sea bed has been published.",
)
ODD_TITLES = {
    "/story/persian-1": "آغاز ساخت بندر تازه در کرانه جنوبی",
    "/story/english-1": "New ferry piers open eleven weeks early",
    "/story/live-1": "تغطية مباشرة: عاصفة الساحل الشمالي ساعة بساعة",
}


def odd_story(path: str, base: Story) -> Story:
    """The article behind an odd page: another language, or a live blog; the rest is taken from `base`."""
    texts: tuple[str, ...]
    if path == "/story/persian-1":
        texts, language = PERSIAN, "fa"
    elif path == "/story/english-1":
        texts, language = ENGLISH, "en"
    else:
        texts, language = tuple(say("sentence", n, seed=89, template=n) for n in range(10)), "ar"
    return replace(
        base,
        title=ODD_TITLES[path],
        paragraphs=texts,
        language=language,
        author=None,
        agency=None,
        subheadings=frozenset(),
    )


def render_odd(story: Story, around: Surroundings) -> str:
    """The page of an odd story; a live blog stamps each entry with its time."""
    texts: Iterable[str] = paragraphs(story.paragraphs)
    if story.title == ODD_TITLES["/story/live-1"]:
        texts = (f'<div class="entry"><time>{9 + n}:{n * 5:02d}</time>{text}</div>' for n, text in enumerate(texts))
    metas = f'<meta property="article:published_time" content="{story.local_time.isoformat()}">'
    direction = "ltr" if story.language == "en" else "rtl"
    return (
        f'<!DOCTYPE html><html lang="{story.language}" dir="{direction}">{around.head(title=story.title, metas=metas)}<body>'
        f"<header>{around.menu()}{around.header_clock()}</header><main><h1>{escape(story.title)}</h1>"
        f'<p class="date">{egyptian_line(story.local_time)}</p><div class="story-text">{"".join(texts)}</div>'
        f"<div>{around.share()}</div></main><aside>{around.popular()}</aside><footer>{around.footer()}</footer></body></html>"
    )

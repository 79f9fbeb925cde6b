"""Lines with a label: tags, source, masthead, date, caption; those of writers are in `bylines.py`."""

from __future__ import annotations

from extract.boilerplate.rules.bylines import BYLINE_RULES
from extract.boilerplate.rules.phrases import DATE_LABEL, DATE_WORDS
from extract.boilerplate.rules.rule import LEADING, LINE, LINK, NO_STOP, OVER, OWN_NAME, TRAILING, Form, rule
from extract.lexicon.agencies import AGENCY

_TAGS = (
    r"(?:الكلمات (?:المفتاحيه|الداله|الدلاليه|الدليليه)|كلمات (?:مفتاحيه|دلاليه|داله|البحث)|الوسوم|وسوم"
    r"|هاشتاج(?:ات)?|هاشتاغ(?:ات)?|(?:ال)?تاجات|تاج|تاغ(?:ات)?|تاق(?:ات)?|tags?)"
)
# What is done with a text on a day, in a section.
_PUT = r"(?:نشرت?|نشره|النشر|اضيفت?|ادرجت?|كتبت?|كتبه|حررت?)"

LABELS_RULES = (
    rule(
        "tags.label",
        Form.LABEL,
        rf"(?:{_TAGS}|الاوسمه|اوسمه|التصنيفات|تصنيفات|التصنيف|الاقسام|القسم|الموضوع"
        r"|المواضيع|موضوعات|مواضيع|علامات"
        r"|ارشيف التصنيف|اظهار الرسايل ذات التسميات|الكلمات)",
        LINK,
        LEADING,
        TRAILING,
        removes="<div>الكلمات الدالة : الري، السدود، الزراعة</div>",
        spares="<p>الموضوع: هكذا عنون الوزير رسالته القصيرة، ثم كتب تحتها سطرا واحدا يقبل فيه استقالة المدير.</p>",
        max_words=40,
        sentence_words=3,
    ),
    rule(
        "tags.words",
        Form.LABEL,
        r"(?:الكلمات (?:المفتاحيه|الداله|الدلاليه|الدليليه)|كلمات (?:مفتاحيه|دلاليه|داله|البحث))",
        LINE,
        removes="<p>كلمات دلالية: الري، السدود، الزراعة</p>",
        spares="<p>كلمات دلالية كثيرة في الخطاب، يقول الباحث: إنها تكررت أكثر من عشرين مرة في نصف ساعة فقط.</p>",
        max_words=40,
    ),
    rule(
        "tags.marked",
        Form.LABEL,
        _TAGS,
        NO_STOP,
        removes="<p>الوسوم: الري، السدود، الزراعة</p>",
        spares="<p>الوسوم: كلمة قديمة، يقول المعجم، معناها العلامات التي كانت توضع على الإبل لتعرف من غيرها.</p>",
        max_words=24,
    ),
    rule(
        "tags.heading",
        Form.LINE,
        rf"(?:{_TAGS}|الاوسمه|التصنيفات|تصنيفات)",
        LINE,
        removes="<div>الوسوم</div>",
        spares="<p>الوسوم الغاضبة التي ملأت المنصات مساء الخميس اختفت كلها تقريبا قبل ظهر اليوم التالي.</p>",
    ),
    rule(
        "tags.row",
        Form.LINE,
        r"(?:الكلمات (?:المفتاحيه|الداله|الدلاليه|الدليليه)|كلمات (?:مفتاحيه|دلاليه|داله)|الوسوم|وسوم)(?: \S+){1,15}",
        TRAILING,
        removes="<p>الكلمات المفتاحية الري السدود الزراعة</p>",
        spares="<p>الوسوم الغاضبة ملأت المنصات مساء الخميس، ثم اختفت كلها قبل أن يستيقظ المذيع الذي أثارها.</p>",
        max_words=18,
        sentence_words=3,
    ),
    rule(
        "source.label",
        Form.LABEL,
        r"(?:المصدر|المصادر|مصدر(?: الخبر)?|نقلا عن|source|الوكاله|وكالات|متابعات)",
        LEADING,
        TRAILING,
        removes="<p>المصدر: وكالة الأناضول</p>",
        spares=(
            "<p>المصدر: قلب القرية، يقول الأهالي، عين ماء صغيرة لم تجف يوما، وحولها بنوا البيوت والطاحونة القديمة.</p>"
        ),
        max_words=12,
        sentence_words=6,
    ),
    rule(
        "source.line",
        Form.LINE,
        r"(?:المصدر|المصادر|source)",
        LINE,
        removes="<p>المصدر:</p>",
        spares="<p>المصدر الذي تحدث إلينا طلب ألا يذكر اسمه، لأنه غير مخول بالحديث إلى الصحافة.</p>",
    ),
    rule(
        "source.references",
        Form.LINE,
        r"(?:(?:قايمه|اهم) )?(?:ال)?مراجع(?: (?:ال)?(?:علميه|طبيه|معتمده|مستخدمه))?"
        r"|(?:ال)?(?:مصادر|مراجع) و(?:ال)?(?:مراجع|مصادر)",
        OVER,
        removes=(
            "<div><b>المراجع</b><ol><li>دليل صيانة الطرق الجبلية، نقابة المهندسين، 2021.</li></ol></div>"
            "<div class='c'><h4>سوق السمك القديم يصبح متحفا</h4><p>يفتح المتحف أبوابه مطلع الربيع المقبل.</p></div>"
        ),
        spares="<p>المراجع التي عاد إليها المؤلف كانت رسائل الجنود إلى أمهاتهم، ومنها خرجت أجمل فصول الكتاب كله.</p>",
        max_words=3,
        ends_article=True,
    ),
    *BYLINE_RULES,
    rule(
        "source.named",
        Form.LINE,
        r"(?:(?:ال)?مصدر(?: الخبر)?|source) \S+(?: \S+)?|نقلا عن \S+(?: \S+){0,2}"
        rf"|عن (?:(?:وكاله|صحيفه|جريده|موقع|شبكه|قناه|مجله)(?: \S+){{1,2}}|{AGENCY})",
        LEADING,
        TRAILING,
        removes="<p>المصدر رويترز</p>",
        spares="<p>المصدر العسكري الذي تحدث إلى الوكالة قال إن القوات لم تتقدم في المدينة منذ مساء أول أمس.</p>",
        max_words=5,
    ),
    rule(
        "source.own",
        Form.LINE,
        r"(?:نقلا )?عن(?: \S+){1,4}|(?:\S+ ){1,4}(?:خاص|متابعات|وكالات)|ترجمه(?: \S+){1,3}",
        OWN_NAME,
        removes="<p>عن صدى الوادي</p>",
        spares="<p>عن صدى الوادي كتب الرحالة صفحتين، ثم مضى إلى القرى التي على سفح الجبل ولم يعد.</p>",
        max_words=6,
    ),
    rule(
        "control.end_of_release",
        Form.LINE,
        r"انتهي|انتهي البيان|ends|end of (?:text|release)",
        LINE,
        removes="<p>ENDS</p>",
        spares="<p>انتهى كل شيء في دقائق، كما قال أحد الشهود، ولم يبق في الساحة سوى رائحة الدخان.</p>",
        ends_article=True,
    ),
    rule(
        "control.text_end",
        Form.LINE,
        r"(?:انتهي|انتهت|يتبع|انتهي الخبر|تم)(?: \S{1,4}){0,4}|(?:[\d ]{6,20})?(?:نهايه الخبر|النهايه|انتهاي پيام)"
        r"|\d{1,2} \d{2} (?:ت م|بتوقيت غرينتش|جمت|تغ|غ)(?: \d{3,5})?",
        TRAILING,
        removes="<p>// انتهى // 14:08 ت م</p>",
        spares="<p>انتهى كل شيء، قال الحارس لزميله، ثم أطفأ المصابيح واحدا بعد آخر وأغلق باب المصنع القديم.</p>",
    ),
    rule(
        "masthead.label",
        Form.LABEL,
        r"(?:رييس (?:مجلس (?:الاداره|الامناء)|التحرير|التنفيذي)(?: و?رييس (?:مجلس الاداره|التحرير))?"
        r"|الاشراف العام|المشرف العام|مدير (?:عام )?(?:ال)?تحرير|مستشار التحرير|المدير (?:العام|المسوول"
        r"|التنفيذي)|نايب رييس التحرير|صاحب الامتياز)(?: التنفيذي| المسوول| العام)?",
        LEADING,
        TRAILING,
        NO_STOP,
        removes="<p>رئيس التحرير : منصور الكيال</p>",
        spares=(
            "<p>رئيس مجلس الإدارة : قرار الدمج نهائي، ولا عودة عنه، وسنعلن مواعيد التنفيذ في الجمعية "
            "العمومية المقبلة.</p>"
        ),
        max_words=24,
        sentence_words=3,
    ),
    rule(
        "byline.agency_desk",
        Form.INSIDE,
        r"(?:اعداد|تغطيه|كتابه|شارك في) .{3,80} (?:للنشره العربيه|تحرير \S+ \S+$)|^reporting by .{3,120} editing by",
        TRAILING,
        removes="<p>(إعداد مروة الخطيب للنشرة العربية - تحرير عصام نبيل)</p>",
        spares="<p>قالت إن إعداد النشرة الأولى للنشرة العربية أخذ من الفريق سنة كاملة، ثم صدرت في موعدها بلا خطأ.</p>",
        max_words=18,
    ),
    rule(
        "date.line",
        Form.LINE,
        r"(?!(?:\d+ )*(?!(?:19|20)\d\d\b)\d{3,}(?: \d+)*$)"  # 158,500 is a price
        rf"(?:{DATE_LABEL} ){{0,4}}(?:{DATE_WORDS} ?){{2,16}}"
        rf"(?:(?: ?{DATE_LABEL}){{1,3}} ?(?:{DATE_WORDS} ?){{1,12}}){{0,3}}"
        r"(?: ?(?:انسخ|نسخ|شارك|مشاركه|طباعه|اطبع|مشاهده|قراءه|زياره|(?:حجم )?الخط)(?: الرابط| الخبر)?)?",
        LEADING,
        TRAILING,
        NO_STOP,
        removes="<div>الإثنين، 24 أغسطس 2020 09:23 ص</div>",
        spares="<p>الاثنين 24 أغسطس 2020 كان يوما عاديا في حياة القرية، إلى أن وصلت سيارة الإسعاف الأولى.</p>",
        max_words=24,
    ),
    rule(
        "date.filed",
        Form.LINE,
        # When it was put where: «نشر بتاريخ 09 جويلية 2024 في الجهات», «نشر في الجهات يوم 09 جويلية 2024».
        rf"(?:تم )?{_PUT} (?:هذ[اه] \S+ )?(?:{DATE_LABEL} ){{0,3}}(?:{DATE_WORDS} ?){{2,12}}"
        rf"(?:(?:{DATE_LABEL} )?(?:{DATE_WORDS} ){{1,4}})?(?:في|ضمن|تحت|بقسم) \S+(?: \S+){{0,3}}"
        rf"|(?:تم )?{_PUT} (?:(?:في|ضمن|تحت) (?:\S+ ){{1,4}}?|هذ[اه] \S+ )"
        rf"(?:في|يوم|بتاريخ) (?:{DATE_WORDS} ?){{2,12}}"
        r"|(?:published|posted|filed|written|publie|publicado|pubblicato|veroffentlicht) (?:by (?:\S+ ){1,3})?"
        r"(?:(?:on|le|el|il|am) )?\S+ \S+ 20\d\d (?:\S+ ){0,3}?(?:in|under|dans|en|em|par|by|unter) \S+(?: \S+){0,3}",
        LEADING,
        removes="<p>نُشر بتاريخ 09 جويلية 2024 في الجهات</p>",
        spares="<p>نشر في 9 يوليو 2024 في الجريدة قرار لم يقرأه أحد، وبعد عام واحد صار حديث المدينة كلها.</p>",
        max_words=18,
        sentence_words=3,
    ),
    rule(
        "date.signature",
        Form.LINE,
        # «ل.ن.أ 1715 جمت 11/01/2026»: how agencies end a report.
        r"(?:\S{1,12} ){1,4}\d{3,4} (?:جمت|gmt) \d{1,2} \d{1,2} \d{4}",
        LINE,
        removes="<p>ص.و.أ 1715 جمت 11/01/2026</p>",
        spares="<p>كانت الساعة 1715 جمت حين انطلقت صفارات السفن كلها في الميناء، ثم ساد صمت لم تعرفه المدينة.</p>",
    ),
    rule(
        "date.figures",
        Form.LINE,
        r"\d{1,6}(?: \d{1,6}){0,5}",
        LEADING,
        removes="<div>1,204</div>",
        spares="<p>1204 هو العام الذي يذكره المؤرخون حين يسألهم الزوار عن عمر السوق القديم.</p>",
    ),
    rule(
        "date.label",
        Form.LABEL,
        r"(?:التاريخ|تاريخ النشر|نشر في|نشر بتاريخ|نشر|تم نشره|تم النشر|اخر تحديث|تاريخ اخر تحديث|تم التحديث"
        r"|تم تحديثه|حرر في|الوقت|published|updated|last updated|posted on)(?: (?:في|بتاريخ|يوم|الساعه|on))?",
        LEADING,
        TRAILING,
        NO_STOP,
        removes="<p>تاريخ النشر: صباح الجمعة الماضي، العدد 1204</p>",
        spares=(
            "<p>التاريخ: مادة لا يحبها أغلب التلاميذ، لكن هذا المعلم جعلها أكثر الحصص ازدحاما في المدرسة كلها.</p>"
        ),
        max_words=20,
    ),
    rule(
        "caption.line",
        Form.LINE,
        r"(?:صوره (?:ارشيفيه|تعبيريه|توضيحيه|من الارشيف|متداوله|الخبر|ارشيف)(?: (?:\S+ ){0,4}\S+)?|ارشيفيه"
        r"|تعبيريه|(?:مصدر )?(?:الصوره|الصور)(?: (?:من|عن|ل))?(?: \S+){0,4}|(?:شرح|تعليق) (?:علي )?(?:الصوره|الصور).*"
        r"|getty(?: ?images)?"
        r"|(?:رويترز|afp|reuters|ا ف ب|epa|ap)(?: \S+){0,3}|photo \S+(?: \S+){0,4})",
        LEADING,
        TRAILING,
        NO_STOP,
        removes="<div>صورة أرشيفية</div>",
        spares=(
            "<p>صورة أرشيفية نادرة للمدينة كما كانت قبل قرن عثر عليها باحث في مكتبة صغيرة، وسيعرضها المتحف قريبا.</p>"
        ),
        max_words=9,
        sentence_words=3,
    ),
    rule(
        "caption.photographer",
        Form.LABEL,
        r"تصوير|عدسه|بعدسه",
        NO_STOP,
        removes="<div>تصوير: أحمد الطوقي</div>",
        spares="<p>تصوير: هكذا سمى المخرج الفصل الأول من كتابه، وفيه يحكي عن أول آلة اشتراها بأجرة شهر كامل.</p>",
        max_words=6,
    ),
    rule(
        "caption.credit",
        Form.LINE,
        r"(?:c |copyright )?(?:reuters|afp|ap|epa|getty images?|رويترز|ا ف ب|الاناضول|sputnik|anadolu"
        r"|shutterstock|dpa|tass|xinhua|photo)(?: \S+){0,6}",
        NO_STOP,
        LEADING,
        TRAILING,
        removes="<div>© Getty Images / Sami Nazer</div>",
        spares="<p>رويترز نقلت عن ثلاثة مصادر أن الاتفاق جاهز، وأن توقيعه ينتظر عودة الوزير من سفره.</p>",
        max_words=8,
    ),
)

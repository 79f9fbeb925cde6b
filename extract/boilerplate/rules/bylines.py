"""Who wrote it, in lines of their own: labels with a name, what a writer does, desks, reviewers."""

from __future__ import annotations

from extract.boilerplate.rules.phrases import NOT_SAYING, PROFESSION
from extract.boilerplate.rules.rule import LEADING, NO_STOP, TRAILING, Form, rule

BYLINE_RULES = (
    rule(
        "byline.label",
        Form.LABEL,
        r"(?:كتب|كتبت|كتبه|كتبته|كتبها|بقلم|تحرير|حوار|حاوره|حاورته|تقرير|اعداد|اعد التقرير|تحقيق|ترجمه"
        r"|تصوير|عدسه|محرر|المحرر|المحرره|الكاتب|الكاتبه|بواسطه|متابعه|مراسل\S*(?: (?:في|الي|ل) \S+)?"
        r"|كتب وتصوير|اشراف|خاص|by"
        r"|written by|author|editor|photo(?: by)?"
        r"|اعداد وتحرير|متابعه وتحرير|مراجعه|رصد|تغطيه)(?: \S+)?",
        LEADING,
        TRAILING,
        removes="<p>كتب: سامي الغريب</p>",
        spares="<p>كتب: لن أعود، ثم طوى الورقة ووضعها تحت المصباح وخرج من الباب الذي دخل منه قبل عشرين عاما.</p>",
        max_words=10,
        sentence_words=3,
    ),
    rule(
        "byline.asked_by",
        Form.LINE,
        # Below the words that introduce who was asked.
        r"(?:حاوره|حاورته|حاورها|حاورتها|حاورهم|حاورتهم|حاورهما)(?: \S+){2,4}",
        NO_STOP,
        removes="<p>حاورته: ريهام الصاوي</p>",
        spares="<p>حاورته ريهام الصاوي طويلا.</p>",
        max_words=5,
    ),
    rule(
        "byline.wrote",
        Form.LINE,
        r"(?:كتب|كتبت|بقلم|تصوير|حوار|تقرير|اعداد|تحقيق|ترجمه|by)(?: \S+){2,5}",
        LEADING,
        removes="<p>كتبت ريهام الصاوي</p>",
        spares="<p>كتب الطلاب رسائل شكر طويلة إلى معلمهم، وقرأها في الحفل وهو يبكي.</p>",
        max_words=6,
        sentence_words=3,
    ),
    rule(
        "byline.role",
        Form.START,
        r"(?:role|author|reporter|byline)\b",
        LEADING,
        removes="<p>Role, صدى الوادي - عمّان</p>",
        spares="<p>Author كلمة إنجليزية قديمة، يقول المعجم، جاءت من اللاتينية ومعناها الأول هو الذي ينمي الشيء.</p>",
    ),
    rule(
        "byline.about",
        Form.LINE,
        # «كاتبة مصرية», «الكاتب أستاذ في الجامعة»; «الكاتبة فلانة رحلت أمس» is a sentence.
        rf"(?!ال(?!\S+ {PROFESSION}\b)){NOT_SAYING}{PROFESSION}(?: \S+){{0,11}}",
        TRAILING,
        removes="<p>* كاتب وأكاديمي أردني</p>",
        spares="<p>كاتب ومخرج وممثل في آن واحد، هكذا عرفته المدينة قبل أن يترك المسرح ويعود إلى قريته.</p>",
    ),
    rule(
        "byline.about_one",
        Form.LINE,
        rf"{PROFESSION}(?: \S+){{0,11}}",
        TRAILING,
        removes="<p>الكاتب سامي الغريب</p>",
        spares="<p>الكاتب سامي الغريب رحل أمس، وترك على مكتبه رواية لم يكتب من فصلها الأخير سوى سطرين اثنين.</p>",
        sentence_words=3,
    ),
    rule(
        "byline.about_heading",
        Form.LINE,
        r"(?:عن|نبذه عن|من هو|من هي) (?:ال)?(?:كاتب|كاتبه|شاعر|شاعره|مولف|مولفه|محرر|محرره|مترجم|مترجمه)",
        TRAILING,
        NO_STOP,
        removes="<div><h4>عن الشاعر</h4><p>ولد في قرية السدرة، وله ثلاث مجموعات.</p></div>",
        spares="<p>عن الكاتب قال صاحبه إنه لم يره يوما بلا دفتر، ثم أخرج من جيبه ورقة صغيرة بخط يده القديم.</p>",
    ),
    rule(
        "byline.reach_writer",
        Form.START,
        # «للتواصل مع الكاتبة عبر حسابها», «بريد الكاتب»
        r"(?:للتواصل|للمراسله|لمراسله|لمتابعه|يمكن\S* (?:متابعه|التواصل)|تواصل(?:وا)?|راسل(?:وا)?|تابع(?:وا)?"
        r"|بريد|ايميل|حساب) (?:مع )?(?:ال)?(?:كاتب|محرر|صحفي|مولف|مراسل|معد)ه?(?: \S+){0,8}",
        TRAILING,
        removes="<p>للتواصل مع الكاتبة عبر حسابها @almizan_nour</p>",
        spares="<p>للتواصل مع الكاتبة وقف القراء في طابور طويل أمام باب المكتبة، وحمل كل واحد نسخته من الرواية.</p>",
        sentence_words=4,
    ),
    rule(
        "byline.desk",
        Form.LINE,
        # Whose it is, where nobody signs.
        r"(?:غرفه الاخبار|(?:فريق|هييه|قسم) التحرير|(?:محرر|خاص) \S+(?: نيوز| نت| برس)?)",
        LEADING,
        TRAILING,
        removes="<p>غرفة الأخبار</p>",
        spares="<p>فريق التحرير في المجلة القديمة، كما يروي أحدهم، كان يجتمع كل مساء في مقهى صغير قرب المطبعة.</p>",
        max_words=4,
    ),
    rule(
        "byline.reviewed",
        Form.LINE,
        r"(?:راجع|راجعت|دقق|دققت) (?:هذ[اه] )?(?:الاجابه|المقال|المقاله|المحتوي|النص|الماده|المعلومات)(?: طبيا| علميا)?"
        r"(?: \S+){1,5}",
        LEADING,
        TRAILING,
        removes="<p>راجع الإجابة فريق طبي</p>",
        spares="<p>راجع النص لجنة من ثلاثة أساتذة، ثم أعادته إلى الطالب مع ملاحظات بلغت ضعف حجم الرسالة نفسها.</p>",
        max_words=9,
    ),
    rule(
        "byline.office",
        Form.LINE,
        r"(?:ال)?(?:قسم|دايره|مكتب|اداره|مديريه|وحده) (?:ال)?(?:اعلام\S*|علاقات|اتصال\S*|صحاف\S*)(?: \S+){0,4}",
        TRAILING,
        removes="<p>قسم الإعلام والعلاقات العامة</p>",
        spares="<p>قسم الإعلام في الجامعة يستقبل هذا العام ضعف ما كان يستقبله من الطلاب، وفق عميد الكلية الجديد.</p>",
        max_words=7,
    ),
)

"""What the portal wants of the reader: follow, download, subscribe, click."""

from __future__ import annotations

from extract.boilerplate.rules.phrases import CHANNEL, FOLLOW, NETWORKS, NEWS
from extract.boilerplate.rules.rule import LEADING, LINE, LINK, NO_STOP, TRAILING, Form, rule

PROMOTION_RULES = (
    rule(
        "promo.follow",
        Form.START,
        rf"(?:لل?مزيد (?:من (?:الاخبار|التفاصيل) )?)?{FOLLOW}\b.*\b{CHANNEL}\b.*",
        LINK,
        removes="<p>تابع أحدث الأخبار في يومها عبر <a href='https://t.me/almizan'>قناة الميزان الإخبارية</a></p>",
        spares=(
            "<p>تابعوا الفنان الشاب على قناة يوتيوب صغيرة قبل أن يعرفه الجمهور، وكانوا أول من صدق موهبته "
            "ودافع عنها.</p>"
        ),
        max_words=45,
    ),
    rule(
        "promo.follow_place",
        Form.START,
        rf"(?:لل?مزيد (?:من (?:الاخبار|التفاصيل) )?)?{FOLLOW} (?:{NEWS} .{{0,60}}?)?"
        rf"(?:(?:عبر|علي|من خلال|في|الي|و?{FOLLOW}) )?(?:{CHANNEL})"
        rf"(?:(?: \S+){{0,6}}$|.* (?:{NETWORKS}|[لو]\S*صلك\S*|كل جديد|الان|اضغط)\b)",
        LEADING,
        TRAILING,
        removes="<p>تابعوا آخر الأخبار عبر قناة الميزان على تلغرام.</p>",
        spares="<p>تابع الفريق رئيس هيئة قناة الري أعمال توسعة المجرى خلال جولة ميدانية شملت ثلاثة مواقع.</p>",
        max_words=24,
    ),
    rule(
        "promo.follow_news",
        Form.START,
        rf"(?:لل?مزيد (?:من (?:الاخبار|التفاصيل) )?)?{FOLLOW} {NEWS}\b"
        rf".{{0,60}} (?:عبر|علي|من خلال|في) {CHANNEL}(?: \S+){{0,6}}",
        LINE,
        removes="<p>تابعوا آخر أخبارنا عبر صفحتنا على فيسبوك</p>",
        spares=(
            "<p>تابعوا أخبار النتيجة من الراديو في المقهى الوحيد المفتوح، وانفجروا بالهتاف حين أعلن المذيع "
            "اسم بلدتهم.</p>"
        ),
        max_words=30,
    ),
    rule(
        "promo.ours",
        Form.START,
        r"(?:لل?مزيد .{0,30})?(?:و)?(?:تابع|تابعوا|تابعونا|تابعنا|انضم|انضموا|اشترك|اشتركوا|للاشتراك|للانضمام|لمتابعه"
        r"|زوروا|حملوا|حمل)\b"
        r".{0,60}\b(?:قناتنا|قنواتنا|صفحتنا|صفحاتنا|حسابنا|حساباتنا|منصاتنا|تطبيقنا|مجموعتنا|مجموعاتنا|نشرتنا)\b.*",
        LINE,
        removes="<p>تابعوا قناتنا على تلجرام ليصلكم كل جديد.</p>",
        spares="<p>تابعوا أعمالهم في الورشة على ضوء الشموع، فلما عادت الكهرباء كانت القطعة الأخيرة قد اكتملت.</p>",
        max_words=25,
    ),
    rule(
        "promo.network_at_end",
        Form.START,
        rf"(?:و)?(?:تابع|تابعوا|تابعونا|تابعنا|انضم|انضموا|اشترك|اشتركوا|للاشتراك|لمتابعه)\b.*"
        rf" (?:علي|عبر|في) {NETWORKS}(?: الان)?$",
        NO_STOP,
        removes="<p>تابع صفحة الميزان على أخبار جوجل</p>",
        spares="<p>تابعوا المباراة عبر يوتيوب، ثم خرجوا إلى الشارع يحملون الأعلام ويغنون حتى ساعة متأخرة.</p>",
        max_words=14,
    ),
    rule(
        "promo.address",
        Form.INSIDE,
        r"\bt me \S+|\bwa me \S+|whatsapp com (?:channel|send)|news google com",
        LINE,
        removes="<p>رابط القناة: https://t.me/almizan_news</p>",
        spares="<p>قال إن me كلمة تعلمها الأطفال قبل أي كلمة أخرى في درس اللغة الأول من العام الجديد.</p>",
        max_words=25,
    ),
    rule(
        "promo.contact",
        Form.LABEL,
        r"(?:للتواصل|للاعلان|للاعلانات|للاستفسار|راسلنا|للمراسله|تواصل معنا)(?: \S+){0,3}",
        TRAILING,
        removes="<p>للتواصل: info@almizan.example</p>",
        spares="<p>للتواصل: هكذا سمى المعلم درسه الأخير، وطلب فيه من كل تلميذ أن يكتب رسالة إلى صديق بعيد.</p>",
        max_words=20,
    ),
    rule(
        "promo.follow_line",
        Form.LINE,
        r"(?:تابعونا|تابعنا|تابع(?:وا)?|للتواصل معنا|تواصل معنا|انضم الينا|اشترك معنا|follow us)(?: (?:علي"
        r"|عبر|في|on))?(?: الان)?",
        LINE,
        removes="<p>تابعونا على:</p>",
        spares="<p>تابعونا بنظراتهم حتى غابت السيارة خلف التل، ثم عاد كل منهم إلى عمله دون كلمة.</p>",
    ),
    rule(
        "promo.app",
        Form.START,
        # An invitation begins with it; a report of an application names its subject first.
        r"(?:\S+ ){0,3}(?:(?:تحميل|حمل|حملوا|نزل|تنزيل|download).{0,25}(?:تطبيق|التطبيق|app)"
        r"|app store|google play|apple store|اب ستور|جوجل بلاي|غوغل بلاي)",
        LINK,
        LEADING,
        TRAILING,
        removes="<p>متوفر الآن على App Store و Google Play</p>",
        spares=(
            "<p>قال الباحث إن تحميل التطبيق على هاتف قديم يستغرق دقائق، وإن أغلب المشاركين في التجربة لم "
            "يلاحظوا الفرق.</p>"
        ),
        max_words=25,
    ),
    rule(
        "promo.newsletter",
        Form.START,
        # Spoken to the reader, or a label: reports too tell of letters, messages and bulletins.
        r"(?=.*(?:(?:النشره|نشره|نشرتنا) (?:\S+ )?(?:البريديه|الالكترونيه|الاخباريه|اليوميه|الاسبوعيه)"
        r"|اشترك(?:وا)? في (?:النشره"
        r"|نشرتنا|خدمه|قناتنا|الاشعارات)|(?:بريدك|البريد) الالكتروني"
        r"|(?:خدمه )?(?:الرسايل النصيه|الاشعارات)|رسايل sms|newsletter))"
        r"(?:.*\b(?:اشترك\S*|للاشتراك|سجل\S*|للتسجيل|ادخل\S*|بريدك\S*|احصل\S*|\S*صلك\S*|نشرتنا)\b|(?:\S+ ?){1,5}$)",
        LINK,
        LEADING,
        TRAILING,
        removes="<p>النشرة البريدية: أدخل بريدك الإلكتروني هنا</p>",
        spares=(
            "<p>أرسلت الوزارة القرار عبر البريد الإلكتروني إلى المديريات، وطلبت الرد عليه قبل نهاية الأسبوع الجاري.</p>"
        ),
        max_words=30,
    ),
    rule(
        "promo.newsletter_line",
        Form.START,
        r"(?:(?:اشترك|اشتركوا|سجل|سجلوا|انضم|انضموا)(?: الان| معنا| مجانا)? (?:في|الي|ل|ب) ?)?"
        r"(?:نشرتنا|النشره) (?:\S+ )?"
        r"(?:البريديه|الالكترونيه|الاخباريه|اليوميه|الاسبوعيه)\b",
        NO_STOP,
        removes="<p>النشرة الإلكترونية أهم الأخبار في بريدك كل صباح</p>",
        spares="<p>النشرة اليومية للأرصاد تأخرت ساعتين، ولم يعرف الصيادون هل يخرجون إلى البحر أم ينتظرون يوما آخر.</p>",
        max_words=25,
    ),
    rule(
        "promo.click_here",
        Form.INSIDE,
        r"(?:اضغط|انقر|اضغطوا|انقروا|من) هنا|click here|اضغط علي (?:الرابط|الصوره)",
        LINK,
        NO_STOP,
        removes="<p>لمشاهدة الصور كاملة <a href='/11'>اضغط هنا</a></p>",
        spares="<p>من هنا بدأت الحكاية، قال الشيخ وهو يشير إلى بئر جافة عند طرف القرية، ثم سكت قليلا.</p>",
        max_words=16,
    ),
    rule(
        "promo.link",
        Form.START,
        rf"(?:لل?مزيد|لمشاهده|شاهد\S*|لقراءه|اقرا\S*|للتحميل|{FOLLOW})\b.*(?:عبر|علي|من خلال|في) (?:هذا )?الرابط\b.*",
        LINK,
        NO_STOP,
        removes="<p>لمشاهدة الحلقة كاملة عبر الرابط التالي</p>",
        spares="<p>ويستطيع الراغبون في التسجيل أن يقدموا طلباتهم عبر الرابط https://majlis.example/apply</p>",
        max_words=16,
    ),
)

"""What sites call their pages on themselves and their boards, and how such pages speak, in folded spelling."""

from __future__ import annotations

import re

# The whole title of what a site says of itself and no story is called.
_POLICY = (
    r"(?:سياسه|سياسات) (?:ال)?(?:خصوصيه|نشر|تحرير|استخدام|موقع|تحريريه)|(?:ال)?شروط و(?:ال)?احكام"
    r"|(?:شروط|اتفاقيه|احكام) (?:ال)?(?:استخدام|خدمه|موقع)|اخلاء (?:ال)?مسووليه"
    r"|(?:اتصل|اتصلوا|للاتصال) بنا|(?:تواصل|تواصلوا|للتواصل) معنا|(?:اعلن|للاعلان|الاعلان) (?:معنا|لدينا)"
    r"|(?:اسعار|تعرفه|تعريفه|قايمه اسعار) (?:ال)?اعلان(?:ات)?(?: (?:في|علي|لدي) .{0,40})?|advertising rates|rate card"
    r"|about us|contact(?: us)?|(?:privacy|cookies?) (?:policy|notice|statement)"
    r"|terms (?:of (?:use|service)|and conditions)"
    r"|advertise with us|mentions legales|impressum|datenschutz(?:erklarung|hinweise)?|nutzungsbedingungen|agb"
    r"|politique de confidentialite|(?:politique|charte) (?:des |de |relative aux )cookies"
    r"|conditions generales(?: d(?: utilisation|e vente))?"
    r"|politica (?:de|sobre) (?:privaci?dade?|cookies)|aviso (?:legal|de privacidad)"
    r"|term(?:os|inos) (?:de|y) (?:uso|condiciones)"
    r"|informativa (?:sulla )?privacy|termini (?:e condizioni|d uso)"
    r"|(?:privacy|cookie)(?:verklaring|beleid|statement)|gebruiksvoorwaarden"
    r"|gizlilik (?:politikasi|sozlesmesi)|kullanim kosullari"
)
POLICY_TITLE = re.compile(_POLICY)
# And of what a story may be called that has a day or a writer.
SITE_PAGE_TITLE = re.compile(
    rf"(?:{_POLICY}|من نحن|نبذه عنا|تعرف علينا"
    r"|عن (?:ال)?(?:موقع|صحيفه|جريده|قناه|شبكه|بوابه|وكاله|مجله|موسسه)|(?:هييه|فريق|اسره) (?:ال)?(?:تحرير|عمل)"
    r"|روي(?:تنا|ه الموقع)(?: ورسالتنا)?"
    r"|شكرا (?:لك |لكم )?(?:ل|علي )(?:اشتراك|تسجيل|تواصل)(?:ك|كم)(?: (?:في|معنا).{0,30})?"
    r"|(?:اشترك|سجل)(?:وا)? (?:مجانا|الان)|نشراتنا(?: البريديه)?|(?:ال)?نشرات (?:ال)?بريديه"
    r"|(?:باقات|خطط|عروض|اسعار) (?:ال)?اشتراك(?:ات)?|(?:ال)?اشتراكات?"
    r"|about|our team|contact(?:er|ez)?(?: la redaction|[ -]nous)|qui sommes[ -]nous"
    r"|kontakt|contacto|quienes somos|iletisim|hakkimizda|kunye)"
)
# Of what is on when, played now, or printed.
BOARD_TITLE = re.compile(
    r"(?:جدول|دليل|مواعيد|شبكه) (?:ال)?(?:برامج|بث|قنوات)"
    r"(?: (?:لل?)?(?:ال)?يوم(?: \S+){0,5}| (?:قناه|تلفزيون)(?: \S+){1,3})?(?: و(?:ال)?بث (?:ال)?(?:مباشر|حي))?"
    r"|(?:ال)?اسعار (?:\S+ ){1,7}لحظه بلحظه"
    r"|(?:مواقيت|اوقات|مواعيد) (?:ال)?صلاه(?: اليوم)?(?: في \S+(?: \S+)?)?"
    r"|(?:ال)?(?:نسخه|طبعه|جريده|صحيفه) (?:ال)?(?:ورقيه|pdf)|(?:ارشيف|تصفح) (?:ال)?اعداد(?: (?:ال)?سابقه)?"
    r"|(?:نتايج )?(?:مباريات|المباريات)(?: اليوم)? (?:مباشره?|لحظه بلحظه)|(?:ال)?نتايج (?:ال)?مباشره"
    r"|tv (?:guide|listings|schedule)|programme tv|tv ?programm"
)
# What such a page says of itself, besides its title.
SPEAKS_OF_ITSELF = re.compile(
    r"\b(?:و|ب|ل|ف|في )?(?:موقعنا|صحيفتنا|جريدتنا|قناتنا|شبكتنا|بوابتنا|منصتنا|وكالتنا|مجلتنا|موسستنا"
    r"|خدماتنا|محتوانا|رسالتنا|رويتنا|بريدنا|مكاتبنا|قراينا|زوارنا|(?:ال|لل)(?:موقع|صحيفه|جريده|شبكه|بوابه|منصه|قناه"
    r"|وكاله|مجله|موسسه|نشره)"
    r"|هاتف|فاكس|بريد|ايميل|بيانات(?:ك|كم)|خصوصيت(?:ك|كم)|استخدام(?:ك|كم)|استفسارات(?:ك|كم)|اراي(?:ك|كم)"
    r"|we|our|us|you|your|email|phone|nous|notre|vous|votre|telephone|wir|unser\S*|telefon|nosotros)\b|\S@\S"
)

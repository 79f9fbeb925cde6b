"""What sites call their pages on themselves and their boards, and how such pages speak, in folded spelling."""

from __future__ import annotations

import re

LOGIN_TITLE = re.compile(
    r"(?:تسجيل|سجل) (?:ال)?دخول|^منطقه ال(?:اعضاء|مشتركين)$"
    r"|^(?:giris yap|uye girisi|oturum ac|se connecter|connexion)\b"
    r"|^(?:anmelden|einloggen|login erforderlich|iniciar sesion|inicia sesion|iniciar sessao|accedi|inloggen"
    r"|zaloguj sie|logowanie)\b"
    r"|^ورود (?:به|كاربر)"
    r"|^(?:ال)?دخول\b|تسجيل الدخول|\b(?:log|sign) ?in\b|^login\b|انشاء حساب|حسابي"
)
# The last part of its address.
LOGIN_ADDRESS = re.compile(
    r"^[^?#]*/(?:login|log-in|log_in|signin|sign-in|sign_in|connexion|anmelden|einloggen|giris|uye-girisi|acceso|entrar|accedi"
    r"|inloggen|logowanie)(?:\.\w{2,5})?/?(?:[?#]|$)",
    re.IGNORECASE,
)
# What one logs into, in a heading that asks for it.
ACCOUNT = re.compile(r"حساب|\b(?:account|konto|compte|cuenta|conta|hesab\w*|rekening)\b")
# Classes of <body> by which content systems name the page of somebody who works there.
PERSON_CLASSES = re.compile(
    r"(?:page-node-type|node-type|single)-{1,2}(?:person|staff(?:-member)?|employee|team[-_]member|faculty(?:-member)?"
    r"|staff[-_]profile|profile)"
)
# What stands beside a name, besides initials.
_BESIDE_NAME = """prof professor dr doctor phd md msc mba mr mrs ms ing mag dipl drs dott dra docteur lic hon
rev sir doc univ الدكتور الدكتوره دكتور دكتوره الاستاذ الاستاذه استاذ استاذه المهندس المهندسه مهندس الشيخ
القاضي المحامي"""
BESIDE_NAME = frozenset(_BESIDE_NAME.split())
# What JSON-LD states of somebody who can be found somewhere, and of no poet.
AT_WORK = frozenset(("worksFor", "affiliation", "email", "telephone", "memberOf"))
# The whole title of what a site says of itself and no story is called.
_POLICY = (
    r"(?:ال)?(?:سياسه|سياسات|شروط|قواعد|ضوابط|معايير|ميثاق|اتفاقيه|احكام|حقوق|وثيقه|اشعار) (?:ال)?(?:خصوصيه|نشر"
    r"|تحرير|تحريريه?|استخدام|موقع|تعليق(?:ات)?|خدمه|كوكيز|ملفات (?:تعريف )?الارتباط|ملكيه(?: الفكريه)?)"
    r"|(?:ال)?شروط و(?:ال)?احكام"
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
_POLICY = rf"(?:{_POLICY})(?: و(?:ال)?(?:خصوصيه|احكام|كوكيز|ملفات (?:تعريف )?الارتباط|نشر|{_POLICY}))*"
POLICY_TITLE = re.compile(_POLICY)
# And of what a story may be called that has a day or a writer.
SITE_PAGE_TITLE = re.compile(
    rf"(?:{_POLICY}|من نحن|نبذه عنا|تعرف علينا"
    r"|عن (?:ال)?(?:موقع|صحيفه|جريده|قناه|شبكه|بوابه|وكاله|مجله|موسسه)|(?:هييه|فريق|اسره) (?:ال)?(?:تحرير|عمل)"
    r"|روي(?:تنا|ه الموقع)(?: ورسالتنا)?"
    r"|(?:ال)?(?:سياسه|قواعد|ضوابط|ميثاق|مدونه|دليل) (?:ال)?(?:تصحيح|تصويب|مشاركه|شرف(?: الصحفي)?|سلوك(?: المهني)?"
    r"|شكاوي)"
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
    r"|(?:(?:جدول|نتايج) )?(?:ال)?مباريات (?:ال)?(?:يوم|امس|غد|غدا)|live ?scores?"
    r"|(?:today s )?(?:fixtures|matches)(?: and results)?"
    r"|tv (?:guide|listings|schedule)|programme tv|tv ?programm"
)
# Who plays whom and how it stands, or when: «سموحة 1 - 1 الاتحاد السكندري».
PAIRING = re.compile(r"(?<=[^\W\d_]\s)\d{1,2}\s?[-–:]\s?\d{1,2}(?=\s[^\W\d_])")
# What stands beside the site's own name in the title of a page on it.
ABOUT_SITE = re.compile(
    r"(?:تعريف|نبذه(?: مختصره)?|لمحه|معلومات|كلمه|قصه|هويه|رويه|رساله|من (?:هي|هو|نحن)|ما (?:هي|هو)|تعرف(?:وا)?|عن"
    r"|حول|about)"
    r"(?: (?:عن|حول|علي|في))?(?: (?:ال)?(?:موقع|صحيفه|جريده|قناه|شبكه|بوابه|وكاله|مجله|موسسه|منصه))?"
)
# Of what is played, counted or looked up on a page, where no text is told below it.
SERVICE_TITLE = re.compile(
    r"(?:ال)?بث (?:ال)?(?:مباشر|حي)(?: (?:لل?|من )?(?:ال)?(?:قناه|قنوات|تلفزيون|اذاعه|راديو)(?: \S+){0,3})?"
    r"|(?:شاهد|تابع|استمع)(?:وا)?(?: الي)? (?:ال)?(?:بث|قناه|اذاعه|راديو|تلفزيون)(?: \S+){0,4}"
    r"|(?:قناه|اذاعه|راديو|تلفزيون)(?: \S+){1,3} (?:بث )?(?:مباشره?|لايف|live)"
    r"|(?:جدول )?ترتيب (?:(?:فرق|هدافي|انديه) )?(?:ال)?(?:دوري|بطوله|فرق|هدافين|مجموعات)(?: \S+){0,3}"
    r"|(?:حاله )?(?:ال)?طقس(?: (?:اليوم|غدا|الان))?(?: في \S+(?: \S+)?)?|(?:ال)?نشره (?:ال)?جويه"
    r"|درجات الحراره(?: (?:اليوم|المتوقعه))?(?: في \S+(?: \S+)?)?"
    r"|حاسبه(?: \S+){1,4}|(?:محول|تحويل) (?:ال)?(?:عملات|تاريخ|تواريخ|وحدات)(?: \S+){0,3}"
    r"|live (?:tv|stream|radio|scores?)|(?:league )?standings|weather(?: forecast)?|currency converter"
)
# How a board speaks of itself above its table.
SPEAKS_OF_BOARD = re.compile(
    r"\b(?:هذه|هذا) (?:ال)?(?:لوحه|صفحه|جدول|خدمه|قايمه|اداه|نشره)\b"
    r"|\bthis (?:page|table|board|tool)\b|\b(?:cette page|ce tableau|diese (?:seite|tabelle))\b"
)
# What such a page says of itself, besides its title.
SPEAKS_OF_ITSELF = re.compile(
    r"\b(?:و|ب|ل|ف|في )?(?:موقعنا|صحيفتنا|جريدتنا|قناتنا|شبكتنا|بوابتنا|منصتنا|وكالتنا|مجلتنا|موسستنا"
    r"|خدماتنا|محتوانا|رسالتنا|رويتنا|بريدنا|مكاتبنا|قراينا|زوارنا|(?:ال|لل)(?:موقع|صحيفه|جريده|شبكه|بوابه|منصه|قناه"
    r"|وكاله|مجله|موسسه|نشره)"
    r"|هاتف|فاكس|بريد|ايميل|بيانات(?:ك|كم)|خصوصيت(?:ك|كم)|استخدام(?:ك|كم)|استفسارات(?:ك|كم)|اراي(?:ك|كم)"
    r"|we|our|us|you|your|email|phone|nous|notre|vous|votre|telephone|wir|unser\S*|telefon|nosotros)\b|\S@\S"
)

"""What sites ask of their readers in languages that are not Arabic: letters, channels, gifts, answers; what they have
changed in a text, in any.
"""

from __future__ import annotations

from extract.boilerplate.rules.rule import LEADING, LINE, NO_STOP, TRAILING, Form, rule

_LETTER = r"(?:newsletters?|infolettre|lettre d information|nieuwsbrief|boletin|boletim|bulten\w*)"
_BOX = (
    r"(?:(?:in|into|to) your (?:inbox|mailbox)|(?:ihr|dein) (?:e mail )?postfach|je (?:mailbox|inbox)|(?:tu|su) correo)"
)
_ORDERS = (
    r"abonnieren sie|melden sie sich|melde dich|jetzt anmelden|inscrivez vous|abonnez vous|suscribete|suscribase"
    r"|apuntate|inscribete|assine|inscreva se|cadastre se|iscriviti|iscrivetevi|meld je|schrijf je|abonneer je"
)
_ORDER = rf"(?:sign up|subscribe|{_ORDERS})"

_PIECE = r"(?:article|story|post|report|piece|page)"
_TEXT = r"(?:ال)?(?:خبر|مقال|مقاله|ماده|تقرير|تحقيق|موضوع|نص|حوار|تدوينه|صفحه)"
_THIS = rf"هذ[اه] (?:{_TEXT}|(?:ال)?قصه)"
# Behind words that also mean that something happened.
_CHANGE = r"(?:في|يوم|بتاريخ|الساعه) (?:\S+ ){0,3}?\d|ب?ل?(?:اضافه|تصحيح|تصويب|توضيح|تعديل|ادراج|حذف|بعد ورود)\b"
_NOTE = r"(?:(?:تصحيح|تصويب|توضيح|تنويه|استدراك|تحديث|ملاحظه|ملحوظه)(?: (?:ال)?(?:محرر|تحرير))? )"

# One of them stands in each plea below.
PLEA_WORDS = (
    "newsletter",
    "infolettre",
    "lettre d information",
    "nieuwsbrief",
    "boletin",
    "boletim",
    "bulten",
    "inbox",
    "mailbox",
    "postfach",
    "correo",
    "whatsapp",
    "telegram",
    "ko fi",
    "patreon",
    "coffee",
    "cafe",
    "kaffee",
    " you give",
    " you donate",
    " you chip in",
    "journalism",
    "as little as",
    " mistake",
    " error",
    "contributed to",
    "reported from",
    " standards",
    "forward looking",
    "zukunftsgerichtet",
    "prospetiv",
    "prospectiv",
    "buy now",
    "jetzt kaufen",
    "اشتر",
    "account",
    "mail address",
    "uygulama",
    "reach ",
    "live ",
    "assinante",
    "subscriber",
    "contact ",
    "تبرع",
    "مساهم",
    "دعمك",
    "اشتراكك",
    "قهو",
    "ادعم",
)

PLEAS_RULES = (
    rule(
        "promo.letter",
        Form.PLEA,
        # That one shall ask for it and where it is sent, in either order; what it is called, of an order that is ours.
        rf"\b{_ORDER}\b.{{0,120}}\b{_BOX}\b|\b{_BOX}\b.{{0,120}}\b{_ORDER}\b"
        rf"|\b(?:sign up|subscribe) (?:for|to) our (?:\S+ ){{0,4}}{_LETTER}\b"
        rf"|\b(?:{_ORDERS}|recevez)\b.{{0,60}}\b{_LETTER}\b"
        rf"|\b(?:unser|notre|nuestra|nostra|onze|nossa) {_LETTER}\b.{{0,80}}\b{_BOX}\b"
        rf"|\b{_LETTER}\b.{{0,40}}\b(?:abone olun|kaydolun|kayit olun)\b"
        rf"|\b{_LETTER}\b.*\b(?:sign up|subscribe) (?:here|now|today)$",
        LINE,
        removes="<p>Get the day’s headlines in your inbox at 7am with our free Briefing. Sign up here.</p>",
        spares="<p>The code arrives in your inbox within a minute; type it into the box and the account is yours.</p>",
        max_words=35,
    ),
    rule(
        "promo.channel",
        Form.PLEA,
        r"\b(?:join|follow) (?:our|us on) (?:\S+ ){0,3}(?:whatsapp|telegram)\b"
        # Also «goes on» in Spanish, but not as a line's first word.
        r"|^(?:sigue|siga|unete|suscribete|entra|participe|iscriviti|seguici)\b.{0,30}"
        r"\b(?:canal|canale|grupo|gruppo)\b.{0,40}\b(?:whatsapp|telegram)\b"
        r"|\b(?:en|no|nel|dans|sur|in|on) (?:nuestro|nosso|nostro|notre|unserem|our) (?:canale?|kanal|channel|grupo)"
        r" (?:de |di |von )?(?:whatsapp|telegram)\b|\b(?:whatsapp|telegram) (?:kanalimiz|grubumuz)\w*"
        r"|\b(?:suivez|rejoignez) (?:notre|nous sur) (?:\S+ ){0,3}(?:whatsapp|telegram)\b"
        r"|\b(?:folgen sie|abonnieren sie|folge) (?:\S+ ){0,4}(?:whatsapp|telegram) ?kanal\b",
        LINE,
        removes="<p>Sigue el canal de El Faro en WhatsApp y recibe las noticias en tu móvil</p>",
        spares="<p>La empresa cerró el canal de ventas que tenía en WhatsApp y ahora solo atiende por teléfono.</p>",
        max_words=25,
    ),
    rule(
        "promo.gift",
        Form.PLEA,
        r"\bif you (?:\S+ ){0,3}(?:enjoy|like|love)\w*\b.{0,80}\b(?:on|via) (?:ko fi|patreon|buymeacoffee)\b"
        r"|\b(?:you can|please|why not|consider) (?:\S+ ){0,2}buy(?:ing)? me a coffee\b"
        r"|\b(?:will|would) you (?:give|donate|chip in)(?: \S+){0,2} (?:today|now)$"
        r"|\b(?:si te (?:ha )?gust\w+|wenn (?:dir|euch|ihnen)|si vous (?:avez )?aime\w*)\b.{0,80}"
        r"\b(?:invitame a un (?:cafe|cafecito)|einen kaffee|(?:moi|nous) un cafe)\b",
        LINE,
        removes="<p>If you enjoy these posts, the hosting is paid for by lovely people on Ko-fi. You could be one.</p>",
        spares="<p>The band pays for its van on Patreon, where nine hundred people give what a pint costs.</p>",
        max_words=35,
    ),
    rule(
        "promo.journalism",
        Form.PLEA,
        r"\bfrom as little as (?:\S+ ){1,3}(?:a|per) (?:month|week|day)\b"
        r"|\b(?:support|fund|power|sustain|keep|rely on|believe in) "
        r"(?:our|quality|independent|local|trusted) (?:\S+ ){0,2}journalism\b"
        r"|\b(?:soutenez|unterstutzen sie|unterstutze) (?:\S+ ){0,2}journalism\w+",
        LINE,
        removes="<p>From as little as 2 pounds a month you can keep this paper open to everyone.</p>",
        spares="<p>The fund gives grants for local journalism, and the town’s paper has lived on one since 2019.</p>",
        max_words=35,
    ),
    rule(
        "promo.account",
        Form.PLEA,
        r"\b(?:creat(?:e|ing)|register(?:ing)? for|sign(?:ing)? up for) (?:a|an|your) (?:\S+ )?account\b"
        r".{0,60}\b(?:read|reading|journalism|articles?|stories|free)\b"
        r"|\benter your e ?mail(?: address)? (?:and|to|below|here)\b"
        r"|\buygulama\w* (?:\S+ ){0,3}(?:indir\w*|t[iı]kla\w*)",
        LINE,
        removes="<p>Enter your email address and we will send it every Thursday</p>",
        spares="<p>The page asked staff to enter your email address, the court heard, and most of them did so.</p>",
        max_words=35,
    ),
    rule(
        "promo.reporter",
        Form.PLEA,
        # Where the reporter can be found, below the text.
        r"^(?:you can )?(?:contact|reach|email) (?:\S+ ){1,4}?(?:at|on|via) .*"
        r"(?:\d{3}|\bcom\b|\borg\b|\bnet\b|\bexample\b|twitter|\bx\b|social media|bluesky|linkedin)"
        r"|\bcan be reached (?:at|on|via)\b",
        TRAILING,
        removes="<p>Contact Marcus Orell at 555-0139 or morell@almizan.example. Follow him on social media.</p>",
        spares="<p>Contact between the villages went by boat at that time, and on good days it took two of them.</p>",
        max_words=30,
    ),
    rule(
        "promo.first_elsewhere",
        Form.START,
        r"this (?:article|story|report) (?:first|originally) appeared (?:on|in) .*",
        TRAILING,
        removes="<p>This article originally appeared on Coast Tribune: Eastview 71, Harding 68</p>",
        spares="<p>This story first appeared in the mouths of fishermen, each of whom had seen the whale himself.</p>",
        max_words=30,
    ),
    rule(
        "promo.live_is_over",
        Form.PLEA,
        r"^(?:our|this|the) live (?:coverage|blog|page|updates?)\b.{0,40}"
        r"\b(?:has|have|is) (?:now )?(?:ended|concluded|closed)\b",
        LINE,
        removes="<p>Our live coverage has ended. Read more about the storm and its path here.</p>",
        spares="<p>Our live goats are not for sale, the farmer said when the market closed, and nor is the blog.</p>",
        max_words=25,
    ),
    rule(
        "promo.gift_link",
        Form.PLEA,
        r"\bassinantes? pode\w* (?:liberar|presentear)\b"
        r"|\bsubscribers? (?:\S+ ){0,2}can (?:gift|share)\b.{0,40}\b(?:articles?|stories|links?)\b",
        LINE,
        removes="<p>Gostou deste texto? Assinante pode liberar sete acessos gratuitos por dia.</p>",
        spares="<p>O assinante pode reclamar do jornal molhado, disse o carteiro, mas a chuva não lê reclamações.</p>",
        max_words=40,
    ),
    rule(
        "promo.buy",
        Form.PLEA,
        # The button of an offer, with its price or alone.
        r"\b(?:buy now|jetzt kaufen|اشتري? الان|اشتر(?:وا|ي)?ها? من)(?: \S+){0,3}$",
        NO_STOP,
        removes="<p>هاتف الواحة 11 اشترِ الآن 1,099 درهم</p>",
        spares="<p>كتب التاجر على الباب: اشتر الآن وادفع بعد العيد، فاصطف الناس حتى آخر الشارع منذ الصباح.</p>",
        max_words=14,
    ),
    rule(
        "promo.mistakes",
        Form.PLEA,
        r"\b(?:spot|find|found|see|notice)(?:ed)? (?:an?|any) (?:\S+ )?(?:error|mistake)s?\b.{0,60}"
        r"\b(?:let us know|tell us|e ?mail|write to|contact|report it)\b",
        LINE,
        removes="<p>If you spot an error, please let us know at desk@example.org.</p>",
        spares="<p>Auditors who found an error in the till wrote to the mayor, and the mayor wrote to the bank.</p>",
        max_words=40,
    ),
    rule(
        "byline.helped",
        Form.PLEA,
        r"\bcontributed (?:\S+ ){0,2}to this (?:report|story|article|piece)$",
        LINE,
        removes="<p>The Coast Wire contributed to this report.</p>",
        spares="<p>He reported from Aden for nine years, and contributed to this paper until the week he died.</p>",
        max_words=20,
    ),
    rule(
        "byline.reported_from",
        Form.PLEA,
        r"^(?:\S+ ){2,3}reported from (?!.*\b(?:that|for|until|when|since|as|who|which|after|before)\b)",
        LINE,
        removes="<p>Imke Tarrant reported from Pelham Neck, and Luis Behrendt from the capital.</p>",
        spares="<p>Imke Tarrant reported from Aden for nine years, until the paper closed its last office there.</p>",
        max_words=20,
    ),
    rule(
        "legal.standards",
        Form.PLEA,
        r"^our standards\b.{0,60}\b(?:principles|code|policy|guidelines)(?: opens (?:in )?(?:a )?new \S+)?$",
        TRAILING,
        removes="<p>Our Standards: The Coast Wire Trust Principles.</p>",
        spares="<p>Our standards were low, the coach said, and the principles of the club had been a poster.</p>",
    ),
    rule(
        "legal.outlook",
        Form.PLEA,
        r"\b(?:contains?|includes?) (?:\S+ ){0,3}forward looking (?:statements|information)\b"
        r"|\b(?:enthalt|enthalten) (?:\S+ ){0,3}zukunftsgerichtete\b|\bcontem (?:\S+ ){0,3}prospetivas\b"
        r"|\bcontient (?:\S+ ){0,3}prospectives\b|\bcontiene (?:\S+ ){0,3}prospectivas\b",
        TRAILING,
        removes="<p>This release contains forward-looking statements that involve risks.</p>",
        spares="<p>The plan contains forward-looking statements about rain, a farmer said, and no pumps.</p>",
        max_words=60,
    ),
    rule(
        "control.was_it_helpful",
        Form.LINE,
        r"(?:was|did you find) this (?:page|article|information|answer|content|story) (?:helpful|useful)"
        r"|war(?:en)? (?:dieser (?:artikel|beitrag)|diese (?:seite|information(?:en)?)) hilfreich"
        r"|(?:cet article|cette page) vous a t (?:il|elle) (?:ete utile|aidee?)"
        r"|(?:te|le) ha (?:sido|resultado) util(?: \S+){0,3}|heeft (?:dit|deze) \S+ (?:u|je) geholpen",
        LINE,
        removes="<p>Was this article helpful?</p>",
        spares="<p>Was this article helpful to the court? The judge asked it twice, and nobody had an answer.</p>",
    ),
    rule(
        "promo.corrected",
        Form.START,
        rf"(?:(?:(?:up)?dated?|correction|clarification|editor s note)(?: \S+ \d{{1,2}}(?: 20\d\d)?)? )?"
        rf"(?:this {_PIECE} (?:was|has been) (?:\S+ ){{0,2}}(?:amended|corrected|clarified"
        rf"|updated(?=$| (?:on|at|to|with|after)\b))|an? (?:earlier|previous|original) version of this {_PIECE})\b.*"
        r"|cet(?:te)? (?:article|depeche) a ete (?:\S+ ){0,2}(?:mise? a jour|modifiee?|corrigee?|actualisee?)\b.*"
        r"|dieser (?:artikel|text|beitrag) (?:wurde|ist) (?:\S+ ){0,6}(?:aktualisiert|korrigiert|erganzt)\b.*"
        r"|in einer (?:fruheren|ersten) (?:version|fassung) (?:dieses|des) (?:artikels|textes|beitrags)\b.*"
        r"|est[ea] (?:articulo|noticia|nota) (?:fue|ha sido) (?:\S+ )?(?:actualizad|corregid|modificad)[oa]\b.*"
        r"|est[ea] (?:artigo|noticia|reportagem|materia) foi (?:\S+ )?(?:atualizad|corrigid)[oa]\b.*"
        r"|quest[oa] (?:articolo|notizia) e stat[oa] (?:aggiornat|corrett|modificat)[oa]\b.*"
        r"|dit (?:artikel|bericht) is (?:\S+ ){0,4}(?:bijgewerkt|aangepast)\b.*"
        r"|bu (?:haber|yazi) (?:\S+ ){0,4}guncellen\S+.*",
        TRAILING,
        LEADING,
        removes="<p>This article was amended at 2pm to correct the number of piers affected.</p>",
        spares="<p>This report was never corrected, and it hangs in the office of the man who wrote it.</p>",
        max_words=60,
    ),
    rule(
        "promo.changed",
        Form.START,
        rf"{_NOTE}?(?:تمت?|جري) (?:تحديث|تعديل|تصحيح|تصويب|تنقيح) {_THIS}\b.*"
        rf"|{_NOTE}?(?:حدثت?|عدلت?|صححت?|صوبت?|نقحت?) هذ[اه] {_TEXT} (?:{_CHANGE}).*"
        rf"|{_NOTE}?(?:اضيفت?|اضفنا) (?:\S+ ){{0,6}}?الي {_THIS}\b.*"
        rf"|{_NOTE}?(?:ذكرت?|وردت?|جاءت?|قالت|اشارت|تضمنت)(?: في)? (?:ال)?نسخه (?:ال)?(?:سابقه|اوليه?) من {_THIS}\b.*"
        rf"|(?:اعيد نشر|نعيد نشر) {_THIS}\b.*|نشرت? {_THIS} (?:اول مره|اولا|للمره الاولي)\b.*"
        rf"|{_THIS} (?:محدثه?|منقحه?|معدله?) (?:{_CHANGE}).*|(?:ملاحظه|ملحوظه) (?:ال)?(?:محرر|تحرير)\b.*{_THIS}\b.*",
        TRAILING,
        LEADING,
        removes="<p>حُدّثت هذه المادة في 13 آذار لإضافة رابط الحاسبة</p>",
        spares="<p>حدثت هذه القصة في قرية صغيرة قبل أن يولد الراوي بعام، ولم يبق ممن شهدوها إلا حارس الطاحونة.</p>",
        max_words=60,
    ),
)

"""Words that tell a person's name from a desk, an outlet or a place, in folded spelling."""

from __future__ import annotations

import re

_DESK = """لشوون تحرير التحرير محرر المحرر محررو محرري المحررين محررون قسم القسم قسمي هييه فريق اداره الاداره ادمن
الادمن مشرف المشرف مدير المدير رييس موقع الموقع بوابه البوابه جريده الجريده صحيفه الصحيفه شبكه
الشبكه قناه القناه وكاله الوكاله وكالات متابعات متابعه متابعات مراسلو مراسلون مراسلين مراسلنا
مراسلتنا غرفه الاخبار اخبار الاخباري الاخباريه نيوز برس اونلاين اون لاين الان اليوم ابلود الابلود
جامعه الجامعه كليه الكليه دكتوراه ماجستير عضو عضوه
رافع ناشر الناشر النشر خاص الخاص رصد ترجمه ترجمات مصدر المصدر المصادر سوشيال ميديا
ديجيتال الكتروني الالكتروني الالكترونيه الاعلام الاعلامي الاعلاميه الصحفي مجله المجله راديو اذاعه
تلفزيون تليفزيون التلفزيون مركز المركز مؤسسه موسسه لجنه عربي العربي العربيه الدولي الدوليه نت كوم
وزاره بيان منصه ارشيف اقل زاير زوار admin administrator editor editors editorial desk news newsroom staff team
author user webmaster root super superadmin online web website uploader upload agency agencies press
media tv wire newswire channel guest moderator support system publisher wordpress com net org www http https
content digital article information contributor reporter correspondent writer unknown anonymous test مشاهده مشاهدات
مرات المشاهده المشاهدات القراءات معلومات المقال المقاله الزيارات التسميات تسميات الوسوم
قراءه تعليق تعليقات شارك مشاركه المزيد مقالات مقاله جميع كل الكل عرض تابع منذ دقيقه دقايق ساعه ساعات
يوم ايام اسبوع شهر صباحا مساء غير معروف مجهول تفاصيل الخبر خبر عاجل رييسي الرييسيه
x twitter facebook instagram youtube telegram whatsapp linkedin email send follow تويتر فيسبوك فيس انستغرام انستجرام
يوتيوب واتساب واتس تلغرام تيليجرام تيلقرام لينكدان لينكدين بريد بريدا البريد ايميل الايميل الكترونيا رساله حساب صفحه"""
DESK_WORDS = frozenset(_DESK.split())
# Words of sentences that stand in no name.
_SENTENCE = """في الي عن تحت بعد قبل ضد بين لم لن لا قد انه انها هذا هذه حتي عبر خلال مع او ثم التي الذي الذين كيف هل
لماذا ليس ليست كان كانت له لها وله ولها لديه لديها صدر صدرت حاصل حاصله حايز حايزه مقيم مقيمه يعمل تعمل يكتب تكتب
ولدت درس درست عملت نال نالت مواليد of lives writes is was based"""
SENTENCE_WORDS = frozenset(_SENTENCE.split())
# Whose page, address or other texts a link leads to: «راسل الكاتب», not «سامي الكاتب».
CALLED_WRITER = frozenset(["الكاتب", "الكاتبه", "المولف", "الصحفي", "الصحفيه", "المحرر", "المحرره"])

# Words between label and name, or before the name.
_LABEL_WORDS = """كتب كتبت كتبه كتبته كتبها كتبوا المجيب المفتي المحاضر خبرنگار نويسنده بقلم تحرير حوار حاوره حاورته
حاورها حاورتها حاورهما حاورهم تقرير اعداد اعد اعده اعدته اعدت تحقيق ترجمه ترجمها محرر المحرر المحرره الكاتب الكاتبه
بواسطه مرسله ارسلت متابعه تغطيه رصد الصحفي الصحفيه الاعلامي الاعلاميه تاليف من by author المولف الناشر خاص نص texte
قراءه كتابه التقرير الخبر المقال وكتب وكتبت von par por autor autorin auteur door af text words story"""
_REPORTERS = (
    """مراسل مراسله المراسل المراسله مراسلنا مراسلتنا موفد موفده موفدنا موفدتنا مندوب مندوبه مندوبنا مندوبتنا"""
)
_LABELS = "|".join(f"{_LABEL_WORDS} {_REPORTERS}".split())
# Behind these stand the outlet and the place before the name.
REPORTER = re.compile("|".join(_REPORTERS.split()))
# Who put the text on the site, where nobody else is named.
PUBLISHED_BY = r"(?:تم )?(?:(?:ال)?نشرت?|نشره|نشرها|اضيفت?|ادرجت?) (?:بواسطه|من قبل|من طرف)"
WRITTEN_BY = (
    r"(?:written|posted|reported) by|(?:ecrit|redige|publie) par|(?:publicado|escrito|postado) por"
    r"|(?:pubblicato|scritto) da|(?:geschrieben|veroffentlicht|eingestellt) von|(?:geschreven|gepost) door"
    r"|(?:skrevet|skriven|postet) av"
)
BYLINE_LABEL = re.compile(
    rf"^(?:(?:{_LABELS}|بعثت? بها?|[تي]جيب (?:عنه|عنها|عليه|عليها)"
    rf"|{WRITTEN_BY}|{PUBLISHED_BY}"
    r"|(?:اجري|اجرت|اجراه|اجرته|اجراها|اجرتها) (?:اللقاء|المقابله|الحوار|الحديث)|التقاه|التقته|التقاها"
    r"|(?:تصوير|عدسه|صور) و(?:نص|تقرير|كتابه|تحرير|اعداد))\b ?)+"
)
# Labels whose value is a person who did not write the text.
NOT_A_WRITER = re.compile(
    r"^(?!\S+ و(?:تقرير|كتابه|نص|حوار|تحرير|اعداد|تحقيق|كلمات)\b)"
    r"(?:تصوير|صور|عدسه|مونتاج|اخراج|تصميم|رسوم|كاريكاتير|photos?|اشراف|مراجعه|راجعه|راجعته|راجعها|دققه|دققته|تدقيق|رييس|مدير|نايب|المشرف|مشرف"
    r"|الاشراف)\b"
)
# «راجعته طبيا: د. سلمى الخطاط»
REVIEWED = re.compile(r"(?:^|\s)(?:راجع|دقق)(?:ه|ته|ها)\b")
# Behind it stands whoever brought a text of somebody else into Arabic.
TRANSLATION = re.compile(r"(?:^|\s)و?(?:ال)?(?:ترجمه|ترجمها|ترجمته|تعريب|عربه|عربها|نقلها? الي العربيه)\b")
_TITLE_WORDS = """دكتور دكتوره الدكتور الدكتوره استاذ الاستاذ الاستاذه مهندس المهندس المهندسه اللواء لواء العميد عميد
المستشار مستشار الشيخ السفير السيد السيده د ا م dr mr mrs prof"""
TITLES = re.compile(rf"^(?:(?:ا د|{'|'.join(_TITLE_WORDS.split())}) )+")
_PLACES = """بيت لحم، خان يونس، ابو ظبي، كفر الشيخ، شرم الشيخ، بني سويف، دير الزور، رام الله، راس الخيمه، ام القيوين،
بور سعيد، الدار البيضاء، شمال سيناء، جنوب سيناء، الوادي الجديد، البحر الاحمر، بني غازي، تل ابيب،
سان فرانسيسكو، لوس انجلوس، مكه المكرمه، المدينه المنوره، حفر الباطن، القدس المحتله، غزه المحاصره، نيو يورك،
البحر الميت، كوالا لمبور، سيدي بوزيد، الامم المتحده، كوم امبو، المحله الكبري، الاراضي المحتله"""
PLACES = frozenset(place.strip() for place in _PLACES.split("،"))
# Words of a date line. Months and weekdays that are names of persons too (رجب, الخميس) are not among them.
_DATE_NOUNS = """تحديث التحديث اخر نشر النشر تاريخ التاريخ الساعه توقيت بتوقيت دقيقه دقايق للقراءه قراءه القراءه منذ
يناير فبراير مارس ابريل مايو يونيو يونيه يوليو يوليه شوال جمادي القعده الحجه اغسطس سبتمبر اكتوبر نوفمبر ديسمبر كانون
شباط اذار نيسان ايار حزيران تموز ايلول تشرين جانفي فيفري افريل جوان جويليه غشت شتنبر نونبر دجنبر january
february march april june july august september october november december"""
DATE_NOUNS = frozenset(_DATE_NOUNS.split())
_SHORT_MONTHS = "jan feb mar apr jun jul aug sep sept oct nov dec"  # names too, but before a day
SHORT_MONTHS = frozenset(_SHORT_MONTHS.split())
WEEKDAYS = frozenset(["الاحد", "الاثنين", "الثلاثاء", "الاربعاء", "الخميس", "الجمعه", "السبت"])
# The link behind a writer's name: «المزيد من مقالات الكاتب».
WRITERS_PAGE = re.compile(
    r"(?:(?:ال)?مزيد من |كل |جميع |باقي |بقيه )?(?:مقالات|كتابات|مواضيع|موضوعات|اعمال|تقارير) (?:اخري )?"
    r"(?:ال|لل)(?:كاتب|كاتبه|صحفي|صحفيه)(?: نفسه| نفسها)?"
)
# Addresses of a writer's own page.
AUTHOR_LINK = re.compile(
    r"/(?:authors?|auteurs?|autor(?:en|es|e|i)?|writers?|columnists?|journalists?|reporters?|kuttab|katib|bylines?|muhabir"
    r"|yazar(?:lar)?|firmas?|redakteure?)(?:[/?=]|\.\w)",
    re.IGNORECASE,
)
# Class words of the element that holds the writer's name.
_AUTHOR_CLASSES = """author authors byline bylines writer writers writeby wrote reporter journalist editor editors
publisher creator katib kateb auth auteur auteurs autor autores autoren autore autori autorin redakteur verfasser firma
firmas firmante signature muhabir yazar penname authorname authorinfo authordetails"""
AUTHOR_CLASSES = frozenset(_AUTHOR_CLASSES.split())
# Of an element within a line: an editor or a publisher may stand beside the writer.
WRITER_CLASSES = AUTHOR_CLASSES - {"editor", "editors", "publisher", "creator", "auth"}
# Two words with capitals beside a day are a section where one of these is among them.
_SECTION_WORDS = """
news world politics political business economy economic finance financial markets market money sport sports football
cricket rugby racing culture cultural arts art books book film films movies music theatre tv television media
science sciences health healthcare medical medicine technology tech digital gadgets environment climate energy
travel food drink recipes lifestyle life style fashion beauty home homes property real estate garden gardening
education university campus research report reports press release releases statement blog blogs post posts article
articles opinion comment analysis review reviews interview interviews feature features story stories profile long
read guide guides how tips events event local national international global regional city county state district
north south east west united kingdom states europe european america american africa african asia asian middle street
road avenue new york london washington rights human public affairs policy law legal crime courts court police
security defence defense military war foreign domestic family parenting relationships religion faith history
heritage architecture design photography video podcast podcasts breaking latest top editor editors desk team council
government department ministry office service group company corporation limited inc ltd foundation institute centre
center association society committee commission agency product products case study studies insights resources
newsroom updates announcements announcement general uncategorized actualite actualites monde politique economie
societe culturelle sante cultura politica economia sociedad sociedade deportes esportes salud saude noticias
nachrichten wirtschaft politik kultur gesellschaft wissenschaft gesundheit leben nieuws cronaca esteri attualita
project projects management marketing development engineering programming software web mobile data machine learning
artificial intelligence cloud career careers leadership strategy sales investing personal mental social customer
success productivity startup startups space nature animals wildlife weather gaming games photo photos videos"""
SECTION_WORDS = frozenset(_SECTION_WORDS.split())
# Of the element that says what the writer does.
OCCUPATION_CLASSES = frozenset(("job", "role", "position", "occupation"))

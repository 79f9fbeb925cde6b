"""How a site speaks to who opened its page, and how a story is told, in folded spelling. For one sentence each."""

from __future__ import annotations

import re

_PAGE = (
    r"(?:صفحه|خبر|مقال|مقاله|موضوع|رابط|عنوان|موقع|محتوي|ماده|ملف|مقطع|منتدي|قسم|خدمه|نموذج|استطلاع|تصويت|اداه|تطبيق"
    r"|متصفح)"
)
# A sentence that somebody is said to have said or done is a story's, whatever it speaks of.
TOLD = re.compile(
    r"\b[وف]?(?:قال(?:ت|وا)?|[يت]قول(?:ون)?|قايل(?:ا|ه|ين)|اعلن(?:ت|وا)?(?! معنا| لدينا| هنا)|اكدت|اكد ان|اكدوا"
    r"|موكد(?:ا|ه)|اضاف(?:ت|وا)?"
    r"|اوضح(?:ت|وا)?|ذكرت|افاد(?:ت|وا)?|كشفت|اشار(?:ت|وا)?|قرر(?:ت|وا)?|حذر(?:ت|وا)?|دعت|طالب(?:ت|وا)?|نشرت|صرح(?:ت)?"
    r"|نفت|نددت|ادان(?:ت)?|تعرض(?:ت)?|اوقفت|اتهم(?:ت|وا)?|انتقد(?:ت|وا)?|اشتك(?:ي|ت|وا)|فوجي|زعم(?:ت|وا)?|ابلغ(?:ت"
    r"|وا)?"
    r"|بحسب|نقلا عن|وفقا? ل?(?:ما|بيان|مصدر|مصادر|وكاله|شهود)|علي حد قول"
    r"|says?|said|told|announced|according to|reported|a (?:dit|declare|annonce)|selon|sagte|laut|teilte|dijo|segun"
    r"|disse|secondo|segundo|zei|volgens|dedi|soyledi|acikladi)\b"
)
# A word for who reads the page, for what it was opened with, or for the site itself; a plea; an apology.
TO_READER = re.compile(
    r"\b[وف]?(?:"
    rf"هذ[اه] (?:ال)?{_PAGE}|عزيز(?:ي|تي|نا) (?:ال)?(?:زاير|عضو|مستخدم|متصفح|مشترك)\w*"
    r"|(?:عذرا|عفوا|معذره|نعتذر|ناسف|اسف(?:ون|ين))(?! لقراي?نا)|يرجي|الرجاء|نرجو|برجاء|رجاء|من فضل(?:ك|كم)"
    r"|ان(?:ت|ك|كم|تم)|ل(?:ك|كم|ديك|ديكم)|لست|علي(?:ك|كم)|يمكن(?:ك|كم)|بامكان(?:ك|كم)"
    r"|ال(?:ذي|تي) طلبت(?:م?وه?ا?|ه|ها)?(?: \S+)?(?= (?:ربما|قد|لم|تم|غير|محذوف)|$)|تحاول(?:ون)?|تبحث(?:ون)?"
    r"|تتبع(?:ه|ون)?"
    r"|[بل]?(?:متصفح|بحث|طلب|حساب|جهاز|اشتراك|بريد|زيارت|خصوصيت|موافقت|بيانات|تفضيلات|عضويت|تصويت|مشاركت|وصول|عمر"
    r"|تفهم|صبر|انتباه|انتظار|اهتمام|رابط|عنوان)(?:ك|كم)"
    r"|نحن و?شركا\w*|شركا(?:و|ي)نا|موقعنا|صفحاتنا|زوارنا|خدماتنا|لدينا|معنا"
    r"|(?:ن|سن)(?:ستخدم|عمل|قوم|جري|عود|حترم|قدر|هتم|سعي|حتاج|طلب)|لم (?:نتمكن|نعثر|نجد)|لا (?:نستطيع|نجد)|تعذر علينا"
    r"|(?:يستخدم|تستخدم) (?:ال)?(?:موقع|صفحه) (?:ملفات|الكوكيز|كوكيز)"
    r"|(?:حاول(?:وا|ي)?|جرب(?:وا|ي)?) (?:مره|مجددا|لاحقا|ثانيه|البحث|تحديث|استخدام|كلمات|بكلمات|الضغط|العوده|تغيير|من)"
    r"|(?:عد|عودوا|ارجع|العوده) الي (?:ال)?(?:صفحه|رييسيه)|اعد (?:ال)?(?:محاوله|تحميل|كتابه)|اعاده (?:ال)?(?:محاوله"
    r"|تحميل)"
    r"|(?:اضغط|انقر|اختر)(?:وا|ي)?|تاكد(?:وا)? من (?:ان|كتابه|صحه|العنوان|الرابط)|(?:اشترك|سجل)(?:وا)? (?:الان|مجانا"
    r"|لقراءه|لمتابعه)"
    r"|(?:تفعيل|تشغيل|تمكين) (?:ال)?(?:جافا|java|javascript|ملفات|كوكيز)|ابلاغ الاداره|مدير الموقع"
    r"|you|your|we|our|us|please|sorry|oops|this (?:page|site|website|article|content|story|link|domain)|try again"
    r"|visitor"
    r"|vous|votre|vos|nous|notre|cette page|cet article|ce (?:site|contenu)|desole|veuillez"
    r"|ihne?n?|ihren?|wir|uns|unsere?|bitte|diese (?:seite|website)|dieser artikel|leider"
    r"|usted|esta pagina|este (?:sitio|articulo|contenido)|lo sentimos|por favor"
    r"|este (?:site|artigo)|desculpe|questa pagina|questo (?:sito|articolo)|spiacenti"
    r"|deze pagina|uw|helaas|lutfen|bu (?:sayfa|site|icerik|haber)|uzgunuz|aradiginiz|شما|لطفا|اين (?:صفحه|مطلب))\b"
)
# What is said to nobody but who opened this page.
TO_VISITOR = re.compile(
    rf"\bهذ[اه] (?:ال)?{_PAGE}\b|عزيز(?:ي|تي|نا) (?:ال)?(?:زاير|عضو|مستخدم|متصفح|مشترك)"
    r"|\b[بل]?(?:متصفح|طلب|حساب|بريد|جهاز)(?:ك|كم)\b|(?:ال)?محاوله (?:لاحقا|مره|مجددا|من جديد|بعد)|ابلاغ الاداره"
    r"|اعد المحاوله"
    r"|(?:شكرا|نشكركم) (?:ل|علي )(?:مشاركت|تصويت|زيارت|تواصل)(?:ك|كم)|\bعمر(?:ك|كم) (?:فوق|اكبر|اكثر|يزيد|يتجاوز)"
)
# How a button begins that asks for money or a name; and one of a shop.
ASKS_TO_JOIN = re.compile(
    r"(?:ادعم(?:وا|ي|نا|ونا)?|ساهم(?:وا|ي)?|تبرع(?:وا|ي)?|انضم(?:وا|ي)?|اشترك(?:وا|ي)?|كن (?:عضوا|داعما|شريكا)"
    r"|join|donate|subscribe|become (?:a|an) (?:member|supporter|subscriber|patron)|support (?:us|our|the)|contribute"
    r"|give (?:now|today|monthly)|chip in|je (?:donne|m abonne|soutiens)|faire un don|soutenez|devenez membre"
    r"|abonnez vous|(?:jetzt )?(?:spenden|unterstutzen|abonnieren|mitglied werden)|suscribete|unete|haz(?:te)? soci[oa]"
    r"|dona|apoya|assine|apoie|abbonati|sostieni(?:ci)?|doneer|steun|word (?:lid|donateur)|bagis yap|abone ol)\b"
)
ASKS_TO_BUY = re.compile(
    r"(?:(?:اضف|اضيفي|اضافه) (?:الي|ل) ?(?:ال)?(?:سله|عربه|حقيبه)|اشتر(?:ي|وا|ه|ها)?|اطلب(?:ي|ه|ها)?|احجزي?"
    r"|تسوقي?|اقتن(?:ي|وا)?|add to (?:cart|basket|bag)|buy|shop|(?:pre )?order|ajouter au panier|acheter|commander"
    r"|in den warenkorb|(?:jetzt )?(?:kaufen|bestellen)|anadir al carrito|comprar|acquista|aggiungi al carrello|bestel"
    r"|sepete ekle|satin al)\b"
)
# What pages and what stands on them are called.
OF_A_TEXT = re.compile(r"\b[وبل]?(?:ال)?(?:مقال|مقاله|محتوي|ماده|خبر|تقرير|نص|قراءه|صفحه|موقع|عدد|ارشيف|تحليل|تحقيق)\b")
# What an error is called, of which a headline beside it says nothing more.
_ERROR_WORDS = """خطا رقم صفحه الصفحه رابط الرابط خبر الخبر المقال المحتوي الموقع غير موجود موجوده متاح متاحه متوفره
المطلوب المطلوبه التي الذي تبحث عنها عنه طلبتها هذه هذا عذرا عفوا نعتذر ناسف تنبيه لم لا يتم تم العثور علي نعثر نجد
هنا في من الي او حاليا موقتا
error errors page not found the this http oops sorry forbidden access denied code of for your a is"""
ERROR_WORDS = frozenset(_ERROR_WORDS.split())

"""What sites ask of their readers in languages that are not Arabic: letters, channels, gifts, answers; corrections."""

from __future__ import annotations

from extract.boilerplate.rules.rule import LINE, TRAILING, Form, rule

_LETTER = r"(?:newsletters?|infolettre|lettre d information|nieuwsbrief|boletin|boletim|bulten\w*)"
_BOX = (
    r"(?:(?:in|into|to) your (?:inbox|mailbox)|(?:ihr|dein) (?:e mail )?postfach|je (?:mailbox|inbox)|(?:tu|su) correo)"
)
_ORDERS = (
    r"abonnieren sie|melden sie sich|melde dich|jetzt anmelden|inscrivez vous|abonnez vous|suscribete|suscribase"
    r"|apuntate|inscribete|assine|inscreva se|cadastre se|iscriviti|iscrivetevi|meld je|schrijf je|abonneer je"
)
_ORDER = rf"(?:sign up|subscribe|{_ORDERS})"

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
        rf"|\b{_LETTER}\b.{{0,40}}\b(?:abone olun|kaydolun|kayit olun)\b",
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
        r"this (?:article|story|post|report|piece) (?:was|has been) (?:\S+ ){0,2}(?:amended|corrected)\b.*"
        r"|an earlier version of this (?:article|story|post|report|piece)\b.*",
        TRAILING,
        removes="<p>This article was amended at 2pm to correct the number of piers affected.</p>",
        spares="<p>This report was never corrected, and it hangs in the office of the man who wrote it.</p>",
        max_words=60,
    ),
)

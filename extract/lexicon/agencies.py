"""News agencies: the name that is stored, and how bylines and datelines spell it (folded)."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Agency:
    """One agency. `pattern` is matched against folded text as whole words."""

    name: str
    spellings: str
    pattern: re.Pattern[str]


def _agency(name: str, spellings: str) -> Agency:
    return Agency(name, spellings, re.compile(rf"(?<!\S)(?:وكاله (?:انباء )?(?:ال)?)?(?:{spellings})(?!\S)"))


AGENCIES: tuple[Agency, ...] = (
    _agency("رويترز", "رويترز|رويتر|reuters"),
    _agency("أ ف ب", "ا ف ب|اف ب|فرانس برس|الفرنسيه|afp"),
    _agency("أسوشيتد برس", "ا ب|اسوشيتد برس|اسوشيتدبرس|الاسوشيتد برس|ap|associated press"),
    _agency("د ب أ", "د ب ا|الانباء الالمانيه|الالمانيه|dpa"),
    _agency("أ ش أ", "ا ش ا|اش ا|انباء الشرق الاوسط|الشرق الاوسط للانباء|mena"),
    _agency("الأناضول", "الاناضول|اناضول|anadolu|aa"),
    _agency("وفا", "وفا|wafa"),
    _agency("بترا", "بترا|petra|الانباء الاردنيه"),
    _agency("واس", "واس|spa|الانباء السعوديه"),
    _agency("وام", "وام|wam|انباء الامارات"),
    _agency("كونا", "كونا|kuna|الانباء الكويتيه"),
    _agency("قنا", "قنا|qna|الانباء القطريه"),
    _agency("بنا", "بنا|bna|انباء البحرين"),
    _agency("العمانية", "العمانيه|الانباء العمانيه|ona"),
    _agency("سبأ", "سبا|سبانت|saba"),
    _agency("سانا", "سانا|sana"),
    _agency("واع", "واع|ina|الانباء العراقيه"),
    _agency("الوكالة الوطنية للإعلام", "الوكاله الوطنيه للاعلام|الوطنيه|nna"),
    _agency("وات", "وات|tap|تونس افريقيا للانباء"),
    _agency("واج", "واج|aps|الانباء الجزائريه|الانباء الجزاءريه"),
    _agency("و م ع", "و م ع|ومع|map|المغرب العربي للانباء"),
    _agency("وال", "وال|lana|الانباء الليبيه"),
    _agency("سونا", "سونا|suna|السودان للانباء"),
    _agency("صونا", "صونا|sonna|الانباء الوطنيه الصوماليه"),
    _agency("و م أ", "و م ا|الموريتانيه للانباء"),
    _agency("شينخوا", "شينخوا|xinhua"),
    _agency("سبوتنيك", "سبوتنيك|sputnik"),
    _agency("تاس", "تاس|tass|ايتار تاس"),
    _agency("إفي", "افي|efe"),
    _agency("يونايتد برس", "يو بي اي|يونايتد برس|upi"),
    _agency("بلومبرغ", "بلومبرغ|بلومبرج|bloomberg"),
    _agency("CNN", "cnn"),
    _agency("وكالات", "وكالات|الوكالات|وكالات الانباء|وكالات انباء|agencies"),
)
AGENCY = _agency("", "|".join(agency.spellings for agency in AGENCIES)).pattern.pattern
